//! A host's commands to a stock bridge, and what of its strings is believed: scripts in, traces out.

mod commands;
mod doubt;
mod opening;

use expect_test::Expect;
use fivewire_text::{BridgeStats, StockBridge};
use fivewire_wire::command::{self, Command};
use fivewire_wire::config::Config;
use fivewire_wire::{QoS, Writer};

use crate::rig::Rig;

const CONFIG: Config<'_> = Config {
    ssid: "net",
    password: "secret",
    broker: "10.0.0.1",
    ..Config::DEFAULT
};

/// A command of a script: its name and its arguments.
fn command(rig: &mut Rig<StockBridge>, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let send = |rig: &mut Rig<StockBridge>, command: Command<'_>| {
        rig.body(|out: &mut Writer<'_>| command.encode(out).expect("it fits"));
    };
    let publish = |topic, payload, qos| command::Publish {
        topic,
        payload,
        retain: false,
        qos,
        packet_id: 7,
        properties: b"",
    };
    let configure = |settings| command::Configure {
        inbox_messages: 8,
        inbox_bytes: 4096,
        next_packet_id: 5,
        resumed: true,
        settings,
    };
    let command = match words[..] {
        ["will", payload] => command::Will {
            topic: "result",
            payload: payload.as_bytes(),
            retain: false,
            qos: QoS::AtMostOnce,
        }
        .into(),
        ["configure"] => configure(CONFIG).into(),
        ["configure", "other"] => configure(Config {
            keep_alive: 30,
            ..CONFIG
        })
        .into(),
        ["configure", "client_id"] => configure(Config {
            client_id: "me",
            ..CONFIG
        })
        .into(),
        ["configure", "tls"] => configure(Config { tls: true, ..CONFIG }).into(),
        ["configure", "tls", "unverified"] => configure(Config {
            tls: true,
            tls_verify: false,
            ..CONFIG
        })
        .into(),
        ["publish", payload] => publish("result", payload.as_bytes(), QoS::AtLeastOnce).into(),
        ["publish", "once", payload] => publish("result", payload.as_bytes(), QoS::AtMostOnce).into(),
        ["publish", "zero", "byte"] => publish("result", b"a\0b", QoS::AtLeastOnce).into(),
        ["publish", "utf", "8"] => publish("result", "ü".as_bytes(), QoS::AtMostOnce).into(),
        ["publish", "qos", "2"] => publish("result", b"x", QoS::ExactlyOnce).into(),
        ["publish", "with", "properties"] => command::Publish {
            properties: b"\x01\x01",
            ..publish("result", b"x", QoS::AtLeastOnce)
        }
        .into(),
        ["subscribe", filter, qos] => command::Subscribe {
            filter,
            qos: QoS::from_number(qos.parse().expect("a number")).expect("0 to 2"),
        }
        .into(),
        ["unsubscribe", filter] => command::Unsubscribe {
            filter,
            properties: b"",
        }
        .into(),
        ["release"] => command::Release { packet_id: 7 }.into(),
        ["complete"] => command::Complete {
            packet_id: 7,
            known: true,
        }
        .into(),
        ["accept"] => command::Accept { number: 0 }.into(),
        ["get_time"] => command::GetTime {}.into(),
        ["memory"] => command::Memory {}.into(),
        ["ping"] => command::Ping { nonce: 9 }.into(),
        ["join"] => command::JoinNetwork { consent: true }.into(),
        ["refuse"] => command::JoinNetwork { consent: false }.into(),
        ["restart"] => command::Restart {}.into(),
        ["nonsense"] => {
            rig.body(|out| out.encoded(b"\x2e\x80").expect("it fits"));
            return;
        }
        ["unknown"] => {
            rig.body(|out| out.encoded(b"\x7e").expect("it fits"));
            return;
        }
        _ => unreachable!("no such line: {line}"),
    };
    send(rig, command);
}

/// A bridge that runs and has said so.
fn running() -> Rig<StockBridge> {
    let mut rig = Rig::new(StockBridge::new());
    rig.run(START, command);
    rig
}

const START: &str = "
    configure
    < t|2
    < t|1
    < t|0
    < t|5
    < t|9
";

fn check(script: &str, expected: Expect) {
    expected.assert_eq(&Rig::new(StockBridge::new()).run(script, command));
}

fn check_running(script: &str, expected: Expect) -> BridgeStats {
    let mut rig = running();
    expected.assert_eq(&rig.run(script, command));
    rig.translator.stats()
}
