//! Ends that somebody else wrote: the peer in Python plays the MicroPython system's bridge and host over a wires
//! file, against itself and against a text link at either end.

use fivewire_text::{Cause, Event, Opening, Role};
use serde_json::json;

use crate::on_wires::OnWires;
use crate::peer::{Peer, Scratch};

const OPENINGS: [Opening; 2] = [Opening::AtOnce, Opening::HeldBack];
const INIT: &str = "init|lab|secret|127.0.0.1|||{}|1|1883|0|1|60|0|1|4|10|0|time";

/// A text link as the host of the Python bridge, up.
fn host_before_a_bridge(
    name: &str,
    opening: Opening,
    silence_ms: u32,
    args: &[&str],
) -> (Scratch, Peer, OnWires) {
    let scratch = Scratch::new(name);
    let mut host = OnWires::new(&scratch, Role::Initiator, opening, silence_ms);
    let mut bridge = Peer::bridge(&scratch, args);
    bridge.wait_for("boot");
    host.wait_for_event(Event::Up);
    (scratch, bridge, host)
}

fn bring_up(host: &mut OnWires) {
    host.ask("w|result|gone|True|1", &["t|7"]);
    host.ask(INIT, &["t|2", "t|1", "t|0", "t|5", "t|9"]);
}

#[test]
fn the_python_ends_understand_each_other() {
    let scratch = Scratch::new("pair");
    let mut bridge = Peer::bridge(&scratch, &[]);
    let actions = [
        json!(["s", "green", 1]),
        json!(["p", "green", "on", false, 1]),
        json!(["await", "u", 1]),
        json!(["i"]),
        json!(["m"]),
        json!(["await", "m", 1]),
    ];
    let actions = actions.map(|action| action.to_string());
    let mut args = vec!["--will", r#"["result", "gone", "False", 1]"#];
    args.extend(actions.iter().flat_map(|action| ["--do", action]));
    let mut host = Peer::host(&scratch, &args);
    host.wait_for("done");
    let start = ["t|7", "t|2", "t|1", "t|0", "t|5", "t|9"];
    let rest = ["u|green|on|False", "t|4", "i|848545395", "m|27000|10000"];
    assert_eq!(host.strings(), [&start[..], &rest].concat());
    assert_eq!(bridge.told("publish", "message"), ["on"]);
    assert_eq!(bridge.told("subscribe", "topic"), ["green"]);
    let init = bridge.told("init", "fields");
    assert_eq!(init[0][2], "<redacted>");
}

#[test]
fn the_python_ends_take_the_configured_network_when_the_stored_one_is_gone() {
    let scratch = Scratch::new("specnet");
    scratch.wires().set_stored_network_usable(false);
    let mut bridge = Peer::bridge(&scratch, &[]);
    let mut host = Peer::host(&scratch, &["--do", r#"["p", "a", "1", true, 0]"#]);
    host.wait_for("done");
    assert_eq!(host.strings(), ["t|2", "t|3", "t|1", "t|0", "t|5", "t|9", "t|4"]);
    assert_eq!(bridge.told("go-ahead", "text"), ["1"]);
}

#[test]
fn a_host_talks_to_the_python_bridge() {
    for opening in OPENINGS {
        let (_scratch, mut bridge, mut host) =
            host_before_a_bridge(&format!("host-{opening:?}"), opening, 0, &[]);
        bring_up(&mut host);
        host.send("s|green/#|1");
        host.ask("p|green/a|on|0|1", &["u|green/a|on|False", "t|4"]);
        host.ask("i", &["i|848545395"]);
        host.ask("m", &["m|27000|10000"]);
        host.ask("x|y", &["t|6|Unknown command:|x|y"]);
        assert_eq!(
            bridge.told("will", "fields"),
            [json!(["result", "gone", "True", "1"])]
        );
        assert_eq!(bridge.told("publish", "retained"), [true]);
    }
}

#[test]
fn a_bridge_talks_to_the_python_host() {
    for opening in OPENINGS {
        let scratch = Scratch::new(&format!("bridge-{opening:?}"));
        let mut bridge = OnWires::new(&scratch, Role::Responder, opening, 0);
        let actions = [
            r#"["s", "green", 1]"#,
            r#"["p", "green", "on", true, 1]"#,
            r#"["i"]"#,
        ];
        let args = actions.iter().flat_map(|action| ["--do", action]);
        let mut host = Peer::host(&scratch, &[&["--stay"], &args.collect::<Vec<_>>()[..]].concat());
        bridge.work_until("init", |end| {
            end.strings.iter().any(|string| string.starts_with("init|"))
        });
        for status in ["t|2", "t|1", "t|0", "t|5", "t|9"] {
            bridge.send(status);
        }
        bridge.work_until("publication", |end| end.strings.len() >= 3);
        bridge.send("u|green|on|False");
        bridge.send("t|4");
        bridge.work_until("time", |end| end.strings.len() >= 4);
        bridge.send("i|848545395");
        bridge.work_until("end", |_| host.told("string", "fields").len() >= 8);
        assert_eq!(bridge.strings[1..], ["s|green|1", "p|green|on|1|1", "i"]);
        let heard = [
            "t|2",
            "t|1",
            "t|0",
            "t|5",
            "t|9",
            "u|green|on|False",
            "t|4",
            "i|848545395",
        ];
        assert_eq!(host.strings(), heard);
        assert!(host.has_said("published"));
    }
}

#[test]
fn a_bridge_that_never_clocks_is_told_and_a_reset_brings_it_up() {
    let scratch = Scratch::new("silent");
    let mut host = OnWires::new(&scratch, Role::Initiator, Opening::HeldBack, 3000);
    let mut bridge = Peer::bridge(&scratch, &["--silent-boots", "1"]);
    bridge.wait_for("boot");
    host.wait_for_event(Event::Down(Cause::Silent));
    host.reset(&mut bridge);
    host.wait_for_event(Event::Up);
    bring_up(&mut host);
}

#[test]
fn stray_bits_before_the_sync_byte_are_told_and_harmless() {
    let scratch = Scratch::new("stray");
    let mut host = OnWires::new(&scratch, Role::Initiator, Opening::HeldBack, 0);
    let _bridge = Peer::bridge(&scratch, &["--stray-boots", "1"]);
    host.wait_for_event(Event::Up);
    assert_eq!(host.events[0], Event::Heard { bits_before: 4 });
    bring_up(&mut host);
}

#[test]
fn characters_off_their_places_are_no_message_and_a_reset_mends_them() {
    let (_scratch, mut bridge, mut host) =
        host_before_a_bridge("shifted", Opening::AtOnce, 0, &["--shifted-boots", "1"]);
    host.send("w|result|gone|True|1");
    host.work_until("answer", |end| {
        !end.strings.is_empty() || end.moved.link.stats().too_long > 0
    });
    assert!(
        !host.strings.iter().any(|string| string.starts_with("t|")),
        "{:?}",
        host.strings
    );
    host.reset(&mut bridge);
    host.strings.clear();
    host.wait_for_event(Event::Up);
    bring_up(&mut host);
}

#[test]
fn a_bridge_that_freezes_is_told_and_a_reset_brings_it_up() {
    let (_scratch, mut bridge, mut host) =
        host_before_a_bridge("frozen", Opening::AtOnce, 3000, &["--freeze-after", "3"]);
    bring_up(&mut host);
    host.send("m");
    host.wait_for_event(Event::Down(Cause::Silent));
    assert!(bridge.has_said("crash"));
    host.reset(&mut bridge);
    host.strings.clear();
    host.wait_for_event(Event::Up);
    bring_up(&mut host);
}

#[test]
fn a_bridge_that_reboots_by_itself_is_met_without_a_reset() {
    let (_scratch, mut bridge, mut host) =
        host_before_a_bridge("reboot", Opening::HeldBack, 0, &["--reboot-after", "3"]);
    bring_up(&mut host);
    host.send("s|green|1");
    host.wait_for_event(Event::Down(Cause::PeerRestarted));
    bridge.wait_for("crash");
    host.wait_for_event(Event::Up);
    host.strings.clear();
    bring_up(&mut host);
}

#[test]
fn a_forged_status_is_a_string_like_any_other() {
    let (_scratch, _bridge, mut host) = host_before_a_bridge(
        "forged",
        Opening::HeldBack,
        0,
        &["--deliver", r"green=on\x00t\x7f8", "--deliver", r"green=\x7fTrue"],
    );
    bring_up(&mut host);
    // The format cannot tell it from the bridge's word; who reads it must. No string is cut or merged all the same.
    host.ask("s|green|1", &["u|green|on", "t|8|False", "u|green||True|False"]);
}

#[test]
fn a_bridge_that_never_answers_keeps_clocking() {
    let (_scratch, _bridge, mut host) = host_before_a_bridge("mute", Opening::AtOnce, 0, &["--mute"]);
    host.send("w|result|gone|True|1");
    let before = host.moved.link.stats().symbols;
    host.work_until("idle clocks", |end| end.moved.link.stats().symbols > before + 300);
    assert!(host.strings.is_empty() && host.moved.link.is_quiet());
}

#[test]
fn what_the_python_bridge_does_not_know_it_says_and_that_there_is_no_broker() {
    let (_scratch, _bridge, mut host) = host_before_a_bridge("unknown", Opening::AtOnce, 0, &["--no-broker"]);
    host.ask("p|a|b|0|0", &["t|6|Expected init, got: |p|a|b|0|0"]);
    host.ask(INIT, &["t|2", "t|1", "t|8"]);
}

#[test]
fn the_python_ends_tell_of_a_network_that_comes_and_goes() {
    let scratch = Scratch::new("outage");
    let _bridge = Peer::bridge(&scratch, &[]);
    let wires = scratch.wires();
    let mut host = Peer::host(&scratch, &["--stay"]);
    host.wait_for_string("t|9");
    wires.set_access_point_on_air(false);
    host.wait_for_string("t|10");
    host.seen.clear();
    wires.set_access_point_on_air(true);
    host.wait_for_string("t|9");
}

#[test]
fn the_python_host_resets_a_bridge_that_stands_still() {
    let scratch = Scratch::new("timeout");
    let mut bridge = OnWires::new(&scratch, Role::Responder, Opening::HeldBack, 0);
    let mut host = Peer::start("host.py", &scratch, &["--timeout", "100", "--stay"]);
    let has_init = |end: &mut OnWires| end.strings.iter().any(|string| string.starts_with("init|"));
    bridge.work_until("init", has_init);
    host.wait_for("failed");
    bridge.strings.clear();
    bridge.work_until("init again", has_init);
    assert_eq!(host.told("failed", "status")[0], 11);
}
