//! Every body that was ever promised is still decoded, and encoded to the very same bytes. The vectors of a revision are
//! never edited, only added: a failure here means that peers in the field would not understand this code.

use crate::encoded;
use fivewire_wire::{Command, Event, Reply};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn files() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/vectors");
    let entries = fs::read_dir(folder).expect("the vectors are there");
    let paths = entries.map(|entry| entry.expect("entry").path());
    // One file for each revision of the messages; what else is there is about other things.
    let is_revision = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("rev"))
    };
    let texts = paths
        .filter(is_revision)
        .map(|path| fs::read_to_string(path).expect("text"));
    texts
        .map(|text| serde_json::from_str(&text).expect("JSON"))
        .collect()
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).expect("hex"))
        .collect()
}

/// The name of the message, and its body once more.
fn again(kind: &str, body: &[u8]) -> (String, Vec<u8>) {
    match kind {
        "command" => {
            let command = Command::decode(body).expect("a command");
            (command.name().to_owned(), encoded(|out| command.encode(out)))
        }
        "event" => {
            let event = Event::decode(body).expect("an event");
            (event.name().to_owned(), encoded(|out| event.encode(out)))
        }
        _ => {
            assert_eq!(kind, "reply", "there are three kinds");
            let (number, reply) = Reply::decode(body).expect("a reply");
            (reply.name().to_owned(), encoded(|out| reply.encode(number, out)))
        }
    }
}

#[test]
fn every_vector_is_decoded_and_encoded_as_it_ever_was() {
    let mut seen = 0;
    for file in files() {
        for vector in file["vectors"].as_array().expect("a list") {
            let (kind, hex) = (
                vector["kind"].as_str().expect("kind"),
                vector["body"].as_str().expect("body"),
            );
            let body = bytes(hex);
            let (name, again) = again(kind, &body);
            assert_eq!(Some(name.as_str()), vector["name"].as_str(), "{vector}");
            assert_eq!(again, body, "{vector}");
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} vectors");
}

#[test]
fn the_examples_in_the_code_are_among_the_vectors() {
    let files = files();
    let is_known = |kind: &str, name: &str, body: &[u8]| {
        let vectors = files
            .iter()
            .flat_map(|file| file["vectors"].as_array().expect("a list"));
        let mut same = vectors.filter(|vector| vector["kind"] == kind && vector["name"] == name);
        same.any(|vector| bytes(vector["body"].as_str().expect("body")) == body)
    };
    for command in fivewire_wire::command::EXAMPLES {
        assert!(
            is_known("command", command.name(), &encoded(|out| command.encode(out))),
            "{command:?}"
        );
    }
    for event in fivewire_wire::event::EXAMPLES {
        assert!(
            is_known("event", event.name(), &encoded(|out| event.encode(out))),
            "{event:?}"
        );
    }
    for reply in fivewire_wire::reply::EXAMPLES {
        assert!(
            is_known("reply", reply.name(), &encoded(|out| reply.encode(7, out))),
            "{reply:?}"
        );
    }
}
