//! From the first string to `RUNNING`: what it is told, what it says, and how long it may take.

use expect_test::expect;
use fivewire_text::StockBridge;

use super::{check, check_running, command};
use crate::rig::Rig;

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
              Log(Log { level: Warn, line: "a stock MicroPython bridge cannot verify the broker's certificate: tls only with tls_verify = false" })
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
