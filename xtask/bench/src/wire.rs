//! Section `wire`: what a mean message of the corpus costs, in bytes and in instructions, beside postcard.

use anyhow::bail;

use crate::{
    callgrind::instructions,
    contestant::{Codec, Operation, Set},
    corpus::corpus,
    fivewire::Fivewire,
    postcard::Postcard,
    report::{Aim, Figure, Section},
};

/// Framed bytes of the hand-written ideal with a two-byte check and a delimiter.
const AIM_PAYLOAD: Aim = Aim::AtMost(34.5);
const AIM_FRAMED: Aim = Aim::AtMost(38.5);
/// x86 instructions of the hand-written ideal with its frame.
const AIM_INSTRUCTIONS: Aim = Aim::AtMost(570.0);

/// Bytes always, instructions by valgrind.
pub(crate) fn measure() -> anyhow::Result<Section> {
    let samples = corpus();
    let (payload, framed) = Set::<Fivewire>::new(&samples)?.mean_bytes();
    let (other_payload, other_framed) = Set::<Postcard>::new(&samples)?.mean_bytes();
    let mut figures = vec![
        Figure::new("payload", payload, "B/message")
            .against(Postcard::NAME, other_payload)
            .aim(AIM_PAYLOAD),
        Figure::new("framed", framed, "B/message")
            .against(Postcard::NAME, other_framed)
            .aim(AIM_FRAMED),
    ];
    let operations = [
        ("encode", Operation::Encode, None),
        ("decode", Operation::Decode, None),
        ("encode framed", Operation::EncodeFramed, Some(AIM_INSTRUCTIONS)),
        ("decode framed", Operation::DecodeFramed, Some(AIM_INSTRUCTIONS)),
    ];
    for (name, operation, aim) in operations {
        let ours = instructions(Fivewire::NAME, operation, samples.len())?;
        let theirs = instructions(Postcard::NAME, operation, samples.len())?;
        let figure = Figure::new(name, ours, "instr/message").against(Postcard::NAME, theirs);
        figures.push(Figure { aim, ..figure });
    }
    let what = format!(
        "mean of {} messages; {} ({}) against {} ({})",
        samples.len(),
        Fivewire::NAME,
        Fivewire::FRAMING,
        Postcard::NAME,
        Postcard::FRAMING,
    );
    Ok(Section {
        name: "wire",
        what,
        figures,
    })
}

/// What runs under the instruction counter.
pub(crate) fn repeat(codec: &str, operation: Operation, passes: usize) -> anyhow::Result<()> {
    match codec {
        Fivewire::NAME => Set::<Fivewire>::new(&corpus())?.repeat(operation, passes),
        Postcard::NAME => Set::<Postcard>::new(&corpus())?.repeat(operation, passes),
        _ => bail!(
            "there is no codec {codec}; there are {} and {}",
            Fivewire::NAME,
            Postcard::NAME
        ),
    }
    Ok(())
}
