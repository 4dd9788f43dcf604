//! A target under libFuzzer, as a process of its own: its arguments, what it prints, the files that it leaves.
//!
//! libFuzzer works in folders below `target/`; the committed corpus is read, and written to only with `--keep`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use fivewire_xtask_fuzz::{Target, corpus, engine};

use crate::Arguments;
use crate::report::{Found, Outcome};

/// Seconds after which one input counts as a wedge.
const TIMEOUT_S: u32 = 10;
/// Bytes that are kept of a target's corpus, about.
const KEPT_BYTES: usize = 8 * 1024;

/// Fuzzes for `share`.
pub(crate) fn run(
    program: &Path,
    target: &'static Target,
    share: Duration,
    seed: u32,
    arguments: &Arguments,
) -> anyhow::Result<Outcome> {
    let folder = arguments.found.join(target.name);
    let grown = folder.join("corpus");
    for input in corpus::load(target)? {
        corpus::save(&grown, &input)?;
    }
    let known = corpus::files(&folder)?;
    let printed = fuzz(program, target, share, seed, &folder, &grown)?;
    if arguments.keep {
        keep(program, target, &grown)?;
    }
    let left = corpus::files(&folder)?;
    let found = left.into_iter().find(|file| !known.contains(file));
    let found = found.map(|file| shown(target, file, &folder)).transpose()?;
    anyhow::ensure!(
        found.is_some() || printed.ended_well,
        "libFuzzer: {}",
        printed.last
    );
    Ok(Outcome {
        target: target.name,
        executions: printed.executions,
        features: printed.features,
        corpus: printed.corpus,
        found,
    })
}

fn libfuzzer(program: &Path, target: &Target) -> Command {
    let mut command = Command::new(program);
    command
        .env("FIVEWIRE_FUZZ_TARGET", target.name)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .arg(format!("-max_len={}", target.max_len))
        .arg(format!("-timeout={TIMEOUT_S}"));
    command
}

/// What libFuzzer's lines say.
struct Printed {
    executions: u64,
    features: Option<u64>,
    corpus: Option<u64>,
    ended_well: bool,
    last: String,
}

fn fuzz(
    program: &Path,
    target: &Target,
    share: Duration,
    seed: u32,
    folder: &Path,
    grown: &Path,
) -> anyhow::Result<Printed> {
    let mut command = libfuzzer(program, target);
    command
        .arg(format!("-max_total_time={}", share.as_secs().max(1)))
        .arg(format!("-seed={seed}"))
        .arg(format!("-artifact_prefix={}/", folder.display()))
        .args(["-print_final_stats=1", "-rss_limit_mb=1024"])
        .arg(grown);
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let executions = text
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    Ok(Printed {
        executions: executions
            .and_then(|number| number.trim().parse().ok())
            .unwrap_or(0),
        features: last_number(&text, "ft: "),
        corpus: last_number(&text, "corp: "),
        ended_well: output.status.success(),
        last: text.lines().rev().take(8).collect::<Vec<_>>().join(" | "),
    })
}

/// The number behind the last `name` in libFuzzer's progress lines.
fn last_number(text: &str, name: &str) -> Option<u64> {
    let (_, behind) = text.rsplit_once(name)?;
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The finding, made small and shown as the plain engine shows it.
fn shown(target: &Target, file: PathBuf, folder: &Path) -> anyhow::Result<Found> {
    let input = fs::read(&file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with("timeout") || name.starts_with("oom") {
        let message = format!("takes longer than {TIMEOUT_S} s, or too much memory");
        return Ok(Found { file, message });
    }
    let finding = engine::quietly(|| engine::try_input(target, &input));
    Ok(match finding {
        Some(finding) => Found {
            file: corpus::save(folder, &finding.input)?,
            message: finding.message,
        },
        None => Found {
            file,
            message: "a crash that is not seen again in this process".to_owned(),
        },
    })
}

/// Puts a set of inputs that reaches as far as all together into the committed corpus; of one that is too large, some of
/// each length.
fn keep(program: &Path, target: &Target, grown: &Path) -> anyhow::Result<()> {
    let cover = grown.with_file_name("cover");
    let _ = fs::remove_dir_all(&cover);
    fs::create_dir_all(&cover)?;
    let mut merge = libfuzzer(program, target);
    let output = merge.arg("-set_cover_merge=1").args([&cover, grown]).output()?;
    anyhow::ensure!(
        output.status.success(),
        "libFuzzer could not merge {}",
        grown.display()
    );
    let mut inputs = Vec::new();
    for file in corpus::files(&cover)? {
        inputs.push(fs::read(file)?);
    }
    let seeds = (target.seeds)();
    inputs.retain(|input| !seeds.contains(input));
    inputs.sort_by_key(Vec::len);
    let bytes: usize = inputs.iter().map(Vec::len).sum();
    let kept: Vec<_> = inputs
        .into_iter()
        .step_by(bytes.div_ceil(KEPT_BYTES).max(1))
        .collect();
    corpus::commit(target, &kept)?;
    Ok(())
}
