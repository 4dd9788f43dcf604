//! "Is the broker there?": a question of the tasks, answered by what came in lately or by a ping.
//!
//! Not here: the ping itself, and the end of a connection whose broker does not answer it (see `engine`).

use crate::clock::reached;

/// Milliseconds that a sign of life counts for.
const FRESH_MS: u32 = 1_000;

/// All tasks that ask meanwhile get the same answer.
#[derive(Debug)]
pub(crate) struct Probe {
    state: State,
    /// Answers ever, wrapping.
    round: u32,
    answer: bool,
    /// There is an answer that nobody was told of.
    pub(crate) rung: bool,
    /// When something last came in.
    heard_ms: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Idle,
    Wanted,
    /// Pinged, and to be answered by then, if ever.
    Pinged {
        until_ms: Option<u32>,
    },
}

/// A question under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    round: u32,
}

impl Probe {
    pub(crate) const NEW: Self = Self {
        state: State::Idle,
        round: 0,
        answer: false,
        rung: false,
        heard_ms: None,
    };

    /// A task asks.
    pub(crate) fn ask(&mut self) -> Question {
        if matches!(self.state, State::Idle) {
            self.state = State::Wanted;
        }
        Question { round: self.round }
    }

    /// The answer, once there is one.
    pub(crate) const fn answer(&self, question: Question) -> Option<bool> {
        if self.round == question.round {
            None
        } else {
            Some(self.answer)
        }
    }

    /// Bytes came.
    pub(crate) fn heard(&mut self, now_ms: u32) {
        self.heard_ms = Some(now_ms);
        if matches!(self.state, State::Pinged { .. }) {
            self.resolve(true);
        }
    }

    /// Time passes; true when a ping has to go out. `response_ms`: how long to wait for its answer, 0 for ever.
    pub(crate) fn pursue(&mut self, now_ms: u32, response_ms: u32) -> bool {
        match self.state {
            State::Idle => {}
            State::Wanted if self.is_fresh(now_ms) => self.resolve(true),
            State::Wanted => {
                let until_ms = (response_ms > 0).then(|| now_ms.wrapping_add(response_ms));
                self.state = State::Pinged { until_ms };
                return true;
            }
            State::Pinged { until_ms } => {
                if until_ms.is_some_and(|until_ms| reached(now_ms, until_ms)) {
                    self.resolve(false);
                }
            }
        }
        false
    }

    /// There is no connection.
    pub(crate) fn fail(&mut self) {
        self.heard_ms = None;
        if !matches!(self.state, State::Idle) {
            self.resolve(false);
        }
    }

    /// When it has to be looked at again.
    pub(crate) const fn deadline_ms(&self) -> Option<u32> {
        match self.state {
            State::Pinged { until_ms } => until_ms,
            State::Idle | State::Wanted => None,
        }
    }

    fn is_fresh(&self, now_ms: u32) -> bool {
        let old = |heard_ms: u32| reached(now_ms, heard_ms.wrapping_add(FRESH_MS));
        self.heard_ms.is_some_and(|heard_ms| !old(heard_ms))
    }

    fn resolve(&mut self, answer: bool) {
        self.state = State::Idle;
        self.round = self.round.wrapping_add(1);
        self.answer = answer;
        self.rung = true;
    }
}

#[cfg(test)]
mod tests {
    use super::Probe;

    #[test]
    fn fresh_data_answers_at_once_and_a_ping_otherwise() {
        let mut probe = Probe::NEW;
        probe.heard(100);
        let question = probe.ask();
        assert!(!probe.pursue(1_099, 10));
        assert_eq!(probe.answer(question), Some(true));
        let (question, same) = (probe.ask(), probe.ask());
        assert!(probe.pursue(1_100, 10));
        assert_eq!(probe.answer(question), None);
        assert_eq!(probe.deadline_ms(), Some(1_110));
        assert!(!probe.pursue(1_109, 10));
        probe.heard(1_109);
        assert_eq!(
            (probe.answer(question), probe.answer(same)),
            (Some(true), Some(true))
        );
    }

    #[test]
    fn silence_and_no_connection_are_answers_too() {
        let mut probe = Probe::NEW;
        let question = probe.ask();
        assert!(probe.pursue(0, 10) && !probe.pursue(10, 10));
        assert_eq!(probe.answer(question), Some(false));
        let question = probe.ask();
        probe.fail();
        assert_eq!(probe.answer(question), Some(false));
        let round = probe.round;
        probe.fail();
        assert_eq!(probe.round, round, "nobody asked");
    }
}
