//! A host's commands to a stock bridge, and what of its strings is believed.

use expect_test::{Expect, expect};
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
            rig.body(|out| out.raw(b"\x2e\x80").expect("it fits"));
            return;
        }
        ["unknown"] => {
            rig.body(|out| out.raw(b"\x7e").expect("it fits"));
            return;
        }
        _ => panic!("no such line: {line}"),
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
fn it_starts_as_the_old_host_starts_it() {
    let script = "
        will died
        +5
        < t|7
        configure
        < t|2
        < t|3
        join
        < t|1
        < t|0
        < t|5
        < t|9
    ";
    check(
        script,
        expect![[r#"
        will died
          says w|result|died|False|0
        +5
        < t|7
          #0 Will(Will { reason: None })
          Status(Status { status: WillOk, detail: 0 })
        configure
          says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
          #1 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
        < t|2
          Status(Status { status: StoredNetwork, detail: 0 })
        < t|3
          Status(Status { status: SpecifiedNetwork, detail: 0 })
        join
          says 1
        < t|1
          Status(Status { status: BrokerCheck, detail: 0 })
        < t|0
          Status(Status { status: BrokerOk, detail: 0 })
        < t|5
          Status(Status { status: Running, detail: 0 })
          Log(Log { level: Warn, line: "a stock MicroPython bridge: the broker will retain whatever is published, will included" })
        < t|9
          Status(Status { status: WifiUp, detail: 0 })
    "#]],
    );
}

#[test]
fn a_configuration_is_answered_when_its_string_is_out() {
    check(
        "
        slow
        configure
        +50000
        out
        < t|1
        ",
        expect![[r#"
            slow
            configure
            +50000
            out
              says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
            < t|1
              Status(Status { status: BrokerCheck, detail: 0 })
        "#]],
    );
}

#[test]
fn nothing_is_said_that_would_be_taken_for_consent() {
    check(
        "
        publish early
        configure
        publish early
        subscribe green 1
        get_time
        memory
        ping
        join
        < t|3
        ping
        subscribe green 1
        join
        join
        ",
        expect![[r#"
            publish early
              #0 Publish(Publish { outcome: Rejected, reason: NotConfigured })
            configure
              says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              #1 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
            publish early
              #2 Publish(Publish { outcome: Rejected, reason: NotConfigured })
            subscribe green 1
              #3 Subscribe(Subscribe { granted: AtLeastOnce, reason: NotConfigured })
            get_time
              #4 GetTime(GetTime { unix_time: 0 })
            memory
              Error(Error { op: 22, number: 5, reason: NotConfigured })
            ping
              #6 Ping(Ping { nonce: 9 })
            join
            < t|3
              Status(Status { status: SpecifiedNetwork, detail: 0 })
            ping
              #8 Ping(Ping { nonce: 9 })
            subscribe green 1
              #9 Subscribe(Subscribe { granted: AtLeastOnce, reason: NotConfigured })
            join
              says 1
            join
        "#]],
    );
}

#[test]
fn no_to_its_question_is_a_reset_after_a_while() {
    check(
        "
        configure
        < t|3
        +600000
        refuse
        +29000
        +2000
        ",
        expect![[r#"
            configure
              says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
            < t|3
              Status(Status { status: SpecifiedNetwork, detail: 0 })
            +600000
            refuse
            +29000
            +2000
            Restart
        "#]],
    );
}

#[test]
fn no_step_of_the_start_waits_for_ever() {
    for script in [
        "will died\n+5999\n+1000",
        "configure\n+14000\n+2000",
        "configure\n< t|2\n+29000\n+2000",
        "configure\n< t|3\njoin\n+119000\n+2000",
        "configure\n< t|1\n+59000\n+2000",
        "configure\n< t|1\n< t|0\n+9000\n+2000",
    ] {
        let trace = Rig::new(StockBridge::new()).run(script, command);
        let faults = trace.matches("Silent").count();
        assert!(
            faults == 1 && trace.ends_with("+1000\nSilent\n") | trace.ends_with("+2000\nSilent\n"),
            "{trace}"
        );
    }
}

#[test]
fn a_network_that_cannot_be_joined_is_told() {
    check(
        "configure\n< t|3\njoin\n+31000\n< t|1",
        expect![[r#"
        configure
          says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
          #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
        < t|3
          Status(Status { status: SpecifiedNetwork, detail: 0 })
        join
          says 1
        +31000
          Status(Status { status: NetworkFailed, detail: 0 })
        < t|1
          Status(Status { status: BrokerCheck, detail: 0 })
    "#]],
    );
}

#[test]
fn shifted_characters_are_noticed() {
    check(
        "configure\n< J~\n< 2|x\n< tt",
        expect![[r#"
        configure
          says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
          #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
        < J~
        < 2|x
        < tt
        Garbled
    "#]],
    );
}

#[test]
fn its_dead_ends_are_told_to_the_host() {
    check(
        "configure\n< t|1\n< t|8",
        expect![[r#"
        configure
          says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
          #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
        < t|1
          Status(Status { status: BrokerCheck, detail: 0 })
        < t|8
          Status(Status { status: BrokerFail, detail: 0 })
    "#]],
    );
    check(
        "will died\n< t|6|Expected init, got: |v|result",
        expect![[r#"
        will died
          says w|result|died|False|0
        < t|6|Expected init, got: |v|result
          Status(Status { status: UnknownCommand, detail: 0 })
    "#]],
    );
    check_running(
        "< t|6|Unknown command:|q|result|42|0|1",
        expect![[r#"
        < t|6|Unknown command:|q|result|42|0|1
          Status(Status { status: UnknownCommand, detail: 0 })
    "#]],
    );
}

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
fn a_setting_it_has_no_word_for_is_refused() {
    check(
        "configure client_id\n+1\nconfigure",
        expect![[r#"
        configure client_id
          #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: Unsupported })
          Status(Status { status: ConfigRejected, detail: 7 })
          Log(Log { level: Error, line: "configure refused: the MicroPython system cannot be told this client_id" })
        +1
        configure
          says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
          #1 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
    "#]],
    );
}

#[test]
fn tls_without_verification_is_for_who_asks_for_it() {
    check(
        "configure tls",
        expect![[r#"
        configure tls
          #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: Unsupported })
          Status(Status { status: ConfigRejected, detail: 20 })
          Log(Log { level: Error, line: "configure refused: the MicroPython system cannot be told this tls_verify" })
    "#]],
    );
    check(
        "configure tls unverified\n< t|2",
        expect![[r#"
        configure tls unverified
          says init|net|secret|10.0.0.1|||{}|1|0|1|1|60|0|1|4|10|0|pool.ntp.org
          #0 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
          Log(Log { level: Warn, line: "a stock MicroPython bridge does not look at the broker's certificate: anyone can be the broker" })
        < t|2
          Status(Status { status: StoredNetwork, detail: 0 })
    "#]],
    );
}

#[test]
fn what_it_knows_already_is_not_told_again_and_anything_else_takes_a_reset() {
    check(
        "will died\n< t|7\nwill died\nconfigure\nconfigure\nwill died\nwill other",
        expect![[r#"
            will died
              says w|result|died|False|0
            < t|7
              #0 Will(Will { reason: None })
              Status(Status { status: WillOk, detail: 0 })
            will died
              #1 Will(Will { reason: None })
            configure
              says init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              #2 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
            configure
              #3 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
            will died
              #4 Will(Will { reason: None })
            will other
            Restart
        "#]],
    );
    check_running(
        "configure\nconfigure other",
        expect![[r#"
        configure
          #1 Configure(Configure { publish_messages: 1, publish_bytes: 1152, cause: PowerOn, reason: None })
        configure other
        Restart
    "#]],
    );
    check_running(
        "restart",
        expect![[r#"
        restart
        Restart
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
fn an_outage_may_last() {
    check_running(
        "publish 1\n< t|10\n+3600000\nping\n< t|9\n< t|4",
        expect![[r#"
        publish 1
          says p|result|1|0|1
        < t|10
          Status(Status { status: WifiDown, detail: 0 })
        +3600000
        ping
          #2 Ping(Ping { nonce: 9 })
        < t|9
          Status(Status { status: WifiUp, detail: 0 })
        < t|4
          #1 Publish(Publish { outcome: Delivered, reason: None })
    "#]],
    );
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
          Status(Status { status: WifiDown, detail: 0 })
          Status(Status { status: WifiUp, detail: 0 })
    "#]]
    .assert_eq(&trace);
    assert_eq!(rig.translator.stats().refuted, 1);
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
