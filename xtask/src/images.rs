//! Firmware for boards: which boards there are, and compiling them, several at a time. What is made of the ELF files is the
//! business of the program xtask/boards, which knows the whole of what a board says of itself (xtask/boards/src/board.rs);
//! here is only what a compiler must be told.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::Value;

use crate::{
    failure::Failure,
    toolchain::{self, Toolchain, Version},
    ui,
    workspace::{Crate, Workspace},
};

/// Firmware is compiled so (root `Cargo.toml`).
const PROFILE: &str = "firmware";
/// How long nothing is said while compilers work.
const QUIET: Duration = Duration::from_secs(15);
const MEND: &str = "write what the compiler names, then cargo xtask build";

/// What a compiler must know of a board.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    pub(crate) name: String,
    /// `host` or `bridge`.
    pub(crate) end: String,
    /// Built without being asked.
    pub(crate) default: bool,
    package: String,
    target: String,
    program: String,
    features: Vec<String>,
    oldest: Version,
}

/// Every board of the workspace, by the paths of their packages.
pub(crate) fn boards(workspace: &Workspace) -> anyhow::Result<Vec<Board>> {
    let mut boards = Vec::new();
    for package in workspace.crates()? {
        let described = package.metadata["fivewire"]["boards"].as_object();
        for (name, is) in described.into_iter().flatten() {
            let board = board(&package, name, is);
            boards.push(board.with_context(|| format!("{}/Cargo.toml: board {name}", package.path))?);
        }
    }
    Ok(boards)
}

fn board(package: &Crate, name: &str, is: &Value) -> anyhow::Result<Board> {
    let text = |key: &str| {
        let text = is[key].as_str().with_context(|| format!("`{key}` is not a text"));
        text.map(str::to_owned)
    };
    let features = is["features"].as_array().into_iter().flatten();
    Ok(Board {
        name: name.to_owned(),
        end: text("end")?,
        default: is["default"]
            .as_bool()
            .context("`default` is not true or false")?,
        package: package.name.clone(),
        target: text("target")?,
        program: text("bin")?,
        features: features
            .filter_map(|feature| feature.as_str().map(str::to_owned))
            .collect(),
        oldest: package
            .rust_version
            .as_deref()
            .and_then(Version::parse)
            .unwrap_or_default(),
    })
}

/// The compiler for all of `boards`; which it is is said.
pub(crate) fn compiler(workspace: &Workspace, boards: &[Board]) -> anyhow::Result<Toolchain> {
    let mut targets: Vec<_> = boards.iter().map(|board| board.target.as_str()).collect();
    targets.sort_unstable();
    targets.dedup();
    let oldest = boards.iter().map(|board| board.oldest).max().unwrap_or_default();
    let found = Toolchain::find_from(workspace, &targets, oldest);
    let found = found.context("firmware needs a compiler; cargo xtask build --only linux needs none")?;
    ui::note(format_args!("compiler for {}: {found}", targets.join(", ")));
    Ok(found)
}

/// Compiles the boards' programs and returns their ELF files in the order of `boards`. Each target has a folder of its own,
/// so that compilers of different targets need not wait for each other; as many work at a time as there are cores.
pub(crate) fn compile(
    workspace: &Workspace,
    toolchain: &Toolchain,
    boards: &[Board],
    variables: &[(String, String)],
) -> anyhow::Result<Vec<PathBuf>> {
    let mut targets = BTreeMap::<&str, Vec<&Board>>::new();
    boards
        .iter()
        .for_each(|board| targets.entry(&board.target).or_default().push(board));
    let (say, heard) = mpsc::channel();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(targets.len());
    let waiting = Mutex::new(targets.into_values());
    let work = |say: Sender<Said>| {
        // A lock that is poisoned is one whose owner has failed, and that is told by the thread's end.
        while let Some(boards) = waiting.lock().ok().and_then(|mut waiting| waiting.next()) {
            for board in boards {
                let ended = compile_one(command(workspace, toolchain, board, variables), board, &say);
                // Nobody listens any more when another board has failed.
                let _ = say.send(Said {
                    board: board.name.clone(),
                    what: What::Ended(ended),
                });
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            let say = say.clone();
            let work = &work;
            scope.spawn(move || work(say));
        }
        drop(say);
        listen(&heard, boards.len())
    })?;
    Ok(boards.iter().map(|board| elf(workspace, board)).collect())
}

fn folder(workspace: &Workspace, target: &str) -> PathBuf {
    workspace.target_dir().join("bare-metal").join(target)
}

fn elf(workspace: &Workspace, board: &Board) -> PathBuf {
    folder(workspace, &board.target)
        .join(&board.target)
        .join(PROFILE)
        .join(&board.program)
}

fn command(
    workspace: &Workspace,
    toolchain: &Toolchain,
    board: &Board,
    variables: &[(String, String)],
) -> Command {
    let mut cargo = toolchain.cargo_in(workspace, "build", &folder(workspace, &board.target));
    cargo.args(["--profile", PROFILE, "--target", &board.target]);
    cargo.args(["--package", &board.package, "--bin", &board.program]);
    if !board.features.is_empty() {
        cargo.args(["--no-default-features", "--features", &board.features.join(",")]);
    }
    if let Some(linker) = toolchain.linker(workspace) {
        cargo.env(toolchain::linker_variable(&board.target), linker);
    }
    // Only what a bridge is told at compile time: a host's configuration never reaches a compiler.
    if board.end == "bridge" {
        cargo.envs(variables.iter().map(|(name, value)| (name, value)));
    }
    cargo
}

/// What a compiler's thread tells.
struct Said {
    board: String,
    what: What,
}

enum What {
    /// A crate is being compiled.
    Crate(String),
    /// Done, and what else was printed; or why not.
    Ended(anyhow::Result<(Duration, String)>),
}

/// Runs cargo, tells which crates it compiles, and keeps everything else until it has ended.
fn compile_one(mut cargo: Command, board: &Board, say: &Sender<Said>) -> anyhow::Result<(Duration, String)> {
    let started = Instant::now();
    let child = cargo
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.context("cannot start cargo")?;
    let mut rest = String::new();
    for line in BufReader::new(child.stderr.take().context("cargo has no output")?).lines() {
        let line = line?;
        match crate_of(&line) {
            Some(name) => {
                // As above.
                let _ = say.send(Said {
                    board: board.name.clone(),
                    what: What::Crate(name.to_owned()),
                });
            }
            None if is_progress(&line) => {}
            None => rest.extend([line.as_str(), "\n"]),
        }
    }
    if child.wait()?.success() {
        return Ok((started.elapsed(), rest));
    }
    anstream::eprint!("{rest}");
    Err(Failure::because(
        format!("the firmware of {} does not compile", board.name),
        MEND,
    ))
}

/// `   Compiling embassy-net v0.9.1` → `embassy-net`.
fn crate_of(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("Compiling ")?.split(' ').next()
}

fn is_progress(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    [
        "Blocking",
        "Downloaded",
        "Downloading",
        "Fresh",
        "Finished",
        "Locking",
        "Updating",
    ]
    .contains(&word)
}

/// Shows how far compilers are, in whole lines, until `count` boards are done or one has failed.
fn listen(heard: &mpsc::Receiver<Said>, count: usize) -> anyhow::Result<()> {
    let mut busy = BTreeMap::<String, (usize, String)>::new();
    let mut done = 0;
    let mut failed = None;
    let started = Instant::now();
    let mut spoken = started;
    while done < count {
        match heard.recv_timeout(QUIET.saturating_sub(spoken.elapsed())) {
            Ok(Said {
                board,
                what: What::Crate(name),
            }) => {
                let entry = busy.entry(board).or_default();
                *entry = (entry.0 + 1, name);
            }
            Ok(Said {
                board,
                what: What::Ended(ended),
            }) => {
                busy.remove(&board);
                done += 1;
                match ended {
                    Ok((took, printed)) => compiled(&board, took, &printed),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                still(&busy, started);
                spoken = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    failed.map_or(Ok(()), Err)
}

fn compiled(board: &str, took: Duration, printed: &str) {
    anstream::eprint!("{printed}");
    ui::note(format_args!("{board}: compiled in {}", ui::duration(took)));
}

fn still(busy: &BTreeMap<String, (usize, String)>, since: Instant) {
    let boards = busy
        .iter()
        .map(|(board, (count, name))| format!("{board} crate {count} ({name})"));
    let boards = boards.collect::<Vec<_>>().join(", ");
    ui::note(format_args!("{:>12}  {boards}", ui::duration(since.elapsed())));
}

/// A path and the board it is for, as the program xtask/boards wants them.
pub(crate) fn argument(board: &Board, elf: &Path) -> String {
    format!("{}={}", board.name, elf.display())
}

#[cfg(test)]
impl Board {
    /// A board for tests.
    pub(crate) fn sample(name: &str, end: &str, default: bool) -> Self {
        Self {
            name: name.to_owned(),
            end: end.to_owned(),
            default,
            package: format!("fivewire-{end}-fw-{name}"),
            target: "thumbv6m-none-eabi".to_owned(),
            program: format!("fivewire-{name}"),
            features: vec![],
            oldest: Version::default(),
        }
    }
}
