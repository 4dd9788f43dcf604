//! The table of how much memory images take, and the budgets that they must keep.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use crate::board::{self, Board, Budget};
use crate::elf::Sizes;
use crate::manifest::Manifest;
use crate::ui::{self, Failure};

/// The sizes of the images that are there, and whether they keep their budgets.
#[derive(Args)]
pub struct Size {
    /// Fail when an image is larger than its board's budget, or when a board that is built by default has none.
    #[arg(long)]
    check: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Size {
    /// Prints the table; with `--check` it also judges.
    ///
    /// # Errors
    /// There is no image, or with `--check` one is missing or too large.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        let boards = board::all(root)?;
        let mut rows = Vec::new();
        let mut missing = Vec::new();
        for board in boards {
            match Manifest::read(root, &board.name)? {
                Some(image) => rows.push(Row {
                    board,
                    image,
                    before: None,
                }),
                None if board.is.default => missing.push(board.name),
                None => {}
            }
        }
        let over: Vec<_> = rows.iter().flat_map(Row::over_budget).collect();
        let judged = self.judge(rows.is_empty(), &missing, &over);
        if self.json {
            let mut report = judged.as_ref().map_or_else(ui::failed, |()| json!({"ok": true}));
            report["over_budget"] = over.into();
            report["missing"] = missing.into();
            report["images"] = json(&rows);
            println!("{report:#}");
        } else if !rows.is_empty() {
            anstream::println!("{}\n{}", table(&rows), budgets(&rows));
        }
        judged
    }

    /// What is missing or too large.
    fn judge(&self, is_empty: bool, missing: &[String], over: &[String]) -> anyhow::Result<()> {
        if is_empty || self.check && !missing.is_empty() {
            return Err(Failure::because(
                format!("there is no image of {}", missing.join(", ")),
                "cargo xtask build",
            ));
        }
        if self.check && !over.is_empty() {
            return Err(Failure::because(
                over.join("\n"),
                "cargo xtask build, then cargo xtask size --check",
            ));
        }
        Ok(())
    }
}

/// How much of its budget each image takes.
fn budgets(rows: &[Row]) -> String {
    let part = |is: u64, allowed: u64| format!("{} % of {}", 100 * is / allowed.max(1), ui::bytes(allowed));
    let line = |row: &Row| {
        let (sizes, budget) = (row.image.sizes, row.board.is.budget);
        let (flash, ram) = (part(sizes.flash, budget.flash), part(sizes.ram, budget.ram));
        let style = if row.over_budget().is_empty() {
            ui::GOOD
        } else {
            ui::BAD
        };
        ui::paint(style, format!("{:<10} flash {flash}, RAM {ram}", row.board.name))
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A line of the table.
pub struct Row {
    /// The board.
    pub board: Board,
    /// Its image.
    pub image: Manifest,
    /// What the image before took.
    pub before: Option<Sizes>,
}

impl Row {
    /// What is too large, each as a sentence with what to do.
    #[must_use]
    pub fn over_budget(&self) -> Vec<String> {
        let Budget { flash, ram } = self.board.is.budget;
        let Board { name, folder, .. } = &self.board;
        let over = |what: &str, is: u64, allowed: u64| {
            let by = is.checked_sub(allowed).filter(|by| *by > 0)?;
            Some(format!(
                "{name}: {what} is {is} bytes, {by} more than its budget of {allowed}; make it smaller, or raise `budget` in \
                 {folder}/Cargo.toml and say why"
            ))
        };
        let sizes = self.image.sizes;
        let both = [over("flash", sizes.flash, flash), over("RAM", sizes.ram, ram)];
        both.into_iter().flatten().collect()
    }

    fn json(&self) -> Value {
        let Manifest {
            wire_hash,
            files,
            sizes,
            configured,
            ..
        } = &self.image;
        json!({
            "board": self.board.name,
            "end": self.board.is.end,
            "wire_hash": format!("{wire_hash:#010x}"),
            "revision": self.image.revision,
            "files": files,
            "configured": configured,
            "sizes": sizes,
            "before": self.before,
            "budget": {"flash": self.board.is.budget.flash, "ram": self.board.is.budget.ram},
        })
    }
}

/// The rows as `--json` prints them.
#[must_use]
pub fn json(rows: &[Row]) -> Value {
    rows.iter().map(Row::json).collect()
}

/// The table, coloured; anstream takes the colours out where they do not belong.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let head = format!(
        "{:<10} {:>22} {:>22} {:>11}  wire hash",
        "image", "flash", "RAM", "stack left"
    );
    let lines = rows.iter().map(|row| {
        let Sizes {
            flash,
            ram,
            stack_left,
        } = row.image.sizes;
        let name = ui::paint(ui::BOLD, format!("{:<10}", row.board.name));
        let flash = changed(flash, row.before.map(|before| before.flash));
        let ram = changed(ram, row.before.map(|before| before.ram));
        let stack = ui::bytes(stack_left);
        format!("{name} {flash} {ram} {stack:>11}  {:#010x}", row.image.wire_hash)
    });
    [ui::paint(ui::DIM, head)]
        .into_iter()
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A size in 22 columns, with how it changed.
fn changed(now: u64, before: Option<u64>) -> String {
    let (style, change) = match before {
        None => (ui::DIM, String::new()),
        Some(before) if before == now => (ui::DIM, "=".to_owned()),
        Some(before) if before < now => (ui::BAD, format!("+{} B", now - before)),
        Some(before) => (ui::GOOD, format!("-{} B", before - now)),
    };
    format!(
        "{:>11} {}",
        ui::bytes(now),
        ui::paint(style, format!("{change:>10}"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::End;
    use crate::board::tests::pico;
    use crate::manifest::tests::manifest;
    use expect_test::expect;

    fn row(sizes: Sizes, before: Option<Sizes>) -> Row {
        let image = Manifest {
            sizes,
            ..manifest("pico", End::Host)
        };
        Row {
            board: pico(),
            image,
            before,
        }
    }

    const SMALL: Sizes = Sizes {
        flash: 60_000,
        ram: 9_000,
        stack_left: 261_336,
    };

    #[test]
    fn the_table_shows_what_changed() {
        let before = Sizes {
            flash: 59_000,
            ram: 9_000,
            stack_left: 0,
        };
        let rows = [row(SMALL, Some(before)), row(SMALL, None)];
        let plain = anstream::adapter::strip_str(&table(&rows)).to_string();
        expect![[r#"
            image                       flash                    RAM  stack left  wire hash
            pico          58.6 KiB    +1000 B     8.8 KiB          =   255.2 KiB  0x0badcafe
            pico          58.6 KiB                8.8 KiB              255.2 KiB  0x0badcafe"#]]
        .assert_eq(&plain);
    }

    /// The answer's `ok` is the command's end.
    #[test]
    fn a_missing_image_is_a_failure_where_all_are_asked_for() {
        let judge = |check, is_empty, missing: &[&str]| {
            let missing: Vec<_> = missing.iter().map(|name| (*name).to_owned()).collect();
            Size { check, json: true }.judge(is_empty, &missing, &[])
        };
        assert!(judge(false, false, &["pico"]).is_ok());
        let error = judge(true, false, &["pico"]).unwrap_err();
        assert_eq!(ui::failed(&error)["error"], "there is no image of pico");
        assert_eq!(ui::failed(&error)["mend"], "cargo xtask build");
        assert!(judge(false, true, &["pico"]).is_err());
    }

    #[test]
    fn a_budget_is_kept_to_the_byte() {
        let exact = Sizes {
            flash: 100_000,
            ram: 50_000,
            stack_left: 0,
        };
        assert_eq!(row(exact, None).over_budget(), [""; 0]);
        let over = row(
            Sizes {
                flash: 100_007,
                ..exact
            },
            None,
        )
        .over_budget();
        let expected = "pico: flash is 100007 bytes, 7 more than its budget of 100000; make it smaller, or raise `budget` in \
                        host-fw/pico/Cargo.toml and say why";
        assert_eq!(over, [expected]);
    }
}
