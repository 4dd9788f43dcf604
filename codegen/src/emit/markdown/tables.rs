//! Types, statuses, settings and what is reserved, as rows of their tables.

use super::fields::{FieldRow, cell, encoding, field_row, kind, limits};
use crate::emit::rust::doc::value_text;
use crate::model::{ConfigKey, Enum, EnumValue, Model, Origin, Scope, Status, TypeDef, TypeKind};

/// An enumeration or a structure.
pub(super) struct TypeSection<'m> {
    pub(super) name: &'m str,
    pub(super) doc: &'m str,
    pub(super) note: String,
    pub(super) values: Vec<(i128, &'m str, String)>,
    pub(super) fields: Vec<FieldRow<'m>>,
}

/// A row of the table of statuses.
pub(super) struct StatusRow<'m> {
    pub(super) code: String,
    pub(super) name: &'m str,
    pub(super) severity: &'static str,
    pub(super) fatal_in: String,
    pub(super) recovery: &'static str,
    pub(super) text_code: String,
    pub(super) doc: &'m str,
}

/// A row of the table of settings.
pub(super) struct KeyRow<'m> {
    pub(super) id: i128,
    pub(super) name: &'m str,
    pub(super) kind: String,
    pub(super) limits: String,
    pub(super) default: String,
    pub(super) apply: &'static str,
    pub(super) scope: &'static str,
    pub(super) doc: String,
}

/// Every type in the spec's order.
pub(super) fn types(model: &Model) -> Vec<TypeSection<'_>> {
    model.types.iter().map(|def| type_section(model, def)).collect()
}

fn type_section<'m>(model: &'m Model, def: &'m TypeDef) -> TypeSection<'m> {
    let (note, values, fields) = match &def.kind {
        TypeKind::Enum(body) => (enum_note(body), enum_values(body), Vec::new()),
        TypeKind::Struct(fields) => {
            let rows = fields
                .iter()
                .map(|field| field_row(model, field, encoding(model, &field.shape)));
            (
                "A structure: its fields in this order, nothing between them.".to_owned(),
                Vec::new(),
                rows.collect(),
            )
        }
        TypeKind::Unknown => (String::new(), Vec::new(), Vec::new()),
    };
    TypeSection {
        name: &def.name,
        doc: &def.doc,
        note,
        values,
        fields,
    }
}

fn enum_note(body: &Enum) -> String {
    let open = match body.open {
        true => "Open: a receiver keeps numbers that it does not know.",
        false => "Closed: any other number makes the message malformed.",
    };
    let bits = body
        .bits
        .map(|bits| format!(" Folded into an op it takes {bits} bits."));
    format!("{open}{}", bits.unwrap_or_default())
}

fn enum_values(body: &Enum) -> Vec<(i128, &str, String)> {
    let row = |value: &EnumValue| value.value.unwrap_or(0);
    let doc = |value: &EnumValue| {
        let only_native = if value.text {
            ""
        } else {
            " Not in the text format."
        };
        format!("{}{only_native}", value.doc)
    };
    body.values
        .iter()
        .map(|value| (row(value), value.name.as_str(), doc(value)))
        .collect()
}

/// Every status in the spec's order.
pub(super) fn statuses(model: &Model) -> Vec<StatusRow<'_>> {
    model.statuses.iter().map(status_row).collect()
}

fn status_row(status: &Status) -> StatusRow<'_> {
    let phases: Vec<_> = status.fatal_in.iter().map(|phase| phase.word()).collect();
    StatusRow {
        code: match (status.origin, status.code) {
            (Origin::Bridge, Some(code)) => format!("`{code:#04x}`"),
            _ => "host only".to_owned(),
        },
        name: &status.name,
        severity: status.severity.map_or("?", |severity| severity.word()),
        fatal_in: if phases.is_empty() {
            "–".to_owned()
        } else {
            phases.join(", ")
        },
        recovery: status.recovery.word(),
        text_code: status
            .text_code
            .map_or_else(|| "–".to_owned(), |code| code.to_string()),
        doc: &status.doc,
    }
}

/// Every setting in the spec's order.
pub(super) fn keys(model: &Model) -> Vec<KeyRow<'_>> {
    model.config.iter().map(|key| key_row(model, key)).collect()
}

fn key_row<'m>(model: &'m Model, key: &'m ConfigKey) -> KeyRow<'m> {
    let secret = if key.secret { " Secret." } else { "" };
    KeyRow {
        id: key.id.unwrap_or(0),
        name: &key.name,
        kind: kind(model, &key.shape),
        limits: limits(&key.shape, key.unit.as_deref()),
        default: key
            .default
            .as_ref()
            .map_or_else(|| "required".to_owned(), value_text),
        apply: key.apply.map_or("?", |apply| apply.word()),
        scope: match key.scope {
            Scope::Bridge => "bridge",
            Scope::Host => "host only",
        },
        doc: cell(&format!("{}{secret}", key.doc)),
    }
}

/// What must not come back; only lists that hold something.
pub(super) fn reserved(model: &Model) -> Vec<(&'static str, String)> {
    let codes = |codes: &[i128]| {
        codes
            .iter()
            .map(|code| format!("`{code:#04x}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let reserved = &model.reserved;
    let names = reserved
        .names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let lists = [
        ("Ops", codes(&reserved.ops)),
        ("Status codes", codes(&reserved.status_codes)),
        ("Config ids", codes(&reserved.config_ids)),
        ("Names", names),
    ];
    lists.into_iter().filter(|(_, list)| !list.is_empty()).collect()
}
