//! `status_values.py`: the statuses as constants for MicroPython, with the names and numbers that programs for the
//! MicroPython system know, and those that it never had.

use super::Output;
use crate::model::{Model, Status};
use std::fmt::Write;

/// Numbers of statuses that the MicroPython system never had: this, and the status's own code.
const NEW: i128 = 0x100;

/// The module; None where no status has a number in it.
pub(crate) fn output(model: &Model) -> Option<Output> {
    let known = model.statuses.iter().any(|status| status.text_code.is_some());
    known.then(|| Output {
        path: "spec/status_values.py".to_owned(),
        text: module(model),
    })
}

fn module(model: &Model) -> String {
    let mut statuses: Vec<_> = model
        .statuses
        .iter()
        .filter_map(|status| Some((number(status)?, status)))
        .collect();
    statuses.sort_by_key(|(number, _)| *number);
    let mut text = format!(
        "# Generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.\n\
         # Statuses of the protocol {}, revision {}. Numbers from 256 on are new: 256 + the status's code.\n\n",
        model.protocol.name,
        model.protocol.revision.unwrap_or(1),
    );
    for (number, status) in statuses {
        let doc = status.doc.replace('\n', " ");
        // Writing to a string does not fail.
        let _ = writeln!(text, "{} = {number}  # {doc}", status.python_name());
    }
    text
}

/// Its number; none for a status that only the host says and the MicroPython system never had.
fn number(status: &Status) -> Option<i128> {
    status.text_code.or_else(|| Some(NEW + status.code?))
}
