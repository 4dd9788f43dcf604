//! Firmware for boards: which boards there are, and compiling them, several at a time. What is made of the ELF files is the
//! business of the program xtask/boards, which knows the whole of what a board says of itself (xtask/boards/src/board.rs);
//! here is only what a compiler must be told.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
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
    /// Folder of its package below the root.
    folder: String,
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
    differently_named(&boards)?;
    Ok(boards)
}

/// A board's files are found by its name.
fn differently_named(boards: &[Board]) -> anyhow::Result<()> {
    let mut folders = BTreeMap::new();
    for board in boards {
        if let Some(other) = folders.insert(&board.name, &board.folder) {
            let (name, folder) = (&board.name, &board.folder);
            bail!("two boards are called {name}, in {other}/Cargo.toml and in {folder}/Cargo.toml");
        }
    }
    Ok(())
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
        folder: package.path.clone(),
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
    let linker = toolchain.linker(workspace)?;
    private(&bare_metal(workspace))?;
    let targets = by_target(boards);
    let (say, heard) = mpsc::channel();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(targets.len());
    let waiting = Mutex::new(targets.into_iter());
    let failed = AtomicBool::new(false);
    let one = |board: &Board, say: &Sender<Said>| {
        let mut cargo = command(workspace, toolchain, board, variables);
        if let Some(linker) = &linker {
            cargo.env(toolchain::linker_variable(&board.target), linker);
        }
        let ended = compile_one(cargo, board, say)?;
        keep(&built(workspace, board), &elf(workspace, board))?;
        Ok(ended)
    };
    let work = |say: Sender<Said>| {
        // A lock that is poisoned is one whose owner has failed, and that is told by the thread's end.
        while let Some(boards) = waiting.lock().ok().and_then(|mut waiting| waiting.next()) {
            for board in boards {
                // What is being compiled when another board fails is brought to its end, and nothing else begun.
                if failed.load(Ordering::Relaxed) {
                    return;
                }
                let ended = one(board, &say);
                failed.fetch_or(ended.is_err(), Ordering::Relaxed);
                // The one who listens stays until all have ended.
                let _ = say.send(Said::new(board, What::Ended(ended)));
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
        listen(&heard)
    })?;
    Ok(boards.iter().map(|board| elf(workspace, board)).collect())
}

/// The boards of each target.
fn by_target(boards: &[Board]) -> Vec<Vec<&Board>> {
    let mut targets = BTreeMap::<&str, Vec<&Board>>::new();
    boards
        .iter()
        .for_each(|board| targets.entry(&board.target).or_default().push(board));
    targets.into_values().collect()
}

/// Everything that is compiled for bare metal.
fn bare_metal(workspace: &Workspace) -> PathBuf {
    workspace.target_dir().join("bare-metal")
}

/// Makes a folder that others cannot look into: a bridge's program may hold a private key.
fn private(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot close {} to others", folder.display()))?;
    }
    Ok(())
}

/// A board's program under the board's name: the next board may be the same program with other features.
fn keep(built: &Path, kept: &Path) -> anyhow::Result<()> {
    let copy = || {
        fs::create_dir_all(kept.parent().unwrap_or(kept))?;
        fs::copy(built, kept)
    };
    copy().with_context(|| format!("cannot copy {} to {}", built.display(), kept.display()))?;
    Ok(())
}

fn folder(workspace: &Workspace, target: &str) -> PathBuf {
    bare_metal(workspace).join(target)
}

/// Where a board's program is kept.
fn elf(workspace: &Workspace, board: &Board) -> PathBuf {
    bare_metal(workspace)
        .join("boards")
        .join(format!("{}.elf", board.name))
}

/// Where cargo puts it.
fn built(workspace: &Workspace, board: &Board) -> PathBuf {
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
    // Generic code counts to the package that uses it: so a board's loop is compiled for speed, whichever board it is.
    cargo.arg("--config");
    cargo.arg(format!(
        r#"profile.{PROFILE}.package.{}.opt-level="s""#,
        board.package
    ));
    if !board.features.is_empty() {
        cargo.args(["--no-default-features", "--features", &board.features.join(",")]);
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

impl Said {
    fn new(board: &Board, what: What) -> Self {
        let board = board.name.clone();
        Self { board, what }
    }
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
    let stderr = BufReader::new(child.stderr.take().context("cargo has no output")?);
    // Whatever comes, cargo is waited for: it must not work on unseen.
    for line in stderr.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        match (crate_of(&line), line.trim_start().starts_with("Blocking ")) {
            // As above.
            (Some(name), _) => _ = say.send(Said::new(board, What::Crate(name.to_owned()))),
            (None, true) => ui::note(format_args!("{}: {}", board.name, line.trim())),
            (None, false) if is_progress(&line) => {}
            (None, false) => rest.extend([&line, "\n"]),
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
        "Downloaded",
        "Downloading",
        "Fresh",
        "Finished",
        "Locking",
        "Updating",
    ]
    .contains(&word)
}

/// Shows how far compilers are, in whole lines, until all threads have ended; returns the first failure.
fn listen(heard: &mpsc::Receiver<Said>) -> anyhow::Result<()> {
    let mut busy = BTreeMap::<String, (usize, String)>::new();
    let mut failed = None;
    let started = Instant::now();
    let mut spoken = started;
    loop {
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
            folder: format!("{end}-fw/{name}"),
            package: format!("fivewire-{end}-fw-{name}"),
            target: "thumbv6m-none-eabi".to_owned(),
            program: format!("fivewire-{name}"),
            features: vec![],
            oldest: Version::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("fivewire-images-{name}-{}", std::process::id()))
    }

    #[test]
    fn two_boards_of_one_name_are_told_by_their_files() {
        let one = Board::sample("pico", "host", true);
        assert!(differently_named(&[one.clone(), Board::sample("lamp", "bridge", true)]).is_ok());
        let other = Board {
            folder: "host-fw/pico2".to_owned(),
            ..one.clone()
        };
        let error = differently_named(&[one, other]).expect_err("both are pico");
        let expected =
            "two boards are called pico, in host-fw/pico/Cargo.toml and in host-fw/pico2/Cargo.toml";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn the_program_of_one_board_outlives_that_of_the_next() {
        let folder = folder("keep");
        let workspace = Workspace::find().expect("this is the repository");
        let (one, mut other) = (
            Board::sample("one", "host", true),
            Board::sample("other", "host", true),
        );
        other.program.clone_from(&one.program);
        assert_eq!(built(&workspace, &one), built(&workspace, &other));
        assert_ne!(elf(&workspace, &one), elf(&workspace, &other));
        let built = folder.join("program");
        for name in ["one", "other"] {
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(&built, name).expect("a program");
            keep(&built, &folder.join("boards").join(name)).expect("it is kept");
        }
        assert_eq!(fs::read(folder.join("boards/one")).expect("it is there"), b"one");
        fs::remove_dir_all(&folder).expect("it is there");
    }

    #[test]
    fn compiled_firmware_is_its_owners_alone() {
        let folder = folder("private");
        private(&folder).expect("it is made");
        let mode = fs::metadata(&folder).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::remove_dir(&folder).expect("it is empty");
    }

    #[test]
    fn output_that_is_no_text_does_not_leave_the_compiler_running() {
        let board = Board::sample("pico", "host", true);
        let (say, heard) = mpsc::channel();
        let mut cargo = Command::new("sh");
        cargo.args(["-c", r"printf 'Compiling wire v1\n\377\nwarning: odd\n' >&2"]);
        let (_, rest) = compile_one(cargo, &board, &say).expect("it ends well");
        assert_eq!(rest, "\u{fffd}\nwarning: odd\n");
        let said = heard.try_recv().expect("a crate").what;
        assert!(matches!(said, What::Crate(name) if name == "wire"));
    }
}
