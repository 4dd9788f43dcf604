//! A MicroPython host's strings to a bridge, and what of the bridge's replies and events it is told.

use expect_test::{Expect, expect};
use fivewire_text::{HostNote, HostStats, StockHost, Strings};
use fivewire_wire::event::{self, Event};
use fivewire_wire::reply;
use fivewire_wire::{LogLevel, Outcome, QoS, Reason, ReplyMessage, ResetCause, Status, TextError, Ticket};

use crate::rig::Rig;

fn event<'e>(rig: &mut Rig<StockHost>, event: impl Into<Event<'e>>) {
    let event = event.into();
    rig.body(|out| event.encode(out).expect("it fits"));
}

fn reply<R: ReplyMessage>(rig: &mut Rig<StockHost>, reply: &R::At<'_>) {
    rig.body(|out| Ticket::<R>::new(0).reply(reply, out).expect("it fits"));
}

/// What the bridge sends: a reply or an event.
fn bridge(rig: &mut Rig<StockHost>, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let message = |payload| event::Message {
        topic: "green",
        payload,
        retained: true,
        dup: true,
        qos: QoS::AtLeastOnce,
        packet_id: 0,
        properties: b"",
    };
    let configured = |reason| reply::Configure {
        publish_messages: 8,
        publish_bytes: 4096,
        cause: ResetCause::PowerOn,
        reason,
    };
    let published = |outcome, reason| reply::Publish { outcome, reason };
    let (granted, none) = (QoS::AtLeastOnce, Reason::None);
    match words[..] {
        ["will", "stored"] => reply::<reply::Will>(rig, &reply::Will { reason: none }),
        ["bad_will"] => {
            let reason = Reason::BadTopic;
            reply::<reply::Will>(rig, &reply::Will { reason });
        }
        ["configured"] => reply::<reply::Configure>(rig, &configured(none)),
        ["misconfigured"] => reply::<reply::Configure>(rig, &configured(Reason::Unsupported)),
        ["published"] => reply::<reply::Publish>(rig, &published(Outcome::Delivered, none)),
        ["not", "published"] => reply::<reply::Publish>(rig, &published(Outcome::Rejected, Reason::BadTopic)),
        ["subscribed"] => reply::<reply::Subscribe>(
            rig,
            &reply::Subscribe {
                granted,
                reason: none,
            },
        ),
        ["not", "subscribed"] => {
            let reason = Reason::RefusedByBroker;
            reply::<reply::Subscribe>(rig, &reply::Subscribe { granted, reason });
        }
        ["time", time] => {
            let unix_time = time.parse().expect("seconds");
            reply::<reply::GetTime>(rig, &reply::GetTime { unix_time });
        }
        ["memory"] => reply::<reply::Memory>(rig, &reply::Memory { free: 7, used: 8 }),
        ["message", "zero", "byte"] => event(rig, message(b"a\0t\x7F6")),
        ["message", "separator"] => event(rig, message(b"a\x7FTrue")),
        ["message", "utf", "8"] => event(rig, message("ü".as_bytes())),
        ["message", payload] => event(rig, message(payload.as_bytes())),
        ["error", op, number] => event(
            rig,
            event::Error {
                op: u8::from_str_radix(op, 16).expect("an op"),
                number: number.parse().expect("a number"),
                reason: Reason::Malformed,
            },
        ),
        ["log"] => event(
            rig,
            event::Log {
                level: LogLevel::Error,
                line: "broken",
            },
        ),
        ["released"] => event(rig, event::Released { packet_id: 5 }),
        ["learned"] => event(rig, event::Time { unix_time: 1 }),
        [name] => {
            let status = Status::ALL.iter().find(|status| status.name() == name);
            let status = *status.unwrap_or_else(|| unreachable!("no such line: {line}"));
            event(rig, event::Status { status, detail: 1 });
        }
        _ => unreachable!("no such line: {line}"),
    }
}

const INIT: &str = "init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org";

fn check(script: &str, expected: Expect) -> Rig<StockHost> {
    let mut rig = Rig::new(StockHost::new());
    expected.assert_eq(&rig.run(script, bridge));
    rig
}

fn running() -> Rig<StockHost> {
    let mut rig = Rig::new(StockHost::new());
    let start = "configured\nstored_network\nwifi_up\nbroker_check\nbroker_ok\nrunning";
    rig.run(&format!("< {INIT}\n{start}"), bridge);
    rig
}

fn check_running(script: &str, expected: Expect) -> Rig<StockHost> {
    let mut rig = running();
    expected.assert_eq(&rig.run(script, bridge));
    rig
}

#[test]
fn the_old_host_is_told_of_the_start_in_the_order_that_it_needs() {
    check(
        &format!(
            "
        < w|result|died|False|0
        will stored
        will_ok
        < {INIT}
        configured
        stored_network
        wifi_down
        specified_network
        < 1
        network_failed
        wifi_up
        broker_check
        broker_down
        broker_check
        broker_ok
        running
        wifi_up
        wifi_down
        broker_down
        broker_check
        broker_ok
        wifi_up
    "
        ),
        expect![[r#"
            < w|result|died|False|0
              Will(Will { topic: "result", payload: [100, 105, 101, 100], retain: false, qos: AtMostOnce })
            will stored
              says t|7
            will_ok
            < init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              Configure(Configure { inbox_messages: 32, inbox_bytes: 32768, next_packet_id: 1, resumed: false, settings: Config { ssid: "net", password: <redacted>, broker: "10.0.0.1", port: 0, mqtt_user: "", mqtt_password: <redacted>, client_id: "", keep_alive: 60, ping_interval: 0, response_time: 10, max_repubs: 4, clean: true, clean_init: true, mqtt_version: V3_1_1, tls: false, use_default_net: true, timeserver: "pool.ntp.org", fast: true, debug: false, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 } })
            configured
            stored_network
              says t|2
            wifi_down
            specified_network
              says t|3
            < 1
              JoinNetwork(JoinNetwork { consent: true })
            network_failed
            wifi_up
            broker_check
              says t|1
            broker_down
            broker_check
              says t|1
            broker_ok
              says t|0
            running
              says t|5
              says t|9
            wifi_up
            wifi_down
              says t|10
            broker_down
            broker_check
            broker_ok
            wifi_up
              says t|9
        "#]],
    );
}

#[test]
fn any_string_is_consent_once_it_was_asked_for() {
    check(
        &format!("< {INIT}\nconfigured\nspecified_network\n< p|result|42|0|1\n< p|result|42|0|1"),
        expect![[r#"
            < init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              Configure(Configure { inbox_messages: 32, inbox_bytes: 32768, next_packet_id: 1, resumed: false, settings: Config { ssid: "net", password: <redacted>, broker: "10.0.0.1", port: 0, mqtt_user: "", mqtt_password: <redacted>, client_id: "", keep_alive: 60, ping_interval: 0, response_time: 10, max_repubs: 4, clean: true, clean_init: true, mqtt_version: V3_1_1, tls: false, use_default_net: true, timeserver: "pool.ntp.org", fast: true, debug: false, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 } })
            configured
            specified_network
              says t|3
            < p|result|42|0|1
              JoinNetwork(JoinNetwork { consent: true })
            < p|result|42|0|1
              Publish(Publish { topic: "result", payload: [52, 50], retain: false, qos: AtLeastOnce, packet_id: 0, properties: [] })
        "#]],
    );
}

#[test]
fn a_flag_is_understood_however_it_is_spelt() {
    for (spelling, retain) in [
        ("True", true),
        ("False", false),
        ("1", true),
        ("0", false),
        ("FALSE", false),
    ] {
        let mut rig = Rig::new(StockHost::new());
        let trace = rig.run(&format!("< w|result|died|{spelling}|1"), bridge);
        assert!(
            trace.contains(&format!("retain: {retain}, qos: AtLeastOnce")),
            "{trace}"
        );
        let mut rig = running();
        let trace = rig.run(&format!("< p|result|42|{spelling}|0"), bridge);
        assert!(
            trace.contains(&format!("retain: {retain}, qos: AtMostOnce")),
            "{trace}"
        );
    }
}

#[test]
fn the_whole_configuration_arrives_and_nothing_of_it_is_evaluated() {
    check(
        "< init|net|secret|10.0.0.1|me|word|{'server_hostname': 'broker.lan', 'x': print(1)}|0|8883|1|0|30|1|0|2|7|9|ntp.lan",
        expect![[r#"
            < init|net|secret|10.0.0.1|me|word|{'server_hostname': 'broker.lan', 'x': print(1)}|0|8883|1|0|30|1|0|2|7|9|ntp.lan
              Configure(Configure { inbox_messages: 32, inbox_bytes: 32768, next_packet_id: 1, resumed: false, settings: Config { ssid: "net", password: <redacted>, broker: "10.0.0.1", port: 8883, mqtt_user: "me", mqtt_password: <redacted>, client_id: "", keep_alive: 30, ping_interval: 9, response_time: 7, max_repubs: 2, clean: false, clean_init: true, mqtt_version: V3_1_1, tls: true, use_default_net: false, timeserver: "ntp.lan", fast: false, debug: true, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "broker.lan", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 } })
        "#]],
    );
}

#[test]
fn a_host_of_2018_names_no_timeserver() {
    check(
        "< init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0",
        expect![[r#"
            < init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0
              Configure(Configure { inbox_messages: 32, inbox_bytes: 32768, next_packet_id: 1, resumed: false, settings: Config { ssid: "net", password: <redacted>, broker: "10.0.0.1", port: 0, mqtt_user: "", mqtt_password: <redacted>, client_id: "", keep_alive: 60, ping_interval: 0, response_time: 10, max_repubs: 4, clean: true, clean_init: true, mqtt_version: V3_1_1, tls: false, use_default_net: true, timeserver: "pool.ntp.org", fast: true, debug: false, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 } })
        "#]],
    );
}

#[test]
fn only_init_begins() {
    check(
        "< p|result|42|0|1\n< hello",
        expect![[r#"
        < p|result|42|0|1
          says t|6|Expected init, got: |p|result|42|0|1
        < hello
          says t|6|Expected init, got: |hello
    "#]],
    );
    check(
        "< init|net\n< w|only",
        expect![[r#"
        < init|net
          says t|6|Expected init, got: |init
        < w|only
          says t|7
    "#]],
    );
    let mut rig = check(
        &format!("< {INIT}\nmisconfigured\nconfig_rejected"),
        expect![[r#"
            < init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              Configure(Configure { inbox_messages: 32, inbox_bytes: 32768, next_packet_id: 1, resumed: false, settings: Config { ssid: "net", password: <redacted>, broker: "10.0.0.1", port: 0, mqtt_user: "", mqtt_password: <redacted>, client_id: "", keep_alive: 60, ping_interval: 0, response_time: 10, max_repubs: 4, clean: true, clean_init: true, mqtt_version: V3_1_1, tls: false, use_default_net: true, timeserver: "pool.ntp.org", fast: true, debug: false, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 } })
            misconfigured
              says t|6|Expected init, got: |unsupported
            config_rejected
        "#]],
    );
    assert_eq!(
        rig.translator.poll_note(),
        Some(HostNote::Misconfigured(Reason::Unsupported))
    );
}

#[test]
fn what_it_does_not_know_comes_back() {
    check_running(
        &format!("< x|y|z\n< {INIT}\n< w|result|died|False|0"),
        expect![[r#"
            < x|y|z
              says t|6|Unknown command:|x|y|z
            < init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
              says t|6|Unknown command:|init
            < w|result|died|False|0
              says t|6|Unknown command:|w|result|died|False|0
        "#]],
    );
    let long = "long".repeat(100);
    let mut rig = running();
    let trace = rig.run(&format!("< {long}"), bridge);
    assert!(trace.contains("says t|6|Unknown command:|longlong"), "{trace}");
}

#[test]
fn a_publication_is_acknowledged_whatever_became_of_it() {
    let topic = "t".repeat(129);
    let mut rig = check_running(
        "< p|result|42|0|1\npublished\n< p|result/#|42|0|1\nnot published\nerror 22 3",
        expect![[r#"
            < p|result|42|0|1
              Publish(Publish { topic: "result", payload: [52, 50], retain: false, qos: AtLeastOnce, packet_id: 0, properties: [] })
            published
              says t|4
            < p|result/#|42|0|1
              Publish(Publish { topic: "result/#", payload: [52, 50], retain: false, qos: AtLeastOnce, packet_id: 0, properties: [] })
            not published
              says t|4
            error 22 3
              says t|4
        "#]],
    );
    assert_eq!(
        rig.translator.poll_note(),
        Some(HostNote::NotPublished(Reason::Malformed))
    );
    assert_eq!(rig.translator.stats().not_published, 2);
    let trace = rig.run(&format!("< p|{topic}|42|0|1"), bridge);
    assert!(trace.ends_with("says t|4\n"), "{trace}");
    let why = TextError::TooLong {
        field: "topic",
        max: 128,
    };
    assert_eq!(rig.translator.poll_note(), Some(HostNote::Unreadable(Some(why))));
}

#[test]
fn a_string_that_was_too_long_may_have_been_a_publication() {
    check(
        "dropped",
        expect![[r#"
        dropped
          says t|6|Expected init, got: |
    "#]],
    );
    check_running(
        "dropped",
        expect![[r#"
        dropped
          says t|4
    "#]],
    );
}

#[test]
fn a_will_is_acknowledged_whatever_became_of_it() {
    let mut rig = check(
        "< w|result/#|died|False|0\nbad_will\nerror 10 0",
        expect![[r#"
        < w|result/#|died|False|0
          Will(Will { topic: "result/#", payload: [100, 105, 101, 100], retain: false, qos: AtMostOnce })
        bad_will
          says t|7
        error 10 0
          says t|7
    "#]],
    );
    assert_eq!(
        rig.translator.poll_note(),
        Some(HostNote::NoWill(Reason::Malformed))
    );
}

#[test]
fn a_subscription_has_no_answer() {
    let mut rig = check_running(
        "< s|green|1\nsubscribed\n< s|blue|0\nnot subscribed\n< s|x",
        expect![[r#"
            < s|green|1
              Subscribe(Subscribe { filter: "green", qos: AtLeastOnce })
            subscribed
            < s|blue|0
              Subscribe(Subscribe { filter: "blue", qos: AtMostOnce })
            not subscribed
            < s|x
        "#]],
    );
    assert_eq!(
        rig.translator.poll_note(),
        Some(HostNote::Unreadable(Some(TextError::Missing { field: "qos" })))
    );
}

#[test]
fn time_and_memory_are_answered() {
    check_running(
        "< i\ntime 1767139200\n< i\ntime 0\n< i\ntime 5\nerror 15 1\n< m\nmemory\n< i|\n< m|x",
        expect![[r#"
            < i
              GetTime(GetTime)
            time 1767139200
              says i|820454400
            < i
              GetTime(GetTime)
            time 0
              says i|0
            < i
              GetTime(GetTime)
            time 5
              says i|0
            error 15 1
              says i|0
            < m
              Memory(Memory)
            memory
              says m|7|8
            < i|
              GetTime(GetTime)
            < m|x
              Memory(Memory)
        "#]],
    );
}

#[test]
fn a_message_is_accepted_when_its_last_character_is_out() {
    check_running(
        "message on\nslow\nmessage off\nlearned\nlog\nout",
        expect![[r#"
        message on
          says u|green|on|True
          Accept(Accept { number: 6 })
        slow
        message off
        learned
        log
        out
          says u|green|off|True
          Accept(Accept { number: 7 })
    "#]],
    );
}

#[test]
fn messages_wait_while_strings_do() {
    let mut rig = running();
    rig.run("slow\nmessage 1\nmessage 2\nmessage 3\nmessage 4", bridge);
    assert!(!fivewire_text::Translator::is_ready(&rig.translator));
    expect![[r#"
        out
          says u|green|1|True
          says u|green|2|True
          says u|green|3|True
          says u|green|4|True
          Accept(Accept { number: 6 })
          Accept(Accept { number: 7 })
          Accept(Accept { number: 8 })
          Accept(Accept { number: 9 })
    "#]]
    .assert_eq(&rig.run("out", bridge));
    assert!(fivewire_text::Translator::is_ready(&rig.translator));
}

#[test]
fn what_text_cannot_carry_is_never_injected() {
    let mut rig = check_running(
        "message zero byte\nmessage separator\nmessage utf 8\nmessage on\nreleased",
        expect![[r#"
            message zero byte
              Accept(Accept { number: 6 })
            message separator
              Accept(Accept { number: 7 })
            message utf 8
              Accept(Accept { number: 8 })
            message on
              says u|green|on|True
              Accept(Accept { number: 9 })
            released
              Complete(Complete { packet_id: 5, known: false })
        "#]],
    );
    let why = TextError::ForbiddenByte { field: "payload" };
    assert_eq!(rig.translator.poll_note(), Some(HostNote::Unsayable(why)));
    assert_eq!(rig.translator.poll_note(), None);
    let stats = HostStats {
        unsayable: 3,
        ..HostStats::default()
    };
    assert_eq!(rig.translator.stats(), stats);
}

#[test]
fn what_is_no_answer_to_a_host_of_this_kind_is_left_out() {
    let mut rig = running();
    rig.body(|out| out.encoded(b"\xEE\x00").expect("it fits"));
    reply::<reply::Ping>(&mut rig, &reply::Ping { nonce: 1 });
    assert_eq!(rig.trace(), "");
}

/// Only a host that was taken for an old one by chance goes on like this, and it must be taken for what it is.
#[test]
fn what_no_old_host_says_first_ends_the_link_when_it_does_not_end() {
    check(
        "
        < abc
        < {}
        dropped
    ",
        expect![[r#"
            < abc
              says t|6|Expected init, got: |abc
            < {}
              says t|6|Expected init, got: |{}
            dropped
            Garbled
        "#]],
    );
    check(
        &format!("< abc\n< abc\n< {INIT}\n< x\n< y\n< z"),
        expect![[r#"
        < abc
          says t|6|Expected init, got: |abc
        < abc
          says t|6|Expected init, got: |abc
        < init|net|secret|10.0.0.1|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org
          Configure(Configure { inbox_messages: 32, inbox_bytes: 32768, next_packet_id: 1, resumed: false, settings: Config { ssid: "net", password: <redacted>, broker: "10.0.0.1", port: 0, mqtt_user: "", mqtt_password: <redacted>, client_id: "", keep_alive: 60, ping_interval: 0, response_time: 10, max_repubs: 4, clean: true, clean_init: true, mqtt_version: V3_1_1, tls: false, use_default_net: true, timeserver: "pool.ntp.org", fast: true, debug: false, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 } })
        < x
          says t|6|Unknown command:|x
        < y
          says t|6|Unknown command:|y
        < z
          says t|6|Unknown command:|z
    "#]],
    );
}

/// Answers to what could not be read wait until there is room for them; the host waits for each without limit.
#[test]
fn answers_that_have_no_room_are_said_later() {
    let mut rig = running();
    rig.fast_wires = false;
    let strings: &mut Strings = &mut rig.strings;
    strings.push(&[b'x'; 4000]).expect("room");
    (0..40).for_each(|_| rig.string(b"p\x7Fresult"));
    rig.string(b"q\x7Fresult");
    assert_eq!(rig.fault, None);
    let trace = rig.run("out", bridge);
    assert_eq!(trace.matches("says t|4").count(), 40, "{trace}");
    assert_eq!(trace.matches("says t|6|Unknown command:|").count(), 1, "{trace}");
}
