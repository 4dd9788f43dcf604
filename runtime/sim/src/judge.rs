//! What the world asks after each step: did the bridge keep to MQTT, does the ledger agree, is everything within its
//! bounds? What follows from an answer is the world's business.

use crate::broker::{Ending, Seen};
use crate::ends::{MESSAGES, PUBLISHES};
use crate::ledger::Verdict;
use crate::setup::{WILL_PAYLOAD, WILL_TOPIC};
use crate::world::World;

impl World {
    /// Takes what the broker saw to the ledger.
    pub(crate) fn judge_broker(&mut self) -> Verdict {
        while let Some(seen) = self.broker.poll_seen() {
            self.tell_seen(&seen);
            match seen {
                Seen::Violation(what) => return Err(format!("the bridge broke MQTT: {what}")),
                Seen::Published {
                    message,
                    packet_id,
                    again,
                    ..
                } => self.ledger.arrived(&message, packet_id, again)?,
                Seen::Acknowledged(message) => self.ledger.acknowledged(&message)?,
                Seen::Forgotten { .. } => self.ledger.forgotten(),
                Seen::Will(message) if message.topic != WILL_TOPIC || message.payload != WILL_PAYLOAD => {
                    return Err(format!("the will changed: {message:?}"));
                }
                Seen::Closed {
                    id,
                    ending: Ending::KeepAlive,
                } if self.board.network.is_sound(id) => {
                    return Err("the bridge did not keep the connection alive".into());
                }
                Seen::Connected {
                    session_present: false,
                    ..
                } => self.ledger.session_lost(),
                Seen::Refused(_)
                | Seen::Released(_)
                | Seen::Will(_)
                | Seen::Closed { .. }
                | Seen::Connected { .. }
                | Seen::Subscribed(_)
                | Seen::Unsubscribed(_) => {}
            }
        }
        Ok(())
    }

    fn tell_seen(&mut self, seen: &Seen) {
        match seen {
            Seen::Published {
                message,
                packet_id,
                dup,
                again,
            } => {
                let (topic, bytes, qos) = (&message.topic, message.payload.len(), message.qos);
                let dup = if *dup { ", DUP" } else { "" };
                let known = if *again { ", known" } else { "" };
                self.trace.line(
                    self.now_ms,
                    "broker",
                    format_args!("gets {topic}, {bytes} bytes, QoS {qos}, id {packet_id}{dup}{known}"),
                );
            }
            Seen::Acknowledged(message) => {
                self.trace.line(
                    self.now_ms,
                    "broker",
                    format_args!("has {} acknowledged", message.topic),
                );
            }
            Seen::Closed { ending, .. } => {
                self.trace
                    .line(self.now_ms, "broker", format_args!("connection over: {ending:?}"));
            }
            other => self.trace.line(self.now_ms, "broker", format_args!("{other:?}")),
        }
    }

    /// What must never grow.
    pub(crate) fn check_bounds(&self) -> Verdict {
        let under_way = self.board.messages - self.board.accepts.min(self.board.messages);
        if under_way > MESSAGES {
            return Err(format!(
                "the bridge sent {under_way} messages to a host with room for {MESSAGES}"
            ));
        }
        if self.host.host.open_publishes() > PUBLISHES
            || self.host.host.waiting_messages() > MESSAGES as usize
        {
            return Err("the host holds more than its bounds".into());
        }
        Ok(())
    }
}
