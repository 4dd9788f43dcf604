//! The wire hash changes with what both ends must agree upon, and with nothing else.

use fivewire_codegen::emit::{wire_hash, wire_parts};
use fivewire_codegen::{Source, check_source};

const SPEC: &str = "\
protocol: {name: lamp, revision: 2, min: 1, doc: A lamp.}
statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
types:
  Colour:
    kind: enum
    bits: 2
    doc: A colour.
    values:
      red: {value: 0, doc: Red.}
      blue: {value: 1, doc: Blue.}
  Mood:
    kind: enum
    open: true
    doc: A mood.
    values:
      calm: {value: 0, doc: Calm.}
  Point:
    kind: struct
    doc: A place.
    fields:
      x: {type: u8, doc: To the right.}
commands:
  light:
    op: 0x10
    op_bits: 2
    doc: Light it.
    timeout_ms: 1000
    fields:
      colour: {type: Colour, default: red, doc: How.}
      name: {type: str, max_len: 8, doc: Which.}
      level: {type: u16, default: 10, max: 100, unit: '%', doc: How much.}
      at: {type: Point, doc: Where.}
    reply:
      mood: {type: Mood, default: calm, doc: How it feels.}
    example: {name: a, at: {x: 1}}
  setup:
    op: 0x14
    doc: Set it up.
    one_way: true
    fields:
      settings: {type: config, doc: What differs.}
    example: {}
events:
  told:
    op: 0x40
    doc: It said something.
    fields:
      status: {type: status, doc: What.}
    example: {status: ready}
config:
  speed: {id: 1, type: u16, default: 5, apply: live, doc: How fast.}
  shown: {id: 2, type: bool, default: false, scope: host, apply: live, doc: Print it.}
";

fn hash(text: &str) -> u32 {
    match check_source(&Source::new("lamp.yaml", text)) {
        Ok((model, _)) => wire_hash(&model),
        Err(report) => panic!("{report}"),
    }
}

/// The hash after replacing `old`, which is there, by `new`.
fn hash_with(old: &str, new: &str) -> u32 {
    assert!(SPEC.contains(old), "{old}");
    hash(&SPEC.replace(old, new))
}

#[test]
fn words_for_people_are_not_in_it() {
    let edits = [
        ("A lamp.", "Another lamp."),
        ("name: lamp", "name: lantern"),
        ("unit: '%', ", ""),
        ("timeout_ms: 1000", "timeout_ms: 2000"),
        ("calm", "quiet"),
        ("Mood", "Feeling"),
        ("colour: {type", "hue: {type"),
        ("red", "crimson"),
        ("light:", "shine:"),
        ("speed:", "pace:"),
        ("{name: a, at: {x: 1}}", "{name: b, at: {x: 2}}"),
        ("scope: host, apply: live", "scope: host, apply: reboot"),
        (
            "      red: {value: 0, doc: Red.}\n      blue: {value: 1, doc: Blue.}\n",
            "      blue: {value: 1, doc: Blue.}\n      red: {value: 0, doc: Red.}\n",
        ),
    ];
    for (old, new) in edits {
        assert_eq!(hash_with(old, new), hash(SPEC), "{old} → {new}");
    }
}

#[test]
fn the_text_format_is_not_in_it() {
    let edits = [
        (
            "code: 0x01, severity",
            "code: 0x01, text_code: 0, text_name: OK, text_more: [why], severity",
        ),
        ("red: {value: 0, ", "red: {value: 0, text: false, "),
        (
            "    doc: Light it.\n",
            "    text: {word: l, fields: [colour, name, level]}\n    reply_text: l\n    doc: Light it.\n",
        ),
        (
            "    doc: Set it up.\n",
            "    text: {word: init, fields: [params: {speed: speed}]}\n    doc: Set it up.\n",
        ),
    ];
    for (old, new) in edits {
        let at = "at: {type: Point, ";
        let text = SPEC
            .replace(old, new)
            .replace(at, "at: {type: Point, default: {x: 0}, ");
        let without = SPEC.replace(at, "at: {type: Point, default: {x: 0}, ");
        assert_eq!(hash(&text), hash(&without), "{old} → {new}");
    }
}

#[test]
fn the_wire_hash_of_this_protocol_is_the_one_that_peers_in_the_field_have() {
    assert_eq!(fivewire_wire::WIRE_HASH, 0xe952_360e);
}

#[test]
fn what_both_ends_must_agree_upon_is_in_it() {
    let edits = [
        ("op: 0x10", "op: 0x18"),
        ("op: 0x40", "op: 0x41"),
        ("max_len: 8", "max_len: 9"),
        ("type: u16, default: 10", "type: u32, default: 10"),
        ("max: 100", "max: 99"),
        ("default: 10,", "default: 11,"),
        ("default: red", "default: blue"),
        ("max: 100", "max: 100, encoding: fixed"),
        ("blue: {value: 1", "blue: {value: 2"),
        ("x: {type: u8", "x: {type: i8"),
        ("speed: {id: 1", "speed: {id: 3"),
        ("type: u16, default: 5", "type: u16, default: 6"),
        ("    op_bits: 2\n", ""),
        (
            "    timeout_ms: 1000\n    fields:\n      colour",
            "    timeout_ms: 1000\n    fields:\n      dim: {type: u8, doc: New.}\n      colour",
        ),
    ];
    for (old, new) in edits {
        let example = "example: {name: a, at";
        let text = SPEC.replace(old, new).replace(
            example,
            if new.contains("dim") {
                "example: {dim: 1, name: a, at"
            } else {
                example
            },
        );
        assert_ne!(hash(&text), hash(SPEC), "{old} → {new}");
    }
}

#[test]
fn additions_of_a_later_revision_are_no_break() {
    let additions = [
        (
            "events:\n",
            "  dim:\n    op: 0x16\n    since: 2\n    doc: Dim it.\n    one_way: true\n    fields: {}\n    example: {}\nevents:\n",
        ),
        (
            "config:\n",
            "  dimmed:\n    op: 0x42\n    since: 2\n    doc: It is dim.\n    fields: {}\n    example: {}\nconfig:\n",
        ),
        (
            "    reply:\n",
            "      fade: {type: u8, since: 2, default: 0, doc: Slowly.}\n    reply:\n",
        ),
        (
            "How it feels.}\n",
            "How it feels.}\n      heat: {type: u8, since: 2, default: 0, doc: How hot.}\n",
        ),
        (
            "types:\n",
            "  hot: {code: 0x40, severity: warning, doc: Hot.}\ntypes:\n",
        ),
        ("Calm.}\n", "Calm.}\n      wild: {value: 1, doc: Wild.}\n"),
        (
            "Blue.}\n",
            "Blue.}\n      green: {value: 2, since: 2, doc: Green.}\n",
        ),
        (
            "  shown:",
            "  depth: {id: 9, type: u8, since: 2, default: 0, apply: live, doc: How deep.}\n  shown:",
        ),
        (
            "      settings:",
            "      room: {type: u8, since: 2, default: 4, doc: How much fits.}\n      settings:",
        ),
    ];
    for (old, new) in additions {
        assert_eq!(hash_with(old, new), hash(SPEC), "{new}");
    }
}

#[test]
fn dropping_old_revisions_takes_the_additions_in() {
    let grown = SPEC.replace(
        "    reply:\n",
        "      fade: {type: u8, since: 2, default: 0, doc: Slowly.}\n    reply:\n",
    );
    assert_ne!(
        hash(&grown.replace("min: 1, doc: A lamp", "min: 2, doc: A lamp")),
        hash(&grown)
    );
}

fn parts(text: &str) -> Vec<(String, u32)> {
    match check_source(&Source::new("lamp.yaml", text)) {
        Ok((model, _)) => wire_parts(&model),
        Err(report) => panic!("{report}"),
    }
}

#[test]
fn the_parts_name_what_differs_and_nothing_else() {
    let before = parts(SPEC);
    let names: Vec<_> = before.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["command light", "command setup", "event told", "key speed"]
    );
    for (old, new, part) in [
        ("max_len: 8", "max_len: 9", "command light"),
        ("op: 0x40", "op: 0x41", "event told"),
        ("type: u16, default: 5", "type: u16, default: 6", "key speed"),
    ] {
        let after = parts(&SPEC.replace(old, new));
        let differ = after.iter().filter(|part| !before.contains(part));
        assert_eq!(differ.map(|(name, _)| name).collect::<Vec<_>>(), [part]);
    }
}
