//! The documents say what the program does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/ARCHITECTURE.md",
    "docs/configuration.md",
    "docs/live.md",
    "docs/mail-in.md",
    "docs/meeting-links.md",
    "docs/on-your-site.md",
    "docs/performance.md",
    "docs/proofs.md",
    "docs/running.md",
];

#[test]
fn every_setting_is_documented_and_every_documented_one_exists() {
    let error =
        openhour::config::load([("OPENHOUR_NO_SUCH_SETTING".to_owned(), String::new())]).unwrap_err().to_string();
    let (_, known) = error.split_once("settings are: ").unwrap();
    let known: BTreeSet<&str> = known.split(',').map(str::trim).collect();
    let text = read("docs/configuration.md");
    let documented: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|rest| rest.split('`').next()).collect();
    assert_eq!(documented, known);
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for document in DOCUMENTS {
        let text = read(document);
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let target = rest.split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let path = root().join(document).parent().unwrap().join(target);
            assert!(path.exists(), "{document} links to {target}");
        }
    }
}

#[test]
fn paths_in_the_documents_exist() {
    for document in DOCUMENTS {
        let text = read(document);
        for quoted in text.split('`').skip(1).step_by(2) {
            let looks = ["src/", "caldav/", "tests/", "docs/", "scripts/", "migrations/", "fixtures/"];
            let path = quoted.split_whitespace().next().unwrap_or_default();
            if looks.iter().any(|start| path.starts_with(start)) && !path.contains("NNNN") && !path.contains(':') {
                assert!(root().join(path).exists(), "{document} mentions {path}");
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}
