//! An SNTP server (RFC 4330) that can also be silent, late or talk nonsense.

/// How the time server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeMood {
    /// It answers.
    Right,
    /// It does not.
    Silent,
    /// It answers too late.
    Late,
    /// It answers, but not with a time: the wrong length, the wrong originator, or "go away", in turn.
    Garbage,
}

impl TimeMood {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Right, Self::Silent, Self::Late, Self::Garbage];
}

/// The time server.
#[derive(Clone, Debug)]
pub struct TimeServer {
    /// How it behaves.
    pub mood: TimeMood,
    /// Its name.
    pub name: String,
    /// What it answers when the virtual time is 0, in seconds since 1970.
    pub unix_time: u32,
    asked: u32,
}

impl Default for TimeServer {
    fn default() -> Self {
        Self {
            mood: TimeMood::Right,
            name: "pool.ntp.org".into(),
            unix_time: 1_767_225_600,
            asked: 0,
        }
    }
}

/// Seconds from 1900, where NTP starts to count, to 1970.
const UNIX_EPOCH: u32 = 2_208_988_800;
/// How late a late answer is.
const LATE_MS: u64 = 7_000;

impl TimeServer {
    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.asked
    }

    /// The time at the virtual time `now_ms`, in seconds since 1970.
    #[must_use]
    pub fn unix_time_at(&self, now_ms: u64) -> u32 {
        self.unix_time.wrapping_add((now_ms / 1_000) as u32)
    }

    /// The answer to a datagram, and how long it takes on top of the way.
    pub(crate) fn answer(
        &mut self,
        now_ms: u64,
        host: &str,
        port: u16,
        request: &[u8],
    ) -> Option<(u64, Vec<u8>)> {
        let nonce = request
            .get(40..48)
            .filter(|_| host == self.name && port == 123 && request.len() == 48)?;
        self.asked += 1;
        let mut packet = vec![0; 48];
        for (to, from) in packet.iter_mut().skip(24).zip(nonce) {
            *to = *from;
        }
        let seconds = self.unix_time_at(now_ms).wrapping_add(UNIX_EPOCH).to_be_bytes();
        for (to, from) in packet.iter_mut().skip(40).zip(seconds) {
            *to = from;
        }
        for (to, from) in packet.iter_mut().zip([0x24, 1]) {
            *to = from;
        }
        match self.mood {
            TimeMood::Right => Some((0, packet)),
            TimeMood::Late => Some((LATE_MS, packet)),
            TimeMood::Silent => None,
            TimeMood::Garbage => Some((0, spoil(packet, self.asked))),
        }
    }
}

fn spoil(mut packet: Vec<u8>, how: u32) -> Vec<u8> {
    match how % 3 {
        0 => packet.truncate(47),
        1 => packet.iter_mut().skip(24).take(8).for_each(|byte| *byte ^= 0x55),
        _ => packet
            .iter_mut()
            .skip(1)
            .take(1)
            .for_each(|stratum| *stratum = 16),
    }
    packet
}
