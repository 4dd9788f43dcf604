//! Commands to a bridge that runs, and its answers.

use expect_test::expect;
use fivewire_text::StockBridge;
use fivewire_wire::command::{self as wire, Command};
use fivewire_wire::event::Event;

use super::{START, check, check_running, command};
use crate::rig::Rig;

#[test]
fn what_it_cannot_be_told_is_refused_without_a_character_sent() {
    check_running(
        "
        publish zero byte
        publish utf 8
        publish qos 2
        publish with properties
        subscribe grün 1
        unsubscribe green
        release
        complete
        accept
        unknown
        nonsense
        +1
        ",
        expect![[r#"
            publish zero byte
              #1 Publish(Publish { outcome: Rejected, reason: Unsupported })
              Log(Log { level: Error, line: "publish refused: payload holds a byte that the text format cannot carry" })
            publish utf 8
              #2 Publish(Publish { outcome: Rejected, reason: Unsupported })
              Log(Log { level: Error, line: "publish refused: payload holds a byte that the text format cannot carry" })
            publish qos 2
              #3 Publish(Publish { outcome: Rejected, reason: Unsupported })
              Log(Log { level: Error, line: "publish refused: the MicroPython system cannot be told this qos" })
            publish with properties
              #4 Publish(Publish { outcome: Rejected, reason: Unsupported })
              Log(Log { level: Error, line: "publish refused: the MicroPython system cannot be told this properties" })
            subscribe grün 1
              #5 Subscribe(Subscribe { granted: AtLeastOnce, reason: Unsupported })
              Log(Log { level: Error, line: "subscribe refused: filter holds a byte that the text format cannot carry" })
            unsubscribe green
              #6 Unsubscribe(Unsubscribe { reason: Unsupported })
            release
              #7 Release(Release { outcome: Rejected, reason: Unsupported })
            complete
            accept
            unknown
              Error(Error { op: 126, number: 10, reason: Unsupported })
            nonsense
              Error(Error { op: 46, number: 11, reason: Malformed })
            +1
        "#]],
    );
}

#[test]
fn one_publication_is_under_way() {
    check_running(
        "publish 1\npublish 2\n< t|4\n< t|4\npublish 3\n< t|4",
        expect![[r#"
            publish 1
              says p|result|1|0|1
            publish 2
              #2 Publish(Publish { outcome: Rejected, reason: NoRoom })
            < t|4
              #1 Publish(Publish { outcome: Delivered, reason: None })
            < t|4
            publish 3
              says p|result|3|0|1
            < t|4
              #3 Publish(Publish { outcome: Delivered, reason: None })
        "#]],
    );
}

#[test]
fn a_subscription_is_granted_at_once_at_most_with_qos_1() {
    check_running(
        "subscribe green 0\nsubscribe green/# 2\n< u|green/1|on|False\n< u|green|off|True",
        expect![[r#"
            subscribe green 0
              says s|green|0
              #1 Subscribe(Subscribe { granted: AtMostOnce, reason: None })
            subscribe green/# 2
              says s|green/#|1
              #2 Subscribe(Subscribe { granted: AtLeastOnce, reason: None })
            < u|green/1|on|False
              Message(Message { topic: "green/1", payload: [111, 110], retained: false, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
            < u|green|off|True
              Message(Message { topic: "green", payload: [111, 102, 102], retained: true, dup: false, qos: AtMostOnce, packet_id: 0, properties: [] })
        "#]],
    );
}

#[test]
fn the_time_is_asked_once_for_all() {
    check_running(
        "get_time\nget_time\nget_time\n< i|820454400\n< i|820454401",
        expect![[r#"
            get_time
              says i
            get_time
            get_time
              #3 GetTime(GetTime { unix_time: 0 })
            < i|820454400
              #1 GetTime(GetTime { unix_time: 1767139200 })
              #2 GetTime(GetTime { unix_time: 1767139200 })
            < i|820454401
        "#]],
    );
    check_running(
        "get_time\n< i|0",
        expect![[r#"
        get_time
          says i
        < i|0
          #1 GetTime(GetTime { unix_time: 0 })
    "#]],
    );
}

#[test]
fn a_late_time_is_news() {
    check_running(
        "get_time\n+19999\n+1\n+5000\n< i|820454400",
        expect![[r#"
        get_time
          says i
        +19999
        +1
          #1 GetTime(GetTime { unix_time: 0 })
        +5000
        < i|820454400
          Time(Time { unix_time: 1767139200 })
    "#]],
    );
    check_running(
        "get_time\n+20000\n+19000\n+2000",
        expect![[r#"
        get_time
          says i
        +20000
          #1 GetTime(GetTime { unix_time: 0 })
        +19000
        +2000
        Silent
    "#]],
    );
}

#[test]
fn memory_is_a_sign_of_life() {
    check_running(
        "memory\nping\n< m|27000|10000\nping\n< m|27000|10000",
        expect![[r#"
            memory
              says m
            ping
              #2 Ping(Ping { nonce: 9 })
            < m|27000|10000
              #1 Memory(Memory { free: 27000, used: 10000 })
            ping
              says m
            < m|27000|10000
              #3 Ping(Ping { nonce: 9 })
        "#]],
    );
    check_running(
        "ping\n+9000\n+2000",
        expect![[r#"
        ping
          says m
        +9000
        +2000
        Silent
    "#]],
    );
}

#[test]
fn behind_a_publication_only_the_clock_is_watched() {
    check_running(
        "publish 1\nping\n+69000\nping\n+2000",
        expect![[r#"
        publish 1
          says p|result|1|0|1
        ping
          #2 Ping(Ping { nonce: 9 })
        +69000
        ping
          #3 Ping(Ping { nonce: 9 })
        +2000
        Silent
    "#]],
    );
}

#[test]
fn an_outage_may_last_but_not_for_ever() {
    check_running(
        "publish 1\n< t|10\n+299000\nping\n< t|9\n< t|4\n< t|10\n+299999\n+1",
        expect![[r#"
            publish 1
              says p|result|1|0|1
            < t|10
              Status(Status { status: WifiDown, detail: 0 })
            +299000
            ping
              #2 Ping(Ping { nonce: 9 })
            < t|9
              Status(Status { status: WifiUp, detail: 0 })
            < t|4
              #1 Publish(Publish { outcome: Delivered, reason: None })
            < t|10
              Status(Status { status: WifiDown, detail: 0 })
            +299999
            +1
            Silent
        "#]],
    );
}

/// The host waits for it, and the bridge says it once.
#[test]
fn a_wifi_up_that_was_lost_on_the_wires_is_made_up_for() {
    check(
        "configure\n< t|1\n< t|0\n< t|5\n+4999\n+1\npublish 1",
        expect![[r#"
            configure
              says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
            < t|1
              Status(Status { status: BrokerCheck, detail: 0 })
            < t|0
              Status(Status { status: BrokerOk, detail: 0 })
            < t|5
              Status(Status { status: Running, detail: 0 })
              Log(Log { level: Warn, line: "a stock MicroPython bridge: the broker will retain whatever is published, will included" })
            +4999
            +1
              Status(Status { status: WifiUp, detail: 0 })
            publish 1
              says p|result|1|0|1
        "#]],
    );
}

#[test]
fn messages_beyond_the_room_that_was_offered_are_dropped_and_the_log_is_told_once() {
    let mut rig = Rig::new(StockBridge::new());
    rig.keeps_bodies = true;
    rig.run(START, command);
    (0..12).for_each(|_| rig.string(b"u\x7Fgreen\x7Fon\x7FFalse"));
    let (mut given, mut lines) = (Vec::new(), 0);
    while let Some((number, body)) = rig.take_body() {
        match Event::decode(&body) {
            Ok(Event::Message(_)) => given.push(number),
            Ok(Event::Log(log)) => lines += usize::from(log.line.starts_with("a message was dropped")),
            _ => {}
        }
    }
    assert_eq!((given.len(), lines), (8, 1));
    assert_eq!(rig.translator.stats().overrun, 4);
    let accept = wire::Accept { number: given[3] };
    rig.body(|out| Command::from(accept).encode(out).expect("it fits"));
    (0..2).for_each(|_| rig.string(b"u\x7Fgreen\x7Fon\x7FFalse"));
    assert_eq!(rig.translator.stats().overrun, 5, "there was room for one");
}
