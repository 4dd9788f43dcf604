//! Counts instructions by running this program again under valgrind's callgrind.
//!
//! Instructions, not time: the same on a busy machine and an idle one. Set-up cancels out, because a figure
//! is the difference of two runs of N and 2N passes.

use std::{env, process::Command};

use anyhow::{Context as _, ensure};

use crate::contestant::Operation;

/// Passes of the shorter run. Counts are exact, so few are enough.
const PASSES: usize = 4;

/// x86 instructions that `operation` of `codec` takes per message, where `messages` is the corpus's length.
///
/// # Errors
/// valgrind is missing, or it does not print what it collected.
pub(crate) fn instructions(codec: &str, operation: Operation, messages: usize) -> anyhow::Result<f64> {
    let once = passes_of(codec, operation, PASSES)?;
    let twice = passes_of(codec, operation, 2 * PASSES)?;
    let difference = twice
        .checked_sub(once)
        .context("the longer run took fewer instructions")?;
    Ok(difference as f64 / (PASSES * messages) as f64)
}

fn passes_of(codec: &str, operation: Operation, passes: usize) -> anyhow::Result<u64> {
    let operation = clap::ValueEnum::to_possible_value(&operation).context("an operation without a name")?;
    let mut command = Command::new(env::current_exe()?);
    command.args(["count", codec, operation.get_name(), &passes.to_string()]);
    collected(&command)
}

/// All x86 instructions of `command`, its start included, those of the kernel not.
///
/// # Errors
/// valgrind is missing, or it does not print what it collected; the command fails.
pub(crate) fn collected(command: &Command) -> anyhow::Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args());
    let output = valgrind
        .output()
        .context("cannot start valgrind (apt-get install valgrind)")?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind failed:\n{text}");
    parse(&text).with_context(|| format!("valgrind printed no count:\n{text}"))
}

/// The number of `==123== Collected : 456789`.
fn parse(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("Collected"))?;
    line.rsplit(':').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_count_is_read_from_valgrinds_words() {
        assert_eq!(
            parse("==7== Events    : Ir\n==7== Collected : 456789\n==7==\n"),
            Some(456_789)
        );
        assert_eq!(parse("==7== Command: x\n"), None);
    }
}
