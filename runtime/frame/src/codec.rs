//! Whole frames in one go: `encode` from a body, `decode` in place. Deliberately without symbols or bits;
//! [`crate::seal`] gives a frame symbol by symbol without a second buffer.

use core::ops::Range;

use crate::zero::first_zero;
use crate::{DELIMITER, FrameError, Header, crc};

/// Longest run of non-zero bytes behind one code byte (standard COBS).
pub(crate) const MAX_RUN: usize = 254;
const CRC_LEN: usize = 2;
/// Where the stuffed bytes start: behind the header.
const STUFFED_AT: usize = 1;

/// Most bytes that a frame with this many body bytes takes on the wire, delimiter included.
pub const fn max_encoded_len(body_len: usize) -> usize {
    let data = body_len + CRC_LEN;
    STUFFED_AT + 1 + data / MAX_RUN + data + 1
}

/// Encodes a frame with its delimiter into the front of `out`; returns its length.
///
/// `None` when `out` is shorter than [`max_encoded_len`] (a frame that needs no stuffing gets along with
/// [`crate::OVERHEAD`] bytes more than the body). The stuffing flag of `header` is not looked at.
pub fn encode(header: Header, body: &[u8], out: &mut [u8]) -> Option<usize> {
    let crc = crc::of_frame(header, body).to_le_bytes();
    if crc.contains(&0) || first_zero(body) < body.len() {
        return encode_stuffed(header, body, crc, out);
    }
    let len = body.len() + crate::OVERHEAD;
    let (first, rest) = out.get_mut(..len)?.split_first_mut()?;
    *first = header.plain().byte();
    let (copy, rest) = rest.split_at_mut_checked(body.len())?;
    copy.copy_from_slice(body);
    rest.copy_from_slice(&[crc[0], crc[1], DELIMITER]);
    Some(len)
}

fn encode_stuffed(header: Header, body: &[u8], crc: [u8; CRC_LEN], out: &mut [u8]) -> Option<usize> {
    let max = max_encoded_len(body.len());
    let out = out.get_mut(..max)?;
    // The plain bytes go where even the last code byte, on its way forward, does not overtake them.
    let crc_at = max - 1 - CRC_LEN;
    let body_at = crc_at - body.len();
    out.get_mut(crc_at..crc_at + CRC_LEN)?.copy_from_slice(&crc);
    out.get_mut(body_at..crc_at)?.copy_from_slice(body);
    *out.first_mut()? = header.stuffed().byte();
    let len = stuff(out, body_at, max - 1)?;
    *out.get_mut(len)? = DELIMITER;
    Some(len + 1)
}

/// COBS from `buf[from..end]` to `buf[1..]`; returns where the result ends.
fn stuff(buf: &mut [u8], mut from: usize, end: usize) -> Option<usize> {
    let mut code_at = STUFFED_AT;
    loop {
        let run = first_zero(buf.get(from..end.min(from + MAX_RUN))?);
        *buf.get_mut(code_at)? = run as u8 + 1;
        move_down(buf, from, code_at + 1, run)?;
        from += run;
        code_at += run + 1;
        if from == end {
            return Some(code_at);
        }
        if run < MAX_RUN {
            from += 1; // the zero that the code stands for
        }
    }
}

/// Moves `len` bytes from `from` down to `to`; most often they are there already.
fn move_down(buf: &mut [u8], from: usize, to: usize, len: usize) -> Option<()> {
    if from == to {
        return Some(());
    }
    let window = buf.get_mut(to..from.checked_add(len)?)?;
    let by = from.checked_sub(to).filter(|&by| by <= window.len())?;
    window.copy_within(by.., 0);
    Some(())
}

/// Decodes the bytes between two delimiters, in place; returns the header and the body.
///
/// # Errors
/// [`FrameError`] when they are not a whole, undamaged frame. The buffer then holds garbage.
pub fn decode(frame: &mut [u8]) -> Result<(Header, &[u8]), FrameError> {
    let (header, body) = decode_in_place(frame)?;
    frame
        .get(body)
        .map(|body| (header, body))
        .ok_or(FrameError::TooShort)
}

/// Like [`decode`], for callers that keep the buffer: says where in it the body now lies. It starts at
/// index 1 or, when it was stuffed, 2.
///
/// # Errors
/// As [`decode`].
pub fn decode_in_place(frame: &mut [u8]) -> Result<(Header, Range<usize>), FrameError> {
    let byte = *frame.first().ok_or(FrameError::TooShort)?;
    let header = Header::from_byte(byte).ok_or(FrameError::BadHeader)?;
    let data = if header.is_stuffed() {
        STUFFED_AT + 1..unstuff(frame).ok_or(FrameError::BadStuffing)?
    } else {
        STUFFED_AT..frame.len()
    };
    let checked = frame
        .get(data.clone())
        .and_then(|data| data.split_last_chunk::<CRC_LEN>());
    let (body, crc) = checked.ok_or(FrameError::TooShort)?;
    if crc::of_frame(header, body) != u16::from_le_bytes(*crc) {
        return Err(FrameError::BadCrc);
    }
    Ok((header, data.start..data.end - CRC_LEN))
}

/// Undoes [`stuff`]; the plain bytes start at `frame[2]`, because code bytes turn into the zeros they stand for
/// where they are. Returns where they end, `None` when the codes lead out of the frame or name no zero.
fn unstuff(frame: &mut [u8]) -> Option<usize> {
    let mut code_at = STUFFED_AT;
    let mut end = STUFFED_AT + 1;
    let mut code = usize::from(*frame.get(code_at)?);
    let mut zeros = false;
    loop {
        let run = code.checked_sub(1)?;
        move_down(frame, code_at + 1, end, run)?;
        end += run;
        code_at += code;
        if code_at == frame.len() {
            return zeros.then_some(end);
        }
        let next = usize::from(*frame.get(code_at)?);
        if run < MAX_RUN {
            *frame.get_mut(end)? = 0;
            end += 1;
            zeros = true;
        }
        code = next;
    }
}
