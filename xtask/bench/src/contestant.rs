//! What a codec must do to be measured, and the corpus as one codec holds it.
//!
//! Every round trip is checked before anything is counted: a fast codec that is wrong measures nothing.

use std::hint::black_box;

use anyhow::{Context as _, ensure};

use crate::corpus::Sample;

/// A codec with its framing. Decoders get the whole frame as it came over the line, delimiter included.
pub(crate) trait Codec {
    /// How `count` and the report call it.
    const NAME: &'static str;
    /// What surrounds the payload.
    const FRAMING: &'static str;
    /// What an application of this codec holds.
    type Value<'a>: PartialEq;

    /// Into this codec's own type, as the `index`-th message of a link; not measured.
    fn value<'a>(sample: &Sample<'a>, index: usize) -> Self::Value<'a>;
    /// The payload alone, at the start of `out`.
    fn encode(value: &Self::Value<'_>, out: &mut [u8]) -> Option<usize>;
    /// A payload; `like` tells the direction, which a receiver knows.
    fn decode<'a>(payload: &'a [u8], like: &Self::Value<'_>) -> Option<Self::Value<'a>>;
    /// Payload, check and delimiter, at the start of `out`, as the `index`-th frame of a link.
    fn encode_framed(value: &Self::Value<'_>, index: usize, out: &mut [u8]) -> Option<usize>;
    /// A frame, in place.
    fn decode_framed<'a>(frame: &'a mut [u8], like: &Self::Value<'_>) -> Option<Self::Value<'a>>;
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(crate) enum Operation {
    Encode,
    Decode,
    EncodeFramed,
    DecodeFramed,
}

/// Room for any frame of the corpus and for what a codec needs to make it.
const ROOM: usize = 4096;

/// The corpus ready to be encoded and decoded.
pub(crate) struct Set<C: Codec> {
    values: Vec<C::Value<'static>>,
    payloads: Vec<&'static [u8]>,
    frames: Vec<Vec<u8>>,
}

impl<C: Codec> Set<C> {
    /// Encodes everything once and checks that it comes back.
    pub(crate) fn new(samples: &[Sample<'static>]) -> anyhow::Result<Self> {
        let mut set = Self {
            values: Vec::new(),
            payloads: Vec::new(),
            frames: Vec::new(),
        };
        for sample in samples {
            set.add(sample)
                .with_context(|| format!("{} and {sample:?}", C::NAME))?;
        }
        Ok(set)
    }

    fn add(&mut self, sample: &Sample<'static>) -> anyhow::Result<()> {
        let value = C::value(sample, self.values.len());
        let mut out = vec![0; ROOM];
        // Leaked, as the samples are: a decoded value must live as long as the one it is compared with.
        let length = C::encode(&value, &mut out).context("does not encode")?;
        let payload: &'static [u8] = out[..length].to_vec().leak();
        ensure!(
            C::decode(payload, &value).is_some_and(|back| back == value),
            "does not come back"
        );
        let length = C::encode_framed(&value, self.values.len(), &mut out).context("does not frame")?;
        let frame = out[..length].to_vec();
        let back = C::decode_framed(frame.clone().leak(), &value);
        ensure!(
            back.is_some_and(|back| back == value),
            "does not come back from its frame"
        );
        self.values.push(value);
        self.payloads.push(payload);
        self.frames.push(frame);
        Ok(())
    }

    /// Mean bytes of a payload and of a frame.
    pub(crate) fn mean_bytes(&self) -> (f64, f64) {
        let count = self.values.len() as f64;
        let payload: usize = self.payloads.iter().map(|payload| payload.len()).sum();
        let framed: usize = self.frames.iter().map(Vec::len).sum();
        (payload as f64 / count, framed as f64 / count)
    }

    /// `passes` times the whole corpus, for an instruction counter.
    pub(crate) fn repeat(&self, operation: Operation, passes: usize) {
        let mut out = [0; ROOM];
        for _ in 0..passes {
            self.pass(operation, &mut out);
        }
    }

    fn pass(&self, operation: Operation, out: &mut [u8]) {
        match operation {
            Operation::Encode => {
                for value in &self.values {
                    black_box(C::encode(black_box(value), black_box(out)));
                }
            }
            Operation::EncodeFramed => {
                for (index, value) in self.values.iter().enumerate() {
                    black_box(C::encode_framed(black_box(value), index, black_box(out)));
                }
            }
            Operation::Decode => {
                for (payload, like) in self.payloads.iter().zip(&self.values) {
                    black_box(&C::decode(black_box(payload), like));
                }
            }
            Operation::DecodeFramed => {
                for (frame, like) in self.frames.iter().zip(&self.values) {
                    // In place, so each pass needs a fresh copy; a receiver's buffer is filled too.
                    let buffer = &mut out[..frame.len()];
                    buffer.copy_from_slice(black_box(frame));
                    black_box(&C::decode_framed(buffer, like));
                }
            }
        }
    }
}
