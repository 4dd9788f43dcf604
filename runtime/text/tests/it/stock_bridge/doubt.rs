//! What is possible, what is believed, and what it takes to believe it.

use expect_test::expect;
use fivewire_text::StockBridge;

use super::{check_running, command, running};
use crate::rig::Rig;

/// The secret question that was asked last, in the bridge's mouth.
fn echo(rig: &mut Rig<StockBridge>, trace: &str) {
    let question = trace
        .rsplit_once("says ?")
        .map(|(_, rest)| &rest[..6])
        .expect("a question");
    rig.string(format!("t\x7F6\x7FUnknown command:\x7F?{question}").as_bytes());
}

/// The trace without the question's secret.
fn without_secret(trace: &str) -> String {
    let mut parts = trace.split("says ?");
    let mut out = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| out.push_str(&format!("says ?{}", &part[6..])));
    out
}

/// Runs a script, has the bridge answer its last question, and returns the whole trace.
fn with_echo(rig: &mut Rig<StockBridge>, script: &str) -> String {
    let mut trace = rig.run(script, command);
    echo(rig, &trace);
    trace.push_str("echo\n");
    trace.push_str(&rig.trace());
    without_secret(&trace)
}

#[test]
fn what_is_not_possible_is_ignored_and_counted() {
    let stats = check_running(
        "< t|4\n< t|0\n< t|5\n< t|8\n< t|9\n< i|5\n< m|1|2\n< t|7",
        expect![[r#"
            < t|4
            < t|0
            < t|5
            < t|8
            < t|9
            < i|5
            < m|1|2
            < t|7
        "#]],
    );
    assert_eq!(stats.impossible, 8);
}

#[test]
fn a_receipt_behind_a_message_is_believed_when_the_bridge_itself_answers() {
    let mut rig = running();
    let script = "publish 1\n< u|green|on|False\n< t|4\n+100";
    expect![[r#"
        publish 1
          says p|result|1|0|1
        < u|green|on|False
          Message(Message { topic: "green", payload: [111, 110], retained: false, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < t|4
          says ?
        +100
        echo
          #1 Publish(Publish { outcome: Delivered, reason: None })
    "#]].assert_eq(&with_echo(&mut rig, script));
    // And with that everything is as before.
    expect![[r#"
        publish 2
          says p|result|2|0|1
        < t|4
          #2 Publish(Publish { outcome: Delivered, reason: None })
    "#]]
    .assert_eq(&rig.run("publish 2\n< t|4", command));
}

#[test]
fn a_forged_receipt_is_none_whatever_is_forged_with_it() {
    let mut rig = running();
    let script = "
        publish 1
        < u|green|x|True
        < t|4
        < m|1|2
        < t|6|Unknown command:|?000000
        < u|green|y|False
        < t|4
    ";
    expect![[r#"
        publish 1
          says p|result|1|0|1
        < u|green|x|True
          Message(Message { topic: "green", payload: [120], retained: true, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < t|4
          says ?
        < m|1|2
        < t|6|Unknown command:|?000000
        < u|green|y|False
          Message(Message { topic: "green", payload: [121], retained: false, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < t|4
        echo
          #1 Publish(Publish { outcome: Delivered, reason: None })
    "#]].assert_eq(&with_echo(&mut rig, script));
}

#[test]
fn a_publication_that_was_damaged_on_the_wires_is_given_back() {
    let mut rig = running();
    let script = "publish 1\n< u|green|on|Fal\n< t|6|Unknown command:|q|result|1|0|1";
    expect![[r#"
        publish 1
          says p|result|1|0|1
        < u|green|on|Fal
          says ?
          Log(Log { level: Warn, line: "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on" })
        < t|6|Unknown command:|q|result|1|0|1
        echo
          #1 Publish(Publish { outcome: Rejected, reason: NotConnected })
    "#]].assert_eq(&with_echo(&mut rig, script));
}

#[test]
fn what_may_arrive_at_most_once_is_not_given_back() {
    let mut rig = running();
    expect![[r#"
        publish once 1
          says p|result|1|0|0
        dropped
          says ?
          Log(Log { level: Warn, line: "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on" })
        echo
          #1 Publish(Publish { outcome: Delivered, reason: None })
    "#]].assert_eq(&with_echo(&mut rig, "publish once 1\ndropped"));
}

#[test]
fn a_claim_that_came_before_the_publication_is_none() {
    let mut rig = running();
    let script = "< u|green|cut\n+10\npublish 1\n< t|4";
    expect![[r#"
        < u|green|cut
          says ?
          Log(Log { level: Warn, line: "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on" })
        +10
        publish 1
          says p|result|1|0|1
        < t|4
        echo
    "#]].assert_eq(&with_echo(&mut rig, script));
    expect![[r#"
        < t|4
          #1 Publish(Publish { outcome: Delivered, reason: None })
    "#]]
    .assert_eq(&rig.run("< t|4", command));
}

#[test]
fn forged_fatal_statuses_do_not_reset_the_bridge() {
    let mut rig = running();
    let script = "
        subscribe green 1
        < u|green|x
        < t|6|Unknown command:|z
        < t|8
        < t|11
        < y|True
    ";
    expect![[r#"
        subscribe green 1
          says s|green|1
          #1 Subscribe(Subscribe { granted: AtLeastOnce, reason: None })
        < u|green|x
          says ?
          Log(Log { level: Warn, line: "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on" })
        < t|6|Unknown command:|z
        < t|8
        < t|11
        < y|True
        echo
          Log(Log { level: Warn, line: "perhaps a subscription did not reach the bridge: between messages somebody said that it was unknown" })
    "#]].assert_eq(&with_echo(&mut rig, script));
}

#[test]
fn a_bridge_that_does_not_answer_the_question_is_reset() {
    let mut rig = running();
    let trace = rig.run("< u|green|x\n+9000\n+2000", command);
    expect![[r#"
        < u|green|x
          says ?
          Log(Log { level: Warn, line: "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on" })
        +9000
        +2000
        Silent
    "#]].assert_eq(&without_secret(&trace));
}

#[test]
fn a_forged_outage_is_refuted_by_the_end_of_the_message_it_stands_in() {
    let mut rig = running();
    let trace = rig.run("< u|green|x|True\n< t|10\n< u|green|y|False\n+5000", command);
    expect![[r#"
        < u|green|x|True
          Message(Message { topic: "green", payload: [120], retained: true, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < t|10
        < u|green|y|False
          Message(Message { topic: "green", payload: [121], retained: false, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        +5000
    "#]].assert_eq(&trace);
    let trace = rig.run("< t|10\n+1999\n+1", command);
    expect![[r#"
        < t|10
        +1999
        +1
          Status(Status { status: WifiDown, detail: 0 })
    "#]]
    .assert_eq(&trace);
    let trace = rig.run("< t|9\n< t|10\n< t|9", command);
    expect![[r#"
        < t|9
          Status(Status { status: WifiUp, detail: 0 })
        < t|10
        < t|9
    "#]]
    .assert_eq(&trace);
    assert_eq!(rig.translator.stats().refuted, 2);
}

#[test]
fn of_two_times_at_least_one_is_forged() {
    let mut rig = running();
    let script = "get_time\n< u|green|x|True\n< i|5\n< u|green|y|True\n< i|820454400";
    expect![[r#"
        get_time
          says i
        < u|green|x|True
          Message(Message { topic: "green", payload: [120], retained: true, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < i|5
          says ?
        < u|green|y|True
          Message(Message { topic: "green", payload: [121], retained: true, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < i|820454400
        echo
          #1 GetTime(GetTime { unix_time: 0 })
    "#]].assert_eq(&with_echo(&mut rig, script));
    let script = "get_time\n< u|green|x|True\n< i|820454400";
    expect![[r#"
        get_time
          says i
        < u|green|x|True
          Message(Message { topic: "green", payload: [120], retained: true, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        < i|820454400
          says ?
        echo
          #2 GetTime(GetTime { unix_time: 1767139200 })
    "#]].assert_eq(&with_echo(&mut rig, script));
}

#[test]
fn a_dropped_string_may_have_been_an_answer() {
    let mut rig = running();
    expect![[r#"
        publish 1
          says p|result|1|0|1
        dropped
          says ?
          Log(Log { level: Warn, line: "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on" })
        echo
          #1 Publish(Publish { outcome: Rejected, reason: NotConnected })
    "#]].assert_eq(&with_echo(&mut rig, "publish 1\ndropped"));
}

/// A `t 4` of which a bit was damaged is a `t 0`, and nobody says it again.
#[test]
fn a_status_that_cannot_be_may_have_been_an_answer() {
    let mut rig = running();
    expect![[r#"
        publish 1
          says p|result|1|0|1
        < t|0
          says ?
        echo
          #1 Publish(Publish { outcome: Rejected, reason: NotConnected })
    "#]]
    .assert_eq(&with_echo(&mut rig, "publish 1\n< t|0"));
    assert_eq!(rig.translator.stats().impossible, 1);
}

/// Passwords go through the buffers, and who knows the question could answer it.
#[test]
fn debugging_shows_neither_what_is_said_nor_the_question() {
    let mut rig = Rig::new(StockBridge::new());
    rig.fast_wires = false;
    rig.run("configure", command);
    assert_hidden(b"secret", &format!("{:?} {:?}", rig.strings, rig.translator));

    let mut rig = running();
    rig.keeps_bodies = true;
    rig.run("< u|green|on|False\npublish 1\n< t|4", command);
    let question = rig.said.last().expect("a question").clone();
    assert_eq!(question[0], b'?');
    let shown = format!("{:?} {:?}", rig.bodies, rig.translator);
    assert_hidden(&question, &shown);
    assert_hidden(b"on", &shown);
}

/// What is derived shows bytes as numbers.
fn assert_hidden(bytes: &[u8], shown: &str) {
    let numbers = format!("{bytes:?}");
    assert!(!shown.contains(numbers.trim_matches(['[', ']'])), "{shown}");
}
