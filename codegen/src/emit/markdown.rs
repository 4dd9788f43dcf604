//! PROTOCOL.md: the whole protocol for a person who implements an end in any language. The words are in
//! `templates/`; here is only what the templates fill in.

mod fields;
mod messages;
mod tables;
mod text;

use crate::model::Model;
use askama::Template;
use messages::{Direction, OpRow};
use tables::{KeyRow, StatusRow, TypeSection};
use text::TextSection;

/// What the template sees.
#[derive(Template)]
#[template(path = "protocol.md", escape = "none")]
struct Protocol<'m> {
    title: &'m str,
    doc: &'m str,
    revision: i128,
    min: i128,
    wire_hash: String,
    max_command: u64,
    max_event: u64,
    ops: Vec<OpRow<'m>>,
    directions: Vec<Direction<'m>>,
    types: Vec<TypeSection<'m>>,
    statuses: Vec<StatusRow<'m>>,
    keys: Vec<KeyRow<'m>>,
    reserved: Vec<(&'static str, String)>,
    text: Option<TextSection<'m>>,
    units: &'static [(&'static str, &'static str)],
}

/// The text of PROTOCOL.md.
pub(crate) fn protocol(model: &Model) -> String {
    let page = Protocol {
        title: &model.protocol.name,
        doc: &model.protocol.doc,
        revision: model.protocol.revision.unwrap_or(1),
        min: model.protocol.min.unwrap_or(1),
        wire_hash: format!("{:#010x}", super::wire_hash(model)),
        max_command: super::size::commands(model),
        max_event: super::size::events(model),
        ops: messages::ops(model),
        directions: messages::directions(model),
        types: tables::types(model),
        statuses: tables::statuses(model),
        keys: tables::keys(model),
        reserved: tables::reserved(model),
        text: text::section(model),
        units: &crate::model::UNITS,
    };
    // The template has no part that could fail; an empty page would be seen at once.
    page.render().unwrap_or_default()
}
