//! Finds a compiler for a bare-metal target, and says which it took.
//!
//! In this order: the target is installed → rustup can add it → a compiler whose library source is at hand
//! builds `core` itself → Debian's packages give such a compiler → a clear error with the command to type.
//! Compiling needs no linker; who makes an image also asks for that.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{failure::Failure, packages, program, ui, workspace::Workspace};

/// Debian's compiler that is new enough, its cargo, and its library source.
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];
/// Where Debian puts it.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// A download that takes longer than this is taken for one that cannot work.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// A way of compiling for bare metal.
pub(crate) enum Toolchain {
    /// The everyday compiler has the targets.
    Installed { added: bool },
    /// This compiler builds `core` from the source beside it.
    BuildsCore { rustc: PathBuf, version: Version },
}

impl Toolchain {
    /// Finds or installs a compiler for all of `targets`.
    pub(crate) fn find(workspace: &Workspace, targets: &[&str]) -> anyhow::Result<Self> {
        Self::find_from(workspace, targets, Version::default())
    }

    /// The same for crates that want a compiler of this version or newer.
    pub(crate) fn find_from(
        workspace: &Workspace,
        targets: &[&str],
        oldest: Version,
    ) -> anyhow::Result<Self> {
        let oldest = Version::parse(env!("CARGO_PKG_RUST_VERSION")).max(Some(oldest));
        let oldest = oldest.unwrap_or_default();
        let everyday = Sysroot::of(Path::new("rustc"), workspace).filter(|found| found.version >= oldest);
        if everyday.as_ref().is_some_and(|sysroot| sysroot.has(targets)) {
            return Ok(Self::Installed { added: false });
        }
        if everyday.is_some() && rustup_add(workspace, targets) {
            return Ok(Self::Installed { added: true });
        }
        if let Some(found) = builds_core(workspace, oldest) {
            return Ok(found);
        }
        if packages::can_install() {
            ui::note(format_args!(
                "no compiler for {}: installing Debian's",
                targets.join(" or ")
            ));
            packages::install(DEBIAN)?;
        }
        builds_core(workspace, oldest).ok_or_else(|| nothing_found(targets, oldest))
    }

    /// `cargo` set up to compile for bare metal. Built files go to a folder of their own, so that two
    /// compilers never throw each other's work away.
    pub(crate) fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Command {
        self.cargo_in(workspace, subcommand, &workspace.target_dir().join("bare-metal"))
    }

    /// The same with `folder` for built files.
    pub(crate) fn cargo_in(&self, workspace: &Workspace, subcommand: &str, folder: &Path) -> Command {
        let mut command = match self {
            Self::Installed { .. } => program::cargo(workspace),
            Self::BuildsCore { rustc, .. } => {
                let mut command = Command::new(rustc.with_file_name("cargo"));
                command
                    .current_dir(workspace.root())
                    .env("RUSTC", rustc)
                    .env("RUSTC_BOOTSTRAP", "1");
                // What rustup and cargo set for their own compiler would mislead this one.
                for name in ["RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "CARGO", "RUSTDOC"] {
                    command.env_remove(name);
                }
                program::forget_own_package(&mut command);
                command
            }
        };
        command.arg(subcommand).arg("--target-dir").arg(folder);
        if matches!(self, Self::BuildsCore { .. }) {
            command.arg("-Zbuild-std=core,alloc");
        }
        command
    }

    /// What links an image, where the compiler brings none of its own: rustup's linker, or that of the system, which is
    /// installed where it is missing.
    pub(crate) fn linker(&self, workspace: &Workspace) -> anyhow::Result<Option<PathBuf>> {
        let Self::BuildsCore { .. } = self else {
            return Ok(None);
        };
        let everyday = Sysroot::of(Path::new("rustc"), workspace);
        let system = || program::find("ld.lld");
        if let Some(linker) = everyday.and_then(|everyday| everyday.linker()).or_else(system) {
            return Ok(Some(linker));
        }
        packages::install(&["lld"]).context("no linker for firmware")?;
        system()
            .map(Some)
            .context("lld is installed, but ld.lld is not found")
    }
}

/// The variable by which cargo is told the linker for a target.
pub(crate) fn linker_variable(target: &str) -> String {
    format!("CARGO_TARGET_{}_LINKER", target.to_uppercase().replace('-', "_"))
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installed { added: false } => write!(f, "the installed targets"),
            Self::Installed { added: true } => write!(f, "the targets that rustup has just added"),
            Self::BuildsCore { rustc, version } => {
                write!(
                    f,
                    "{} {version}, which builds core from its own source",
                    rustc.display()
                )
            }
        }
    }
}

/// A compiler that has the library's source beside it and is new enough.
fn builds_core(workspace: &Workspace, oldest: Version) -> Option<Toolchain> {
    let candidates = ["rustc", DEBIAN_RUSTC].map(|rustc| Sysroot::of(Path::new(rustc), workspace));
    let fit = |sysroot: &Sysroot| sysroot.has_source() && sysroot.version >= oldest && sysroot.has_cargo();
    let found = candidates.into_iter().flatten().find(fit)?;
    Some(Toolchain::BuildsCore {
        rustc: found.rustc,
        version: found.version,
    })
}

/// Lets rustup download the targets, where there is a rustup that may. Says why not, and returns false, else.
fn rustup_add(workspace: &Workspace, targets: &[&str]) -> bool {
    if program::find("rustup").is_none() {
        return false;
    }
    // Whoever sets this has told rustup to leave the machine's toolchains alone.
    if env::var("RUSTUP_AUTO_INSTALL").is_ok_and(|value| value == "0") {
        ui::note("rustup target add: not tried, RUSTUP_AUTO_INSTALL=0 tells rustup to download nothing");
        return false;
    }
    let mut command = Command::new("rustup");
    command
        .current_dir(workspace.root())
        .args(["target", "add"])
        .args(targets)
        .stdin(Stdio::null());
    ui::note(format_args!("$ {}", program::shown(&command)));
    let ended = command.spawn().ok().and_then(|child| wait(child, RUSTUP_LIMIT));
    if ended != Some(true) {
        ui::note("rustup target add: did not work, trying other compilers");
    }
    ended == Some(true)
}

/// Whether `child` ended well; None when it did not end within `limit` and was killed.
fn wait(mut child: Child, limit: Duration) -> Option<bool> {
    let started = Instant::now();
    while started.elapsed() < limit {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status.success());
        }
        thread::sleep(Duration::from_millis(100));
    }
    // It may have ended just now; then there is nothing to kill.
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn nothing_found(targets: &[&str], oldest: Version) -> anyhow::Error {
    let targets_or = targets.join(" or ");
    let message = format!("no compiler of version {oldest} or newer for {targets_or} on this machine");
    let rustup = format!("rustup update && rustup target add {}", targets.join(" "));
    let debian = format!("sudo apt-get install -y {}", DEBIAN.join(" "));
    match (program::find("rustup"), program::find("apt-get")) {
        (None, Some(_)) => Failure::because(message, debian),
        (Some(_), Some(_)) => Failure::because(message, format!("{rustup}   (or: {debian})")),
        (_, None) => Failure::because(message, rustup),
    }
}

/// What a compiler says of itself.
struct Sysroot {
    rustc: PathBuf,
    path: PathBuf,
    version: Version,
}

impl Sysroot {
    /// Asks `rustc`; None when there is none. The repository's own toolchain file, if any, decides.
    fn of(rustc: &Path, workspace: &Workspace) -> Option<Self> {
        let ask =
            |args: &[&str]| program::answer(Command::new(rustc).args(args).current_dir(workspace.root()));
        let path = PathBuf::from(ask(&["--print", "sysroot"])?);
        let version = Version::parse(ask(&["--version"])?.split_whitespace().nth(1)?)?;
        let bare_name = rustc.components().count() == 1;
        let rustc = if bare_name {
            path.join("bin/rustc")
        } else {
            rustc.to_path_buf()
        };
        Some(Self { rustc, path, version })
    }

    fn has(&self, targets: &[&str]) -> bool {
        targets
            .iter()
            .all(|target| self.path.join("lib/rustlib").join(target).join("lib").is_dir())
    }

    fn has_source(&self) -> bool {
        self.path
            .join("lib/rustlib/src/rust/library/core/src/lib.rs")
            .is_file()
    }

    /// It lies with the tools for the machine that compiles, whichever that is.
    fn linker(&self) -> Option<PathBuf> {
        let targets = fs::read_dir(self.path.join("lib/rustlib")).ok()?;
        let mut tools = targets.flatten().map(|target| target.path().join("bin/rust-lld"));
        tools.find(|linker| linker.is_file())
    }

    fn has_cargo(&self) -> bool {
        self.rustc.with_file_name("cargo").is_file()
    }
}

/// A compiler's version as far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32);

impl Version {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok());
        Some(Self(parts.next()??, parts.next()??))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The targets that stand for all boards: the smallest Arm and the smallest RISC-V that are supported.
pub(crate) const TARGETS: &[&str] = &["thumbv6m-none-eabi", "riscv32imc-unknown-none-elf"];

/// Compiles every crate that must run without an operating system for every one of [`TARGETS`].
pub(crate) fn bare_metal(workspace: &Workspace) -> anyhow::Result<()> {
    let crates = workspace.crates()?;
    let bare: Vec<_> = crates
        .iter()
        .filter(|c| c.no_std)
        .map(|c| c.name.as_str())
        .collect();
    anyhow::ensure!(!bare.is_empty(), "no crate says #![no_std]");
    let toolchain = Toolchain::find(workspace, TARGETS).context("the bare-metal check needs a compiler")?;
    ui::note(format_args!("compiler for bare metal: {toolchain}"));
    let mut cargo = toolchain.cargo(workspace, "build");
    TARGETS
        .iter()
        .for_each(|target| _ = cargo.args(["--target", target]));
    bare.iter().for_each(|name| _ = cargo.args(["-p", name]));
    program::run(
        &mut cargo,
        "mend what the compiler names, then cargo xtask test --only bare-metal",
    )?;
    ui::note(format_args!(
        "{} crates compile for {}",
        bare.len(),
        TARGETS.join(" and ")
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(Version::parse("1.100.0") > Version::parse("1.95.0-nightly"));
        assert_eq!(Version::parse("1.96.0"), Some(Version(1, 96)));
        assert_eq!(Version::parse("rustc"), None);
    }

    #[test]
    fn a_child_that_does_not_end_is_given_up() {
        let sleeper = Command::new("sleep").arg("60").spawn().expect("sleep starts");
        assert_eq!(wait(sleeper, Duration::from_millis(1)), None);
        let quick = Command::new("false").spawn().expect("false starts");
        assert_eq!(wait(quick, Duration::from_secs(60)), Some(false));
    }

    #[test]
    fn debians_compiler_is_not_misled_by_rustups_variables() {
        let workspace = Workspace::find().expect("this is the repository");
        let debian = Toolchain::BuildsCore {
            rustc: DEBIAN_RUSTC.into(),
            version: Version(1, 96),
        };
        let cargo = debian.cargo(&workspace, "build");
        assert_eq!(cargo.get_program(), "/usr/bin/cargo");
        assert!(
            cargo
                .get_envs()
                .any(|(name, value)| name == "RUSTUP_TOOLCHAIN" && value.is_none())
        );
        assert!(cargo.get_args().any(|arg| arg == "-Zbuild-std=core,alloc"));
    }

    #[test]
    fn cargo_is_told_the_linker_by_the_targets_name() {
        assert_eq!(
            linker_variable("thumbv6m-none-eabi"),
            "CARGO_TARGET_THUMBV6M_NONE_EABI_LINKER"
        );
        let workspace = Workspace::find().expect("this is the repository");
        let installed = Toolchain::Installed { added: false };
        let linker = installed.linker(&workspace).expect("none is looked for");
        assert_eq!(linker, None, "it finds its own");
    }

    #[test]
    fn no_compiler_ends_with_a_command_to_type() {
        let error = nothing_found(TARGETS, Version(1, 90));
        let mend = error.downcast_ref::<Failure>().expect("a Failure").mend();
        assert!(
            mend.contains("thumbv6m-none-eabi") || mend.contains("rustc-web"),
            "{mend}"
        );
    }
}
