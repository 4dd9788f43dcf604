//! A target under the small engine of this crate, in this process.
//!
//! A second thread watches that each input returns; a panic that cannot be caught and an input that never returns both
//! leave the input in a file.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use fivewire_xtask_fuzz::engine::{self, Mutator};
use fivewire_xtask_fuzz::{Target, corpus};

use crate::report::{self, Found, Outcome};

/// An input that takes longer is a finding: all are done within milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the watching thread looks at.
#[derive(Default)]
struct Watched {
    input: Mutex<Vec<u8>>,
    executions: AtomicU64,
    done: AtomicBool,
}

/// Fuzzes for `share`.
pub(crate) fn run(
    target: &'static Target,
    share: Duration,
    seed: u32,
    found: &Path,
) -> anyhow::Result<Outcome> {
    let corpus = corpus::load(target)?;
    let folder = found.join(target.name);
    let watched = Watched::default();
    let finding = thread::scope(|scope| {
        scope.spawn(|| watch(target, &watched, &folder));
        let finding = engine::quietly(|| search(target, corpus, share, seed, &watched));
        watched.done.store(true, Ordering::Relaxed);
        finding
    });
    let found = finding.map(|finding| {
        let file = corpus::save(&folder, &finding.input)?;
        anyhow::Ok(Found {
            file,
            message: finding.message,
        })
    });
    Ok(Outcome {
        target: target.name,
        executions: watched.executions.load(Ordering::Relaxed),
        features: None,
        corpus: None,
        found: found.transpose()?,
    })
}

fn search(
    target: &Target,
    corpus: Vec<Vec<u8>>,
    share: Duration,
    seed: u32,
    watched: &Watched,
) -> Option<engine::Finding> {
    let known = corpus.clone();
    let mut mutator = Mutator::new(corpus, target.max_len, u64::from(seed));
    let mut inputs = known
        .into_iter()
        .chain(std::iter::from_fn(|| Some(mutator.next_input())));
    let started = Instant::now();
    while started.elapsed() < share {
        let input = inputs.next()?;
        watched
            .input
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&input);
        let finding = engine::try_input(target, &input);
        watched.executions.fetch_add(1, Ordering::Relaxed);
        if finding.is_some() {
            return finding;
        }
    }
    None
}

/// Ends the program when an input does not return.
fn watch(target: &Target, watched: &Watched, folder: &Path) {
    let (mut seen, mut since) = (0, Instant::now());
    while !watched.done.load(Ordering::Relaxed) {
        thread::park_timeout(Duration::from_millis(20));
        let executions = watched.executions.load(Ordering::Relaxed);
        if executions != seen {
            (seen, since) = (executions, Instant::now());
        } else if since.elapsed() > PATIENCE {
            let input = watched
                .input
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let message = format!("does not return within {} s", PATIENCE.as_secs());
            match corpus::save(folder, &input) {
                Ok(file) => report::found(target.name, &Found { file, message }),
                Err(error) => eprintln!("{}: {message}: {input:02x?} ({error})", target.name),
            }
            std::process::exit(1);
        }
    }
}
