//! Arrows point down only: each folder of `src/` uses the ones below it and none above. A new folder needs a place here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. Folders of one line know nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["clock", "http_client", "language"],
    &["keys"],
    &["db"],
    &["config"],
    &["jobs", "audit", "oidc"],
    &["people"],
    &["teams"],
    &["schedules"],
    &["calendars"],
    &["availability"],
    &["booking"],
    &["invitations"],
    &["desk"],
    &["surface"],
    &["mail", "meeting_links", "sources", "feeds"],
    &["mail_in"],
    &["own_data"],
    &["web", "api", "dav"],
    &["live"],
    &["worker"],
    &["server"],
    &["demo"],
    &["cli"],
];

/// What the protocol library must not know: databases, sockets, runtimes.
const NOT_IN_CALDAV: &[&str] = &["tokio", "sqlx", "hyper", "hyper-util", "lettre", "openhour"];

#[test]
fn lower_folders_know_nothing_of_those_above() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in rust_files(&root) {
        let relative = file.strip_prefix(&root).unwrap();
        let folder = folder_of(relative);
        if matches!(folder.as_str(), "lib" | "main") {
            continue;
        }
        let Some(own) = layer(&folder) else {
            wrong.push(format!("src/{}: `{folder}` has no place in LAYERS", relative.display()));
            continue;
        };
        for used in crate_uses(&fs::read_to_string(&file).unwrap()) {
            seen += 1;
            match layer(&used) {
                _ if used == folder => {}
                Some(other) if other < own => {}
                Some(_) => wrong.push(format!("src/{}: `{folder}` must not use `{used}`", relative.display())),
                None if !root.join(&used).exists() && !root.join(format!("{used}.rs")).exists() => {} // a macro
                None => wrong.push(format!("src/{}: `{used}` has no place in LAYERS", relative.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 0, "found no `crate::` path at all: this test looks in the wrong place");
}

#[test]
fn the_protocol_library_has_no_database_and_no_sockets() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("caldav/Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    for section in ["dependencies", "build-dependencies"] {
        let Some(dependencies) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
        for name in NOT_IN_CALDAV {
            assert!(!dependencies.contains_key(*name), "caldav must not depend on {name} ({section})");
        }
    }
}

#[test]
fn the_reader_of_paths_sees_nested_braces_and_code() {
    let text = "use crate::{db::{Db, Tx}, people::PersonId};\nfn f() { crate::mail::send(); }\n// crate::web is not code\n\
                pub(in crate::dav) fn g() {}";
    let found: Vec<_> = crate_uses(text).into_iter().collect();
    assert_eq!(found, ["dav", "db", "mail", "people"]);
}

fn layer(folder: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&folder))
}

fn folder_of(relative: &Path) -> String {
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.strip_suffix(".rs").unwrap_or(&first).to_owned()
}

/// The first segment of every `crate::` path, `crate::{a::.., b}` included, comments left out.
fn crate_uses(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(top_level_names(group)),
            None => found.extend(name_at(rest)),
        }
    }
    found
}

/// The names at depth zero of `a::{b, c}, d}`: `a` and `d`.
fn top_level_names(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut names) = (0usize, 0, Vec::new());
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                names.extend(name_at(group[start..at].trim_start()));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn name_at(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
