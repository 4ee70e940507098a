//! Replays every input in `tools/fuzz/corpus`, which fuzzing has found.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_oracle::target;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn fuzz() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz"))
}

/// The names in a folder of `fuzz/`, without their endings.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_stored_input_passes() {
    for (name, body) in target::ALL {
        let files = fs::read_dir(fuzz().join("corpus").join(name)).unwrap();
        let mut count = 0;
        for file in files {
            let path = file.unwrap().path();
            // The test's output contains the name of a failing input.
            println!("{}", path.display());
            body(&fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count >= 10, "the corpus of {name} is gone");
    }
}

#[test]
fn every_target_has_a_body_a_program_and_a_corpus() {
    let bodies: BTreeSet<String> = target::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), bodies);
    assert_eq!(names("corpus"), bodies);
}
