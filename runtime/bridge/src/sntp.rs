//! SNTP packets (RFC 4330): 48 bytes there and back. When to ask, how often and whom is not decided here; a board whose TLS
//! needs the date asks with the same packets.

use core::fmt;

/// Bytes of a request, and of the part of an answer that counts.
pub const PACKET_BYTES: usize = 48;
/// UDP port of the servers.
pub const PORT: u16 = 123;
/// Seconds from 1900, where NTP starts to count, to 1970.
const UNIX_EPOCH: u32 = 2_208_988_800;

/// Why an answer does not tell the time (RFC 4330 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SntpError {
    /// Shorter than a packet.
    Short,
    /// Not an answer of a server, or not to this request: someone else's, an old one or a forged one.
    NotMine,
    /// The server does not know the time itself.
    Unsynchronised,
    /// Kiss-o'-death: the server does not want to be asked.
    GoAway,
}

impl core::error::Error for SntpError {}

impl fmt::Display for SntpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => "short answer",
            Self::NotMine => "not an answer to the request",
            Self::Unsynchronised => "the server does not know the time",
            Self::GoAway => "the server does not want to be asked",
        })
    }
}

/// A request. `nonce` stands where the client's time may stand; the server sends it back.
#[must_use]
pub fn request(nonce: [u8; 8]) -> [u8; PACKET_BYTES] {
    /// Leap indicator 0, version 4, mode 3 (client).
    const CLIENT: u8 = 0x23;
    let mut packet = [0; PACKET_BYTES];
    if let Some(first) = packet.first_mut() {
        *first = CLIENT;
    }
    if let Some(transmit) = packet.last_chunk_mut::<8>() {
        *transmit = nonce;
    }
    packet
}

/// The time in an answer, in seconds since 1970. Right until 2106: NTP's own wrap in 2036 falls out of the
/// wrapping subtraction.
///
/// # Errors
/// [`SntpError`]: it is no answer to this request, or none that tells the time.
pub fn read_answer(answer: &[u8], nonce: [u8; 8]) -> Result<u32, SntpError> {
    let (packet, _) = answer
        .split_first_chunk::<PACKET_BYTES>()
        .ok_or(SntpError::Short)?;
    let [flags, stratum, .., s3, s2, s1, s0, _, _, _, _] = *packet;
    if flags & 0x07 != 4 || originate(packet) != nonce {
        return Err(SntpError::NotMine);
    }
    let seconds = u32::from_be_bytes([s3, s2, s1, s0]);
    match stratum {
        0 => Err(SntpError::GoAway),
        1..=15 if flags >> 6 != 3 && seconds != 0 => Ok(seconds.wrapping_sub(UNIX_EPOCH)),
        _ => Err(SntpError::Unsynchronised),
    }
}

/// The originate timestamp, where a server repeats the nonce.
fn originate(packet: &[u8; PACKET_BYTES]) -> [u8; 8] {
    let mut out = [0; 8];
    for (to, from) in out.iter_mut().zip(packet.iter().skip(24)) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: [u8; 8] = *b"12345678";

    fn answer() -> [u8; 48] {
        let mut packet = [0; 48];
        packet[0] = 0x24;
        packet[1] = 2;
        packet[24..32].copy_from_slice(&NONCE);
        packet[40..44].copy_from_slice(&(1_767_225_600u32.wrapping_add(UNIX_EPOCH)).to_be_bytes());
        packet
    }

    fn with(change: impl Fn(&mut [u8; 48])) -> Result<u32, SntpError> {
        let mut packet = answer();
        change(&mut packet);
        read_answer(&packet, NONCE)
    }

    #[test]
    fn the_request_is_a_client_packet_with_the_nonce() {
        let packet = request(NONCE);
        assert_eq!(
            (packet[0], &packet[1..40], &packet[40..]),
            (0x23, &[0u8; 39][..], &NONCE[..])
        );
    }

    #[test]
    fn a_good_answer_tells_the_time() {
        assert_eq!(read_answer(&answer(), NONCE), Ok(1_767_225_600));
    }

    #[test]
    fn the_time_goes_on_after_ntp_wraps_in_2036() {
        let after = with(|p| p[40..44].copy_from_slice(&10u32.to_be_bytes()));
        assert_eq!(after, Ok(2_085_978_506), "ten seconds after 2036-02-07T06:28:16Z");
    }

    #[test]
    fn every_check_of_rfc_4330_refuses() {
        assert_eq!(read_answer(&answer()[..47], NONCE), Err(SntpError::Short));
        assert_eq!(
            with(|p| p[0] = 0x23),
            Err(SntpError::NotMine),
            "mode 3 is a client"
        );
        assert_eq!(
            with(|p| p[31] ^= 1),
            Err(SntpError::NotMine),
            "originate does not match"
        );
        assert_eq!(
            with(|p| p[0] = 0xE4),
            Err(SntpError::Unsynchronised),
            "leap indicator 3"
        );
        assert_eq!(with(|p| p[1] = 16), Err(SntpError::Unsynchronised), "stratum 16");
        assert_eq!(
            with(|p| p[40..44].fill(0)),
            Err(SntpError::Unsynchronised),
            "transmit time 0"
        );
        assert_eq!(with(|p| p[1] = 0), Err(SntpError::GoAway), "stratum 0");
    }
}
