//! Which crate may depend on which: the one table, and the rules that hold it against the manifests.
//!
//! Not derived from anything: a new arrow is a decision, so it is written here by hand.

use super::{Finding, Tree};
use crate::workspace::Crate;

/// Each crate and the workspace crates that it may depend on (normal and build dependencies). The first row that fits counts.
///
/// What must never be: runtime → codegen; wire, link and mqtt → each other; host → bridge or back;
/// anything → sim, xtask or firmware, but for the demonstration that is made of them.
const ARROWS: &[(&str, &[&str])] = &[
    // The protocol compiler.
    ("codegen", &[]),
    ("codegen-macros", &["codegen"]),
    // The wires, from bits upwards.
    ("frame", &[]),
    ("link", &["frame"]),
    ("gpio", &["link"]),
    ("text", &["link", "wire"]),
    ("wires", &[]),
    // What is said over them, and to the broker.
    ("wire", &[]),
    ("mqtt", &[]),
    // For a board with a network of its own.
    ("client", &["mqtt"]),
    // A way to the broker for computers.
    ("transport", &[]),
    // The two ends, and the simulator that holds them against each other.
    ("host", &["link", "wire"]),
    ("bridge", &["link", "wire", "mqtt"]),
    ("sim", &["host", "bridge", "link", "text", "wire"]),
    // Firmware.
    ("host-fw-app", &["host", "frame"]),
    (
        "host-fw-desktop",
        &["host-fw-app", "host", "text", "gpio", "wires"],
    ),
    ("host-fw-firmware", &["host-fw-app", "host", "text", "gpio"]),
    (
        "bridge-fw-linux",
        &["bridge", "text", "gpio", "transport", "wires"],
    ),
    ("bridge-fw-net", &["bridge", "text", "gpio"]),
    // Any other folder there is a board.
    ("host-fw-*", &["host-fw-firmware", "host-fw-app", "host", "gpio"]),
    ("bridge-fw-*", &["bridge-fw-net", "bridge", "gpio"]),
    // Tools. xtask itself compiles little, so that every command starts soon; what needs more is its own program.
    ("xtask", &["codegen"]),
    (
        "xtask-bench",
        &[
            "codegen",
            "frame",
            "link",
            "text",
            "wire",
            "mqtt",
            "xtask-processes",
        ],
    ),
    // Both real ends, so that what is measured is what runs.
    ("xtask-bench-ends", &["host", "bridge", "text", "gpio", "mqtt"]),
    ("xtask-bench-size", &["mqtt", "host", "gpio"]),
    (
        "xtask-boards",
        &["codegen", "host-fw-app", "host-fw-desktop", "link", "wire"],
    ),
    (
        "xtask-conformance",
        &["mqtt", "host", "bridge", "bridge-fw-linux", "gpio", "wires"],
    ),
    ("xtask-processes", &[]),
    (
        "xtask-emu",
        &["host-fw-app", "wires", "xtask-boards", "xtask-processes"],
    ),
    ("xtask-fuzz", &["codegen", "frame", "link", "mqtt", "wire"]),
    (
        "xtask-soak",
        &["mqtt", "host", "gpio", "wires", "xtask-processes"],
    ),
    (
        "xtask-sim",
        &[
            "bridge-fw-linux",
            "host-fw-app",
            "host",
            "wire",
            "gpio",
            "wires",
            "sim",
        ],
    ),
];

/// Who may know pins. The demonstration stands in for firmware and bends a wire to flip bits, the emulator for a chip.
const PINS: &[&str] = &[
    "gpio",
    "wires",
    "host-fw-*",
    "bridge-fw-*",
    "xtask-sim",
    "xtask-bench-ends",
    "xtask-bench-size",
    "xtask-emu",
];

/// Libraries that belong to some crates only: library, crates (a trailing `*` is any rest), why.
const FENCES: &[(&str, &[&str], &str)] = &[
    (
        "embedded-hal",
        PINS,
        "pins are known to gpio, wires and firmware only",
    ),
    (
        "embedded-hal-async",
        PINS,
        "pins are known to gpio, wires and firmware only",
    ),
    (
        "anyhow",
        &["xtask*", "host-fw-desktop", "bridge-fw-linux"],
        "libraries have errors of their own",
    ),
    (
        "serde",
        &["codegen*", "xtask*", "host-fw-desktop", "bridge-fw-linux"],
        "the runtime has its own codec",
    ),
];

const PREFIX: &str = "fivewire-";
const TABLE: &str = "xtask/src/tidy/arrows.rs";

/// Normal and build dependencies against [`ARROWS`], and the table against the workspace.
pub(super) fn allowed(tree: &Tree) -> Vec<Finding> {
    let stale = ARROWS
        .iter()
        .filter(|(name, _)| !tree.crates.iter().any(|c| is(name, short(&c.name))));
    let stale = stale.map(|(name, _)| {
        Finding::new(
            TABLE,
            format!("there is no crate {PREFIX}{name}"),
            "remove its row from ARROWS",
        )
    });
    tree.crates
        .iter()
        .flat_map(|c| outgoing(c, ARROWS))
        .chain(stale)
        .collect()
}

fn outgoing(of: &Crate, arrows: &[(&str, &[&str])]) -> Vec<Finding> {
    let manifest = format!("{}/Cargo.toml", of.path);
    let Some((_, targets)) = arrows.iter().find(|(name, _)| is(name, short(&of.name))) else {
        let message = format!("{} has no row in the table of allowed arrows", of.name);
        return vec![Finding::new(
            manifest,
            message,
            format!("add one to ARROWS in {TABLE}"),
        )];
    };
    let wrong = local(of, false).filter(|to| !targets.contains(to));
    wrong
        .map(|to| {
            let message = format!("{} must not depend on {PREFIX}{to}", of.name);
            let help = format!("take it out, or allow the arrow in ARROWS in {TABLE} and say why");
            Finding::new(&manifest, message, help)
        })
        .collect()
}

/// Dev-dependencies are free, but only those made of sim, xtask and firmware may test themselves with them.
pub(super) fn dev(tree: &Tree) -> Vec<Finding> {
    let on_top = |name: &str| {
        name == "sim"
            || ["xtask", "host-fw-", "bridge-fw-"]
                .iter()
                .any(|start| name.starts_with(start))
    };
    let below = tree.crates.iter().filter(|of| !on_top(short(&of.name)));
    let breach = |of: &Crate, to: &str| {
        let message = format!("the tests of {} must not depend on {PREFIX}{to}", of.name);
        let help = format!("move the test to {PREFIX}{to}, which may depend on {}", of.name);
        Finding::new(format!("{}/Cargo.toml", of.path), message, help)
    };
    below
        .flat_map(|of| {
            local(of, true)
                .filter(|to| on_top(to))
                .map(move |to| breach(of, to))
        })
        .collect()
}

/// Normal dependencies on other people's libraries against [`FENCES`].
pub(super) fn fences(tree: &Tree) -> Vec<Finding> {
    let inside = |of: &Crate, crates: &[&str]| crates.iter().any(|name| is(name, short(&of.name)));
    let mut found = Vec::new();
    for (library, crates, why) in FENCES {
        let users = tree
            .crates
            .iter()
            .filter(|of| !inside(of, crates) && of.dependencies.iter().any(|d| !d.dev && d.name == *library));
        found.extend(users.map(|of| {
            let message = format!("{} must not depend on {library}: {why}", of.name);
            Finding::new(
                format!("{}/Cargo.toml", of.path),
                message,
                format!("take it out, or see FENCES in {TABLE}"),
            )
        }));
    }
    found
}

/// The workspace crates `of` depends on, without their common prefix.
fn local(of: &Crate, dev: bool) -> impl Iterator<Item = &str> {
    of.dependencies
        .iter()
        .filter(move |d| d.dev == dev)
        .filter_map(|d| d.name.strip_prefix(PREFIX))
}

/// Whether a crate is meant; a trailing `*` is any rest.
fn is(meant: &str, name: &str) -> bool {
    match meant.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == meant,
    }
}

fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::test_tree::{krate, messages, tree_of};

    fn about<'a>(found: &'a [Finding], path: &str) -> Vec<&'a str> {
        found
            .iter()
            .filter(|f| f.path.starts_with(path))
            .map(|f| f.message.as_str())
            .collect()
    }

    #[test]
    fn a_forbidden_arrow_is_found_and_an_allowed_one_is_not() {
        let link = krate("fivewire-link", "runtime/link")
            .needs("fivewire-frame")
            .needs("fivewire-wire");
        let found = allowed(&tree_of([link.into()]));
        assert_eq!(
            about(&found, "runtime/link"),
            ["fivewire-link must not depend on fivewire-wire"]
        );
    }

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_are_found() {
        let found = allowed(&tree_of([krate("fivewire-radio", "runtime/radio").into()]));
        assert_eq!(
            about(&found, "runtime/radio"),
            ["fivewire-radio has no row in the table of allowed arrows"]
        );
        assert!(about(&found, TABLE).contains(&"there is no crate fivewire-mqtt"));
    }

    #[test]
    fn tests_reach_downwards_only() {
        let host = krate("fivewire-host", "runtime/host")
            .tests_with("fivewire-sim")
            .tests_with("fivewire-bridge");
        let desktop =
            krate("fivewire-host-fw-desktop", "host-fw/desktop").tests_with("fivewire-bridge-fw-linux");
        let found = dev(&tree_of([host.into(), desktop.into()]));
        assert_eq!(
            messages(&found),
            ["the tests of fivewire-host must not depend on fivewire-sim"]
        );
    }

    #[test]
    fn a_library_outside_its_fence_is_found() {
        let host = krate("fivewire-host", "runtime/host")
            .needs("embedded-hal")
            .tests_with("anyhow");
        let xtask = krate("fivewire-xtask-sim", "xtask/sim").needs("anyhow");
        let found = fences(&tree_of([host.into(), xtask.into()]));
        let wanted =
            "fivewire-host must not depend on embedded-hal: pins are known to gpio, wires and firmware only";
        assert_eq!(messages(&found), [wanted]);
    }

    #[test]
    fn the_table_itself_has_no_forbidden_arrow() {
        let may = |from: &str, to: &str| {
            ARROWS
                .iter()
                .any(|(name, targets)| *name == from && targets.contains(&to))
        };
        for (from, to) in [
            ("wire", "link"),
            ("link", "mqtt"),
            ("mqtt", "wire"),
            ("host", "bridge"),
            ("bridge", "host"),
        ] {
            assert!(!may(from, to), "{from} → {to}");
        }
        assert!(ARROWS.iter().all(|(_, targets)| !targets.contains(&"xtask")));
        // The simulator is for tests and tools; nothing that runs on a board or beside one knows it.
        let mut product = ARROWS.iter().filter(|(name, _)| !name.starts_with("xtask"));
        assert!(product.all(|(_, targets)| !targets.contains(&"sim")));
    }
}
