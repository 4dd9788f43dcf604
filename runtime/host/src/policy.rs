//! What to answer when the bridge asks to join the configured network. The rest of the statuses need no answer.

/// A bridge said `specified_network`: its stored network failed or is not wanted, may it join the configured one?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// How often it was asked since the host started, this time included.
    pub asked: u32,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Join now, and store the network in the bridge.
    Join,
    /// Join after this many milliseconds.
    JoinAfter {
        /// How long to wait, in milliseconds.
        wait_ms: u32,
    },
    /// Do not join; the bridge goes on with its stored network.
    Refuse,
    /// The application answers itself, by `join_network`. The bridge waits as long as that takes.
    LeaveToApplication,
}

/// Decides on consent; see [`default_policy`].
pub type Policy = fn(Question) -> Consent;

/// Pause of the default policy, in milliseconds: the MicroPython system's 30 s, which it meant to wait and did not.
pub const CONSENT_PAUSE_MS: u32 = 30_000;

/// The first time joins at once; later ones wait 30 s, so that a bridge that fails again and again does not hammer
/// the access point or wear out the memory it stores the network in.
#[must_use]
pub fn default_policy(question: Question) -> Consent {
    if question.asked <= 1 {
        Consent::Join
    } else {
        Consent::JoinAfter {
            wait_ms: CONSENT_PAUSE_MS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_pauses_from_the_second_time_on() {
        let answers = [1, 2, 3].map(|asked| default_policy(Question { asked }));
        let later = Consent::JoinAfter { wait_ms: 30_000 };
        assert_eq!(answers, [Consent::Join, later, later]);
    }
}
