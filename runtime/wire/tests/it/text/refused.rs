//! What the text format cannot say is refused before anything is sent, and strings that nobody means are no message.

use super::{string, written};
use fivewire_wire::command::{Configure, JoinNetwork, Publish, Subscribe, Will};
use fivewire_wire::config::Config;
use fivewire_wire::event::{Message, Status as Told, Time};
use fivewire_wire::reply::GetTime;
use fivewire_wire::{Command, Event, QoS, Reply, Status, TextError, TextReader, TextWriter};

const PUBLISH: Publish<'static> = Publish {
    topic: "lamp",
    payload: b"on",
    retain: false,
    qos: QoS::AtLeastOnce,
    packet_id: 0,
    properties: b"",
};

const SETTINGS: Config<'static> = Config {
    ssid: "workshop",
    broker: "10.0.0.1",
    ..Config::DEFAULT
};

const CONFIGURE: Configure<'static> = Configure {
    inbox_messages: 8,
    inbox_bytes: 4096,
    next_packet_id: 77,
    resumed: true,
    settings: SETTINGS,
};

fn error<'a>(message: impl Into<Command<'a>>) -> TextError {
    let command = message.into();
    written(|out| command.encode_text(out)).expect_err("text cannot say this")
}

#[test]
fn bytes_that_are_no_symbols_are_never_written() {
    for byte in [0, 0x7F, 0x80, 0xFF] {
        let payload = [b'o', byte, b'n'];
        let forbidden = TextError::ForbiddenByte { field: "payload" };
        assert_eq!(
            error(Publish {
                payload: &payload,
                ..PUBLISH
            }),
            forbidden
        );
        assert_eq!(
            error(Will {
                payload: &payload,
                ..Will::EXAMPLE
            }),
            forbidden
        );
    }
    for topic in ["la\0mp", "la\u{7F}mp", "lämp"] {
        assert_eq!(
            error(Publish { topic, ..PUBLISH }),
            TextError::ForbiddenByte { field: "topic" }
        );
        let subscribe = Subscribe {
            filter: topic,
            ..Subscribe::EXAMPLE
        };
        assert_eq!(error(subscribe), TextError::ForbiddenByte { field: "filter" });
    }
}

#[test]
fn every_other_byte_is_written_and_read() {
    let payload: Vec<u8> = (1..0x7F).collect();
    let publish = Command::Publish(Publish {
        payload: &payload,
        ..PUBLISH
    });
    let text = written(|out| publish.encode_text(out)).expect("symbols");
    assert_eq!(Command::decode_text(&text), Ok(publish));
}

#[test]
fn fields_without_a_place_must_have_their_defaults() {
    let not_carried = |field| TextError::NotCarried { field };
    assert_eq!(
        error(Publish {
            packet_id: 1,
            ..PUBLISH
        }),
        not_carried("packet_id")
    );
    assert_eq!(
        error(Publish {
            properties: b"\x01\x01",
            ..PUBLISH
        }),
        not_carried("properties")
    );
    assert_eq!(
        error(Publish {
            qos: QoS::ExactlyOnce,
            ..PUBLISH
        }),
        not_carried("qos")
    );
    assert_eq!(error(CONFIGURE), not_carried("inbox_messages"));
    assert_eq!(error(JoinNetwork { consent: false }), not_carried("consent"));
    let settings = Config {
        client_id: "lamp",
        ..SETTINGS
    };
    assert_eq!(
        error(
            Configure {
                settings,
                ..CONFIGURE
            }
            .for_text()
        ),
        not_carried("client_id")
    );
    let no_form = TextError::NoTextForm {
        message: "unsubscribe",
    };
    assert_eq!(error(fivewire_wire::command::Unsubscribe::EXAMPLE), no_form);
}

#[test]
fn for_text_drops_what_the_text_form_may_do_without_and_nothing_else() {
    let reduced = CONFIGURE.for_text();
    assert_eq!(reduced.settings, SETTINGS);
    assert!(written(|out| reduced.encode_text(out)).is_ok());
    let publish = Publish {
        packet_id: 9,
        properties: b"\x01\x01",
        ..PUBLISH
    };
    assert_eq!(
        Command::from(publish).for_text(),
        Command::from(Publish {
            packet_id: 0,
            ..publish
        })
    );
    let refused = Command::from(JoinNetwork { consent: false });
    assert_eq!(refused.for_text(), refused);
    let message = Message {
        dup: true,
        packet_id: 3,
        ..Message::EXAMPLE
    };
    let text = written(|out| message.for_text().encode_text(out));
    assert_eq!(text, Ok(string(&["u", "green", "on", "False"])));
}

#[test]
fn statuses_travel_only_from_the_end_that_says_them() {
    let told = |status| written(|out| Told { status, detail: 0 }.encode_text(out));
    let not_carried = Err(TextError::NotCarried { field: "status" });
    assert_eq!(told(Status::WifiUp), Ok(string(&["t", "9"])));
    assert_eq!(told(Status::BrokerDown), not_carried);
    assert_eq!(told(Status::BridgeDead), not_carried);
    assert_eq!(told(Status::Unknown(0x3F)), not_carried);
    let no_such = Err(TextError::NoSuchValue { field: "status" });
    for number in ["11", "12", "13", "255"] {
        assert_eq!(Event::decode_text(&string(&["t", number])), no_such, "{number}");
    }
    assert_eq!(
        Event::decode_text(&string(&["t", "256"])),
        Err(TextError::OutOfRange { field: "status" })
    );
}

#[test]
fn a_field_too_many_or_too_few_is_no_message() {
    let read = |fields: &[&str]| Event::decode_text(&string(fields)).map(drop);
    // A payload with a separator; one with a terminator, in its two parts.
    assert_eq!(
        read(&["u", "lamp", "o", "n", "False"]),
        Err(TextError::NotABool { field: "retained" })
    );
    assert_eq!(read(&["u", "lamp", "o", "True", "False"]), Err(TextError::Extra));
    assert_eq!(
        read(&["u", "lamp", "o"]),
        Err(TextError::Missing { field: "retained" })
    );
    assert_eq!(read(&["t", "5", "False"]), Err(TextError::Extra));
    assert_eq!(
        read(&["t", "6", "False"]),
        Err(TextError::Missing { field: "more" })
    );
    assert_eq!(read(&["t", "6", "", ""]), Ok(()));
    assert_eq!(read(&["t"]), Err(TextError::Missing { field: "status" }));
    let read = |fields: &[&str]| Command::decode_text(&string(fields)).map(drop);
    assert_eq!(read(&["1", "yes"]), Err(TextError::Extra));
    assert_eq!(read(&["m", ""]), Err(TextError::Extra));
    assert_eq!(read(&["", "m"]), Err(TextError::UnknownWord));
    assert_eq!(Command::decode_text(b""), Err(TextError::Empty));
    let raw = Err(TextError::ForbiddenByte { field: "string" });
    assert_eq!(Command::decode_text(b"s\x7Fla\0mp\x7F1"), raw);
    assert_eq!(Command::decode_text(b"s\x7Fl\xC3\xA4mp\x7F1"), raw);
}

#[test]
fn the_bounds_are_those_of_the_spec() {
    let topic = "t".repeat(129);
    let too_long = TextError::TooLong {
        field: "topic",
        max: 128,
    };
    assert_eq!(
        error(Publish {
            topic: &topic,
            ..PUBLISH
        }),
        too_long
    );
    let read = |fields: &[&str]| Command::decode_text(&string(fields)).map(drop);
    assert_eq!(read(&["p", &topic, "on", "0", "1"]), Err(too_long));
    assert_eq!(
        read(&["p", "lamp", "on", "0", "2"]),
        Err(TextError::NoSuchValue { field: "qos" })
    );
    for qos in ["", "-", "+1", "1.0", "True", " 1", "0x1"] {
        let not_a_number = Err(TextError::NotANumber { field: "qos" });
        assert_eq!(read(&["p", "lamp", "on", "0", qos]), not_a_number, "{qos}");
    }
    for retain in ["", "2", "yes", "None", "True "] {
        let not_a_bool = Err(TextError::NotABool { field: "retain" });
        assert_eq!(read(&["p", "lamp", "on", retain, "0"]), not_a_bool, "{retain}");
    }
    let settings = Config {
        keep_alive: 4,
        ..SETTINGS
    };
    let out_of_range = TextError::OutOfRange { field: "keep_alive" };
    assert_eq!(
        error(
            Configure {
                settings,
                ..CONFIGURE
            }
            .for_text()
        ),
        out_of_range
    );
}

#[test]
fn time_counts_from_the_epoch_of_the_old_system() {
    let told = |unix_time| written(|out| GetTime { unix_time }.encode_text(out));
    let out_of_range = TextError::OutOfRange { field: "unix_time" };
    assert_eq!(told(1), Err(out_of_range));
    assert_eq!(told(946_684_800), Err(out_of_range));
    let read = |seconds: &str| Reply::decode_text(&string(&["i", seconds]));
    assert_eq!(read("3348282496"), Err(out_of_range));
    assert_eq!(read("-1"), Err(out_of_range));
    assert_eq!(
        read("1"),
        Ok(Reply::GetTime(GetTime {
            unix_time: 946_684_801
        }))
    );
    let unasked = Event::Time(Time::EXAMPLE);
    let no_form = TextError::NoTextForm { message: "time" };
    assert_eq!(written(|out| unasked.encode_text(out)), Err(no_form));
}

/// The server's name of a configuration with this text of a dict.
fn server_name(ssl_params: &str) -> Result<String, TextError> {
    let fields = [
        "init", "s", "", "b", "", "", ssl_params, "1", "0", "1", "1", "60", "0", "1", "4", "10", "0", "n",
    ];
    let text = string(&fields);
    match Command::decode_text(&text)? {
        Command::Configure(configure) => Ok(configure.settings.tls_server_name.to_owned()),
        other => Ok(format!("not a configure but {other:?}")),
    }
}

#[test]
fn a_dict_is_data() {
    let cases = [
        ("{}", ""),
        (" { } ", ""),
        ("{'server_hostname': 'a.b'}", "a.b"),
        ("{\"key\": 'x, }', \"server_hostname\": \"a:b\",}", "a:b"),
        ("{'server_hostname': None}", ""),
        (
            "{'cadata': open('/etc/passwd').read(), 'server_hostname': 'a'}",
            "a",
        ),
        ("{1: 2, 'server_hostname': 'a', 'server_hostname': 'b'}", "b"),
        ("{'server\\x5fhostname': 'a'}", ""),
    ];
    for (text, name) in cases {
        assert_eq!(server_name(text).as_deref(), Ok(name), "{text}");
    }
    let not_a_map = Err(TextError::NotAMap { field: "ssl_params" });
    let wrong = [
        "",
        "{",
        "}",
        "()",
        "dict(server_hostname='a')",
        "{'a'}",
        "{'a': }",
        "{,}",
        "{'a': 1,,}",
        "{'a': 'b}",
        "{'a': (1}",
        "{'a': 1} + {'b': 2}",
        "{'server_hostname': a}",
        "{'server_hostname': 'a' 'b'}",
        "{'server_hostname': '\\x61'}",
        "{'server_hostname': 1}",
    ];
    for text in wrong {
        assert_eq!(server_name(text), not_a_map, "{text}");
    }
    let long = format!("{{'server_hostname': '{}'}}", "a".repeat(65));
    assert_eq!(
        server_name(&long),
        Err(TextError::TooLong {
            field: "tls_server_name",
            max: 64
        })
    );
}

#[test]
fn a_dict_cannot_be_broken_out_of() {
    for name in ["a'b", "a\"b", "a\\", "a\u{7F}", "ä"] {
        let settings = Config {
            tls_server_name: name,
            ..SETTINGS
        };
        let forbidden = TextError::ForbiddenByte {
            field: "tls_server_name",
        };
        assert_eq!(
            error(
                Configure {
                    settings,
                    ..CONFIGURE
                }
                .for_text()
            ),
            forbidden,
            "{name}"
        );
    }
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_at_any_size() {
    let whole = written(|out| PUBLISH.encode_text(out)).expect("it fits");
    let mut buffer = vec![0; whole.len()];
    for room in 0..whole.len() {
        let mut out = TextWriter::new(&mut buffer[..room]);
        assert_eq!(PUBLISH.encode_text(&mut out), Err(TextError::Full), "{room}");
    }
    let mut out = TextWriter::new(&mut buffer);
    assert_eq!((PUBLISH.encode_text(&mut out), out.len()), (Ok(()), whole.len()));
}

#[test]
fn the_fields_behind_a_fatal_status_can_be_had_one_by_one() {
    let text = string(&["t", "6", "Unknown command:", "q", "x"]);
    let mut input = TextReader::new(&text).expect("symbols");
    let fields: Vec<_> = std::iter::from_fn(|| input.field("more").ok()).collect();
    assert_eq!(fields, [b"t".as_slice(), b"6", b"Unknown command:", b"q", b"x"]);
}
