//! Tables of fields: how each is typed, encoded and bounded, in a few words.

use crate::emit::layout::Layout;
use crate::emit::rust::doc::{bounds, value_text};
use crate::model::{Encoding, Field, Model, Shape, Type, TypeKind};

/// A row of a table of fields.
pub(super) struct FieldRow<'m> {
    pub(super) name: &'m str,
    pub(super) kind: String,
    pub(super) place: String,
    pub(super) limits: String,
    pub(super) default: String,
    pub(super) doc: String,
}

/// The fields in the order of the wire.
pub(super) fn field_rows<'m>(model: &'m Model, layout: &Layout<'m>) -> Vec<FieldRow<'m>> {
    let folded = layout
        .folded
        .iter()
        .map(|folded| field_row(model, folded.field, "op".to_owned()));
    let ordinary = layout
        .ordinary
        .iter()
        .map(|field| field_row(model, field, encoding(model, &field.shape)));
    let block = if layout.config.is_some() {
        "entry 0"
    } else {
        "extension"
    };
    let extension = layout.extension.iter().map(|field| {
        field_row(
            model,
            field,
            format!("{block}: {}", encoding(model, &field.shape)),
        )
    });
    let rest = layout
        .rest
        .map(|field| field_row(model, field, "to the end".to_owned()));
    let config = layout
        .config
        .map(|field| field_row(model, field, encoding(model, &field.shape)));
    folded
        .chain(ordinary)
        .chain(extension)
        .chain(config)
        .chain(rest)
        .collect()
}

pub(super) fn field_row<'m>(model: &'m Model, field: &'m Field, place: String) -> FieldRow<'m> {
    let since = if field.since > 1 {
        format!(" (since revision {})", field.since)
    } else {
        String::new()
    };
    FieldRow {
        name: &field.name,
        kind: kind(model, &field.shape),
        place,
        limits: limits(&field.shape, field.unit.as_deref()),
        default: field.default.as_ref().map_or_else(|| "–".to_owned(), value_text),
        doc: cell(&format!("{}{since}", field.doc)),
    }
}

/// A bar would end the cell.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

pub(super) fn limits(shape: &Shape, unit: Option<&str>) -> String {
    let parts = [bounds(shape), unit.map(str::to_owned)];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if text.is_empty() { "–".to_owned() } else { text }
}

/// The type as a spec writes it.
pub(super) fn kind(model: &Model, shape: &Shape) -> String {
    let of = || shape.of.as_deref().map(|of| kind(model, of)).unwrap_or_default();
    match &shape.kind {
        Type::Bool => "bool".to_owned(),
        Type::Int(int) => int.name(),
        Type::Str => "str".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Status => "status".to_owned(),
        Type::Config => "config".to_owned(),
        Type::List => format!("list of {}", of()),
        Type::Optional => format!("optional {}", of()),
        Type::Named(index) => model
            .types
            .get(*index)
            .map(|def| def.name.clone())
            .unwrap_or_default(),
        Type::Unknown(name) => name.clone(),
    }
}

/// How a value is encoded, in a few words.
pub(super) fn encoding(model: &Model, shape: &Shape) -> String {
    let of = || {
        shape
            .of
            .as_deref()
            .map(|of| encoding(model, of))
            .unwrap_or_default()
    };
    match &shape.kind {
        Type::Bool | Type::Status => "1 byte".to_owned(),
        Type::Int(int) if int.bits == 8 => "1 byte".to_owned(),
        Type::Int(int) => match (shape.encoding, int.signed) {
            (Encoding::Fixed, _) => format!("{} bytes, little endian", int.bits / 8),
            (Encoding::Varint, true) => format!("zigzag LEB128, 1–{} bytes", int.bits.div_ceil(7)),
            (Encoding::Varint, false) => format!("LEB128, 1–{} bytes", int.bits.div_ceil(7)),
        },
        Type::Str | Type::Bytes => "LEB128 length, bytes".to_owned(),
        Type::Config => "entries to the end".to_owned(),
        Type::List => format!("LEB128 count, each {}", of()),
        Type::Optional => format!("0, or 1 and {}", of()),
        Type::Named(index) => match model.types.get(*index).map(|def| &def.kind) {
            Some(TypeKind::Enum(_)) => "1 byte".to_owned(),
            _ => "its fields".to_owned(),
        },
        Type::Unknown(_) => String::new(),
    }
}
