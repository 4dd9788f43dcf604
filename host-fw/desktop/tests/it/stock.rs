//! Each program before an end of the MicroPython system, over a wires file. The other end is in Python, written from a
//! description of the original; its seconds are short. Nothing is configured: each finds out whom it has before it.

use std::path::Path;

use crate::broker::Folder;
use crate::pair::{Program, wires_file};

mod bridge;
mod host;

/// A program of the Python peer.
fn python(program: &str, folder: &Folder, arguments: &[&str]) -> Program {
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/text/tests/peer");
    let (script, wires) = (peer.join(program), wires_file(folder));
    let mut all = vec![
        script.to_str().unwrap(),
        wires.to_str().unwrap(),
        "--scale",
        "0.02",
    ];
    all.extend(arguments);
    Program::start(Path::new("python3"), &all)
}
