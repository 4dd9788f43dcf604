//! `pack`: the images of boards that xtask has just compiled. Half of `cargo xtask build`; the compiler is xtask's business.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use fivewire_codegen::check;
use fivewire_codegen::emit::{wire_hash, wire_parts};
use fivewire_codegen::model::Model;
use fivewire_host_fw_app::{DemoName, SLOT_BYTES, Start};
use fivewire_host_fw_desktop::demo;
use serde_json::{Value, json};

use crate::board::{self, Board, End, ImageKind};
use crate::elf::{Elf, Sizes};
use crate::image;
use crate::manifest::Manifest;
use crate::settings::UserFile;
use crate::sizes::{self, Row};
use crate::ui;

const SPEC: &str = "spec/bridge.yaml";

/// Make images of compiled ELF files.
#[derive(Args)]
pub struct Pack {
    /// A board and its ELF file, as pico=target/…/fivewire-pico; may be given more than once.
    #[arg(long = "elf", value_name = "BOARD=FILE", value_parser = pair, required = true)]
    elves: Vec<(String, PathBuf)>,
    /// What compiled them.
    #[arg(long)]
    toolchain: String,
    #[command(flatten)]
    user: User,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What the user's configuration is, and what the host's firmware does with it.
#[derive(Args)]
pub struct User {
    /// Configuration instead of fivewire.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The application of a host.
    #[arg(long, default_value_t, value_parser = demo::names())]
    demo: DemoName,
    /// From one of its publications to the next.
    #[arg(long, value_name = "MS", default_value_t = Start::default().interval_ms)]
    interval_ms: u32,
    /// Quality of service of what it publishes.
    #[arg(long, value_name = "QOS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    qos: u8,
    /// Let the broker retain what it publishes.
    #[arg(long)]
    retain: bool,
    /// End after so many publications.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

/// Check the user's configuration, and print the variables for the compiler of a bridge as JSON.
#[derive(Args)]
pub struct Ask {
    /// The image of a host is among those to be made.
    #[arg(long)]
    host: bool,
    #[command(flatten)]
    user: User,
}

impl Ask {
    /// Prints them, or why they are not good.
    ///
    /// # Errors
    /// What is wrong with the user's configuration.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        let asked = self.variables(root);
        println!("{}", asked.as_ref().map_or_else(ui::failed, Clone::clone));
        asked.map(drop)
    }

    fn variables(&self, root: &Path) -> anyhow::Result<Value> {
        let file = self.user.file(root)?;
        if self.host {
            file.slot(&self.user.start()?)?;
        }
        let variables: BTreeMap<_, _> = file.variables().into_iter().collect();
        Ok(json!({"config": file.name(), "variables": variables}))
    }
}

impl User {
    /// What the user's file says, if there is one.
    ///
    /// # Errors
    /// As [`UserFile::read`] has them.
    pub fn file(&self, root: &Path) -> anyhow::Result<UserFile> {
        UserFile::read(root, self.config.as_deref())
    }

    fn start(&self) -> anyhow::Result<Start> {
        Ok(Start {
            demo: self.demo,
            qos: fivewire_wire::QoS::from_number(self.qos).context("no such quality of service")?,
            retain: self.retain,
            interval_ms: self.interval_ms,
            limit: self.limit,
        })
    }
}

fn pair(text: &str) -> Result<(String, PathBuf), String> {
    let (board, path) = text.split_once('=').ok_or("not of the form BOARD=FILE")?;
    Ok((board.to_owned(), path.into()))
}

impl Pack {
    /// Makes, writes and lists the images.
    ///
    /// # Errors
    /// What is wrong with a board, an ELF file, the spec or the user's configuration.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        let user = self.user.file(root)?;
        let packed = self.rows(root, &user);
        if self.json {
            let report = packed.as_deref().map_or_else(
                ui::failed,
                |rows| json!({"ok": true, "config": user.name(), "images": sizes::json(rows)}),
            );
            println!("{report:#}");
        } else if let Ok(rows) = &packed {
            anstream::println!("{}", sizes::table(rows));
            told(rows, &user, self.user.demo);
        }
        packed.map(drop)
    }

    fn rows(&self, root: &Path, user: &UserFile) -> anyhow::Result<Vec<Row>> {
        let all = board::all(root)?;
        let named = |(name, elf): &'_ (String, PathBuf)| Ok((board::named(&all, name)?.clone(), elf.clone()));
        let boards = self.elves.iter().map(named).collect::<anyhow::Result<Vec<_>>>()?;
        // Only a host is configured so.
        let slot = match boards.iter().any(|(board, _)| board.is.end == End::Host) {
            true => user.slot(&self.user.start()?)?,
            false => None,
        };
        let model = model(root)?;
        let row = |(board, elf): &(Board, PathBuf)| {
            let row = self.image(root, board, elf, (&model, slot.as_ref()));
            row.with_context(|| format!("image of {}", board.name))
        };
        boards.iter().map(row).collect()
    }

    fn image(
        &self,
        root: &Path,
        board: &Board,
        elf: &Path,
        (model, slot): (&Model, Option<&[u8; SLOT_BYTES]>),
    ) -> anyhow::Result<Row> {
        let elf = fs::read(elf).with_context(|| format!("cannot read {}", elf.display()))?;
        let parsed = Elf::parse(&elf)?;
        let identity = parsed.identity()?;
        ensure!(
            identity.wire_hash == wire_hash(model),
            "it was compiled from another spec than {SPEC}"
        );
        let files = image::files(board, &elf, slot)?;
        let image = Manifest {
            board: board.name.clone(),
            end: board.is.end,
            wire_hash: identity.wire_hash,
            revision: identity.revision,
            min_revision: identity.min_revision,
            parts: wire_parts(model).into_iter().collect::<BTreeMap<_, _>>(),
            toolchain: self.toolchain.clone(),
            configured: parsed.slot()?.map(|_| slot.is_some()),
            files: files.iter().map(|file| file.name.clone()).collect(),
            sizes: sizes_of(&parsed, board, &files)?,
        };
        let before = Manifest::read(root, &board.name)
            .ok()
            .flatten()
            .map(|image| image.sizes);
        for file in files {
            image::write(&image::path(root, &file.name), &file.bytes)?;
        }
        image.write(root)?;
        Ok(Row {
            board: board.clone(),
            image,
            before,
        })
    }
}

/// An application of Espressif's has a head and checksums, which its partition must hold too.
fn sizes_of(elf: &Elf<'_>, board: &Board, files: &[image::File]) -> anyhow::Result<Sizes> {
    let sizes = elf.sizes(&board.is)?;
    let application = files.get(1).filter(|_| board.is.image == ImageKind::EspIdf);
    Ok(application.map_or(sizes, |file| Sizes {
        flash: file.bytes.len() as u64,
        ..sizes
    }))
}

fn model(root: &Path) -> anyhow::Result<Model> {
    let text = fs::read(root.join(SPEC)).with_context(|| format!("cannot read {SPEC}"))?;
    check::check(SPEC, &text)
        .model
        .with_context(|| format!("{SPEC} has errors: cargo xtask check"))
}

/// Which files there are, and what the hosts among them are told.
fn told(rows: &[Row], user: &UserFile, demo: DemoName) {
    for row in rows {
        anstream::println!(
            "{:<10} {}",
            row.board.name,
            row.image
                .files
                .iter()
                .map(|file| format!("{}/{file}", image::FOLDER))
                .collect::<Vec<_>>()
                .join("  ")
        );
    }
    if rows.iter().all(|row| row.image.configured.is_none()) {
        return;
    }
    match user.name() {
        Some(name) => anstream::println!("configured from {name}, demo {}", demo.as_str()),
        None => anstream::println!(
            "{}: there is no fivewire.toml, so a host will not know its network and broker (README, Build and flash)",
            ui::paint(ui::BOLD, "not configured")
        ),
    }
}
