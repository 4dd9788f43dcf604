//! Recordings of the unmodified MicroPython system, where a folder of them lies beside the repository. The vectors hold
//! the like for everybody else.

use super::{again, string};
use serde_json::Value;
use std::collections::BTreeSet;
use std::{env, fs, path::Path};

/// The recordings; none where there is no such folder.
fn recordings() -> Vec<Value> {
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let folder = Path::new(&package).join("../../../shared/captures");
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| serde_json::from_str(&fs::read_to_string(path).expect("text")).expect("JSON"))
        .collect()
}

/// The kind and the name of the message that a string of that end is.
fn meaning(from: &str, word: &str) -> (&'static str, &'static str) {
    match (from, word) {
        ("host", "w") => ("command", "will"),
        ("host", "init") => ("command", "configure"),
        ("host", "p") => ("command", "publish"),
        ("host", "s") => ("command", "subscribe"),
        ("host", "i") => ("command", "get_time"),
        ("host", "m") => ("command", "memory"),
        ("host", "1") => ("command", "join_network"),
        ("bridge", "t") => ("event", "status"),
        ("bridge", "u") => ("event", "message"),
        ("bridge", "i") => ("reply", "get_time"),
        ("bridge", "m") => ("reply", "memory"),
        _ => ("neither", "unknown"),
    }
}

#[test]
fn every_recorded_string_is_the_message_that_it_should_be_and_is_written_as_it_was() {
    let recordings = recordings();
    let mut seen = BTreeSet::new();
    for said in recordings
        .iter()
        .flat_map(|file| file["strings"].as_array().expect("a list"))
    {
        let fields = said["fields"].as_array().expect("fields").iter();
        let fields: Vec<_> = fields.map(|field| field.as_str().expect("text")).collect();
        let (kind, name) = meaning(said["from"].as_str().expect("an end"), fields[0]);
        let (read, _, written) = again(kind, &string(&fields));
        assert_eq!(read, name, "{fields:?}");
        assert_eq!(written, string(&fields), "{fields:?}");
        seen.insert((kind, name));
    }
    match recordings.len() {
        0 => eprintln!("no recordings beside the repository: nothing was held against them"),
        _ => assert_eq!(seen.len(), 11, "{seen:?}"),
    }
}
