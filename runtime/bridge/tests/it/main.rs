//! The bridge from outside: real links and messages on both ends, a host, a board and a broker that do what a script
//! says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how to fail")]

mod board;
mod host;
mod packets;
mod script;

mod books;
mod commands;
mod five;
mod messages;
mod outage;
mod publish;
mod secure;
mod start;
mod subscriptions;
mod time;

use expect_test::Expect;
use script::World;

/// Runs a script from a fresh link and compares the trace.
fn check(script: &str, expected: Expect) {
    expected.assert_eq(&World::new().run(script));
}

/// Runs a script from a bridge that is connected to its broker, and compares the trace.
fn check_running(keys: &str, script: &str, expected: Expect) {
    expected.assert_eq(&World::running(keys).run(script));
}
