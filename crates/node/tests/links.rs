//! Checks that every relative link and every file path in the repository's Markdown exists.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Folders without documents of this project.
const SKIPPED: [&str; 6] = [".git", "artifacts", "dist", "node_modules", "target", "corpus"];
/// Extensions of files that documents name by path.
const ENDINGS: [&str; 8] = [".rs", ".md", ".mjs", ".js", ".json", ".toml", ".html", ".ipynb"];
/// Paths of files that commands write.
const WRITTEN: [&str; 2] = ["artifacts/bench.json", "tools/fuzz/artifacts"];

/// All Markdown files below a folder, relative to the root, except the changelog, which names past files.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(Path::new(ROOT).join(folder)).unwrap() {
        let entry = entry.unwrap();
        let (name, path) = (entry.file_name(), folder.join(entry.file_name()));
        let name = name.to_str().unwrap();
        if entry.file_type().unwrap().is_dir() {
            if !SKIPPED.contains(&name) {
                documents(&path, found);
            }
        } else if name.ends_with(".md") && name != "CHANGELOG.md" {
            found.push(path);
        }
    }
}

/// The document's lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The anchor of a heading in Markdown.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn has_anchor(text: &str, wanted: &str) -> bool {
    prose(text).filter(|line| line.starts_with('#')).any(|line| anchor(line) == wanted)
}

/// The targets of links and images on a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let links = line.split("](").skip(1).map(|rest| rest.split([')', ' ']).next().unwrap());
    links.chain(line.split(" src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()))
}

/// The words on a line that stand alone between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether a quoted text is the path of a file or folder of this repository.
fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.starts_with('/') || !text.contains('/') || !text.chars().all(plain) {
        return false;
    }
    let first = text.split('/').next().unwrap();
    let in_tree = Path::new(ROOT).join(first).is_dir() && !SKIPPED.contains(&first);
    in_tree || ENDINGS.iter().any(|ending| text.ends_with(ending))
}

/// The broken links and paths of a document.
fn problems(document: &Path, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let folder = Path::new(ROOT).join(document.parent().unwrap());
    // A heading may name the folder of the paths below it.
    let mut base = String::new();
    for line in prose(text) {
        if line.starts_with('#') {
            base = quoted(line).filter(|path| is_path(path)).last().unwrap_or_default().to_owned();
        }
        for target in targets(line).filter(|target| !target.contains(':')) {
            let (path, wanted) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { Path::new(ROOT).join(document) } else { folder.join(path) };
            if !file.exists() {
                problems.push(format!("{}: the link {target} leads nowhere", document.display()));
            } else if !wanted.is_empty() && !has_anchor(&std::fs::read_to_string(&file).unwrap(), wanted) {
                problems.push(format!("{}: no heading for the link {target}", document.display()));
            }
        }
        for path in quoted(line).filter(|path| is_path(path) && !WRITTEN.contains(path)) {
            if !Path::new(ROOT).join(path).exists() && !Path::new(ROOT).join(&base).join(path).exists() {
                problems.push(format!("{}: {path} does not exist", document.display()));
            }
        }
    }
    problems
}

#[test]
fn every_link_and_path_exists() {
    let mut found = Vec::new();
    documents(Path::new(""), &mut found);
    assert!(found.len() > 20, "{found:?}");
    let read = |document: &PathBuf| std::fs::read_to_string(Path::new(ROOT).join(document)).unwrap();
    let problems: Vec<String> = found.iter().flat_map(|document| problems(document, &read(document))).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn broken_links_and_paths_are_found() {
    let document = Path::new("docs/keys.md");
    let good = "[a](operating.md#the-cookie) [b](https://fedcoin.example/x.md) `crates/node/src/lib.rs` `a/b` `/x.rs`\n\
                ## Sources (`relay/src`)\n`main.rs` `args/run.rs`\n```\n`crates/no.rs`\n```\n";
    assert_eq!(problems(document, good), Vec::<String>::new());
    for bad in ["[a](no.md)", "[a](operating.md#no-heading)", "`crates/node/src/no.rs`", "`args/run.rs`", "`docs/no`"] {
        assert_eq!(problems(document, bad).len(), 1, "{bad}");
    }
}
