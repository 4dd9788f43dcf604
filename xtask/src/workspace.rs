//! The repository: where it is, and which crates `cargo metadata` knows in it.
//!
//! Only facts; what is allowed among them is `tidy`'s business.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, MetadataCommand, Package, TargetKind};

/// The checked-out repository.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the repository that this xtask belongs to, whatever the current directory is.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let xtask = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let xtask = xtask.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = xtask.parent().context("xtask lies in no folder")?.to_path_buf();
        anyhow::ensure!(
            root.join("spec").is_dir(),
            "{} is not the fivewire repository",
            root.display()
        );
        Ok(Self { root })
    }

    /// The folder that holds the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// `path` inside the repository.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// Where cargo puts what it builds; an existing `CARGO_TARGET_DIR` is honoured as cargo does.
    pub(crate) fn target_dir(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |dir| self.path(dir))
    }

    /// All crates of the workspace in the order of their paths.
    pub(crate) fn crates(&self) -> anyhow::Result<Vec<Crate>> {
        let mut command = MetadataCommand::new();
        let metadata = command.manifest_path(self.path("Cargo.toml")).no_deps().exec();
        let metadata = metadata.context("cargo metadata failed")?;
        let mut crates = metadata
            .workspace_packages()
            .into_iter()
            .map(|package| self.describe(package))
            .collect::<anyhow::Result<Vec<_>>>()?;
        crates.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(crates)
    }

    fn describe(&self, package: &Package) -> anyhow::Result<Crate> {
        let manifest_path = package.manifest_path.as_std_path();
        let folder = manifest_path.parent().context("a manifest in no folder")?;
        let path = folder.strip_prefix(&self.root).unwrap_or(folder);
        let library = package
            .targets
            .iter()
            .find(|target| target.is_lib() || target.is_proc_macro());
        let library = library
            .map(|target| fs::read_to_string(&target.src_path))
            .transpose()?;
        let is_test = |kind: &TargetKind| *kind == TargetKind::Test;
        let tests = package
            .targets
            .iter()
            .filter(|target| target.kind.iter().any(is_test));
        Ok(Crate {
            name: package.name.to_string(),
            path: path.to_string_lossy().replace('\\', "/"),
            description: package.description.clone().unwrap_or_default(),
            dependencies: package.dependencies.iter().map(Dependency::from).collect(),
            test_binaries: tests.map(|target| target.name.clone()).collect(),
            manifest: fs::read_to_string(manifest_path)?,
            metadata: package.metadata.clone(),
            rust_version: package.rust_version.as_ref().map(ToString::to_string),
            no_std: library.is_some_and(|text| is_no_std(&text)),
        })
    }
}

/// A crate root says `#![no_std]`, perhaps only outside tests.
fn is_no_std(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("#![") && line.contains("no_std"))
}

/// One crate of the workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crate {
    /// Package name.
    pub(crate) name: String,
    /// Folder, relative to the root, with `/`.
    pub(crate) path: String,
    /// What its manifest says it is.
    pub(crate) description: String,
    /// What its manifest asks for, of every kind.
    pub(crate) dependencies: Vec<Dependency>,
    /// Names of its integration test binaries.
    pub(crate) test_binaries: Vec<String>,
    /// Text of its `Cargo.toml`.
    pub(crate) manifest: String,
    /// Its table `[package.metadata]`.
    pub(crate) metadata: serde_json::Value,
    /// The oldest compiler that it wants.
    pub(crate) rust_version: Option<String>,
    /// It has a library, and that is `#![no_std]`.
    pub(crate) no_std: bool,
}

/// One line of a `[dependencies]` table.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    /// Package name.
    pub(crate) name: String,
    /// Only tests, benches and examples see it.
    pub(crate) dev: bool,
}

impl From<&cargo_metadata::Dependency> for Dependency {
    fn from(dependency: &cargo_metadata::Dependency) -> Self {
        Self {
            name: dependency.name.clone(),
            dev: dependency.kind == DependencyKind::Development,
        }
    }
}
