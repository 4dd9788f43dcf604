//! The notation of the sequences' packets: words that stand for bytes.
//!
//! `30` hex bytes; `i5` one byte, `H5 k5 m5 s5` two, `L5` four, `v5 r5` a variable length integer, all decimal; `'text'`.
//! Not here: what the bytes mean.

use anyhow::{Context as _, bail};

/// The bytes that a text stands for.
pub(crate) fn bytes(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        rest = word(rest, &mut out)
            .with_context(|| format!("in {text:?}"))?
            .trim_start();
    }
    Ok(out)
}

/// Appends the first word; the rest comes back.
fn word<'a>(text: &'a str, out: &mut Vec<u8>) -> anyhow::Result<&'a str> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let (quoted, rest) = quoted.split_once('\'').context("no closing quote")?;
        out.extend_from_slice(quoted.as_bytes());
        return Ok(rest);
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let number = || word.get(1..).unwrap_or_default().parse::<u32>();
    match word.as_bytes().first() {
        Some(b'i') => out.push(u8::try_from(number()?)?),
        Some(b'H' | b'k' | b'm' | b's') => out.extend(u16::try_from(number()?)?.to_be_bytes()),
        Some(b'L') => out.extend(number()?.to_be_bytes()),
        Some(b'v' | b'r') => variable(number()?, out),
        Some(_) | None => hex(word, out)?,
    }
    Ok(rest)
}

fn variable(mut number: u32, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn hex(word: &str, out: &mut Vec<u8>) -> anyhow::Result<()> {
    if !word.len().is_multiple_of(2) || !word.is_ascii() {
        bail!("not a word of the notation: {word:?}");
    }
    for position in (0..word.len()).step_by(2) {
        let byte = u8::from_str_radix(&word[position..position + 2], 16);
        out.push(byte.with_context(|| format!("not hex: {word:?}"))?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn each_kind_of_word() {
        let all = bytes("30 r14 s5 'to pic' i7 H258 L1 v300 0aFF").unwrap();
        assert_eq!(all, b"\x30\x0e\0\x05to pic\x07\x01\x02\0\0\0\x01\xac\x02\x0a\xff");
        assert_eq!(bytes("r268435456").unwrap(), [0x80, 0x80, 0x80, 0x80, 1]);
        assert_eq!(bytes("").unwrap(), b"");
    }

    #[test]
    fn what_is_no_notation_is_refused() {
        for text in ["3", "zz", "'open", "i256", "H65536", "s"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
