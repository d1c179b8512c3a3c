//! Stories: each folder of `fixtures/dav` is a client at work on a fresh store, request by request.
//!
//! `NNN-topic.request` is sent, and the answer must mean what `NNN-topic.response` says. A new request gets its
//! response written by `CALDAV_WRITE_MISSING=1`, to be read before it is committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use caldav::method::handle;
use caldav::site::Site;

use crate::{message, seed};

#[tokio::test]
async fn every_story_answers_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dav");
    let mut faults = Vec::new();
    let stories = entries(&root);
    assert!(stories.len() >= 10, "{stories:?}");
    for story in stories {
        tell(&story, &mut faults).await;
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}

async fn tell(story: &Path, faults: &mut Vec<String>) {
    let store = seed::store().await;
    let stems: BTreeSet<PathBuf> = entries(story).iter().map(|file| file.with_extension("")).collect();
    for stem in stems {
        let name = stem.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&stem).display();
        let Ok(request) = fs::read_to_string(stem.with_extension("request")) else {
            faults.push(format!("{name}: a response without its request"));
            continue;
        };
        let response = handle(&store, &Site::new("/dav/"), seed::CALLER, message::request(&request)).await;
        let file = stem.with_extension("response");
        match fs::read_to_string(&file) {
            Ok(expected) => {
                faults.extend(message::check(&expected, &response).err().map(|fault| format!("{name}: {fault}")));
            }
            Err(_) if std::env::var_os("CALDAV_WRITE_MISSING").is_some() => {
                fs::write(&file, message::write(&response)).unwrap();
            }
            Err(_) => {
                faults.push(format!("{name}: no expected response; the answer was\n{}", message::write(&response)))
            }
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
