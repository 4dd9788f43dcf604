//! Bodies reach their handler method, and answers find their way back.

use crate::protocols::answers::{
    Command, CommandHandler, EventHandler, ReplyHandler, command, dispatch_command, dispatch_event,
    dispatch_reply, event, reply,
};
use fivewire_wire::{Answer, CommandMessage, DecodeError, DispatchError, EncodeError, Ticket, Writer};

/// A lamp that writes down what happens to it.
#[derive(Default)]
struct Lamp {
    name: String,
    log: Vec<String>,
    kept: Option<Ticket<reply::Switch>>,
}

impl CommandHandler for Lamp {
    fn ping(&mut self, _: Ticket<reply::Ping>, command: command::Ping) -> Answer<reply::Ping> {
        Answer::Now(reply::Ping { nonce: command.nonce })
    }

    fn switch(&mut self, ticket: Ticket<reply::Switch>, command: command::Switch) -> Answer<reply::Switch> {
        self.log.push(format!("{command:?}"));
        self.kept = Some(ticket);
        Answer::Later
    }

    fn name(&mut self, _: Ticket<reply::Name<'static>>, _: command::Name) -> Answer<reply::Name<'_>> {
        Answer::Now(reply::Name { text: &self.name })
    }

    fn blink(&mut self, command: command::Blink) {
        self.log.push(format!("{command:?}"));
    }
}

impl ReplyHandler for Lamp {
    fn ping(&mut self, number: u8, reply: reply::Ping) {
        self.log.push(format!("{number} {reply:?}"));
    }

    fn switch(&mut self, number: u8, reply: reply::Switch) {
        self.log.push(format!("{number} {reply:?}"));
    }

    fn name(&mut self, number: u8, reply: reply::Name<'_>) {
        self.log.push(format!("{number} {reply:?}"));
    }
}

impl EventHandler for Lamp {
    fn pressed(&mut self, event: event::Pressed) {
        self.log.push(format!("{event:?}"));
    }
}

/// What dispatch says, and the reply it wrote.
fn dispatch(lamp: &mut Lamp, body: &[u8], number: u8) -> (Result<bool, DispatchError>, Vec<u8>) {
    let mut buffer = [0; 32];
    let mut out = Writer::new(&mut buffer);
    let result = dispatch_command(body, number, lamp, &mut out);
    (result, out.written().to_vec())
}

#[test]
fn an_answer_carries_the_number_of_its_command() {
    let mut lamp = Lamp::default();
    assert_eq!(
        dispatch(&mut lamp, &[0x10, 9], 200),
        (Ok(true), vec![0x90, 200, 9])
    );
}

#[test]
fn a_kept_ticket_answers_later() {
    let mut lamp = Lamp::default();
    assert_eq!(dispatch(&mut lamp, &[0x13], 5), (Ok(false), vec![]));
    assert_eq!(lamp.log, ["Switch { lit: true }"]);
    let mut buffer = [0; 8];
    let mut out = Writer::new(&mut buffer);
    let ticket = lamp.kept.expect("kept");
    assert_eq!(ticket.reply(&reply::Switch, &mut out), Ok(()));
    assert_eq!(out.written(), [0x92, 5]);
}

#[test]
fn an_answer_may_borrow_from_the_handler() {
    let mut lamp = Lamp {
        name: "desk".to_owned(),
        ..Lamp::default()
    };
    assert_eq!(
        dispatch(&mut lamp, &[0x14], 1),
        (Ok(true), vec![0x94, 1, b'd', b'e', b's', b'k'])
    );
}

#[test]
fn a_one_way_command_has_no_answer() {
    let mut lamp = Lamp::default();
    assert_eq!(dispatch(&mut lamp, &[0x15, 3], 0), (Ok(false), vec![]));
    assert_eq!(lamp.log, ["Blink { times: 3 }"]);
}

#[test]
fn nobody_is_called_for_a_wrong_body() {
    let mut lamp = Lamp::default();
    assert_eq!(
        dispatch(&mut lamp, &[0x1F], 0).0,
        Err(DecodeError::UnknownOp(0x1F).into())
    );
    assert_eq!(dispatch(&mut lamp, &[], 0).0, Err(DecodeError::Empty.into()));
    assert_eq!(
        dispatch(&mut lamp, &[0x15], 0).0,
        Err(DecodeError::Truncated { field: "times" }.into())
    );
    assert_eq!(
        dispatch_event(&[0x15, 1], &mut lamp),
        Err(DecodeError::UnknownOp(0x15))
    );
    assert_eq!(
        dispatch_reply(&[0x10, 1], &mut lamp),
        Err(DecodeError::UnknownOp(0x10))
    );
    assert_eq!(lamp.log, [""; 0]);
}

#[test]
fn a_reply_that_cannot_be_written_is_this_ends_fault() {
    let mut lamp = Lamp::default();
    let beyond = EncodeError::OutOfRange { field: "nonce" };
    assert_eq!(
        dispatch(&mut lamp, &[0x10, 100], 0).0,
        Err(DispatchError::Encode(beyond))
    );
    let full = dispatch_command(&[0x10, 9], 0, &mut lamp, &mut Writer::new(&mut [0; 2]));
    assert_eq!(full, Err(DispatchError::Encode(EncodeError::Full)));
}

#[test]
fn replies_and_events_reach_their_method() {
    let mut lamp = Lamp::default();
    assert_eq!(dispatch_reply(&[0x94, 7, b'h', b'i'], &mut lamp), Ok(()));
    assert_eq!(dispatch_reply(&[0x92, 8], &mut lamp), Ok(()));
    assert_eq!(dispatch_event(&[0x40], &mut lamp), Ok(()));
    assert_eq!(lamp.log, [r#"7 Name { text: "hi" }"#, "8 Switch", "Pressed"]);
}

/// Pairs a command with its reply at compile time.
fn answer_to<C: CommandMessage>(_: &C, reply: C::Reply) -> C::Reply {
    reply
}

#[test]
fn a_command_knows_its_reply_and_its_rules() {
    let ping = command::Ping { nonce: 1 };
    assert_eq!(answer_to(&ping, reply::Ping { nonce: 1 }).nonce, 1);
    let info = Command::from(ping).info();
    assert_eq!(
        (info.name, info.timeout_ms, info.one_way),
        ("ping", Some(500), false)
    );
    let blink = Command::from(command::Blink { times: 1 }).info();
    assert_eq!((blink.one_way, blink.timeout_ms), (true, None));
}
