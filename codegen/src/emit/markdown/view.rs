//! The rows and sections that PROTOCOL.md's template fills in: text, ready to be set into a table.

use crate::emit::body;
use crate::emit::layout::Layout;
use crate::emit::rust::doc::{bounds, value_text};
use crate::emit::{size, vectors};
use crate::model::{
    ConfigKey, Direction::Command, Encoding, Enum, EnumValue, Field, Message, Model, Origin, Scope, Shape,
    Status, StatusRef, Type, TypeDef, TypeKind, Value, WaitsFor,
};
use indexmap::IndexMap;

/// A row of the table of ops.
pub(super) struct OpRow<'m> {
    pub(super) ops: String,
    pub(super) name: &'m str,
    pub(super) direction: &'static str,
    pub(super) reply: String,
    pub(super) longest: String,
    pub(super) doc: &'m str,
}

/// All messages of one direction.
pub(super) struct Direction<'m> {
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) messages: Vec<MessageSection<'m>>,
}

/// One command or event.
pub(super) struct MessageSection<'m> {
    pub(super) name: &'m str,
    pub(super) ops: String,
    pub(super) doc: &'m str,
    pub(super) facts: Vec<String>,
    pub(super) body: BodyPart<'m>,
    pub(super) reply: Option<BodyPart<'m>>,
}

/// One body: its op, its fields in the order of the wire, an example.
pub(super) struct BodyPart<'m> {
    pub(super) layout: String,
    pub(super) op_bits: Vec<String>,
    pub(super) fields: Vec<FieldRow<'m>>,
    pub(super) longest: String,
    pub(super) example: Option<Example>,
}

/// A row of a table of fields.
pub(super) struct FieldRow<'m> {
    pub(super) name: &'m str,
    pub(super) kind: String,
    pub(super) place: String,
    pub(super) limits: String,
    pub(super) default: String,
    pub(super) doc: String,
}

/// A value and its body.
pub(super) struct Example {
    pub(super) value: String,
    pub(super) body: String,
}

/// An enumeration or a structure.
pub(super) struct TypeSection<'m> {
    pub(super) name: &'m str,
    pub(super) doc: &'m str,
    pub(super) note: String,
    pub(super) values: Vec<(i128, &'m str, &'m str)>,
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

/// Every op in ascending order.
pub(super) fn ops(model: &Model) -> Vec<OpRow<'_>> {
    let mut messages: Vec<_> = model.messages().collect();
    messages.sort_by_key(|message| message.op);
    messages
        .into_iter()
        .map(|message| op_row(model, message))
        .collect()
}

fn op_row<'m>(model: &'m Model, message: &'m Message) -> OpRow<'m> {
    let is_command = message.direction == Command;
    let replies = is_command && !message.one_way;
    OpRow {
        ops: op_range(message),
        name: &message.name,
        direction: if is_command { "command" } else { "event" },
        reply: if replies {
            format!("`{:#04x}`", message.op.unwrap_or(0) | 0x80)
        } else {
            "–".to_owned()
        },
        longest: size_text(size::message(model, message)),
        doc: &message.doc,
    }
}

fn op_range(message: &Message) -> String {
    let first = message.op.unwrap_or(0);
    let last = first
        + (1_i128
            .checked_shl(u32::try_from(message.op_bits).unwrap_or(0))
            .unwrap_or(1))
        - 1;
    if first == last {
        format!("`{first:#04x}`")
    } else {
        format!("`{first:#04x}`–`{last:#04x}`")
    }
}

fn size_text(size: Option<u64>) -> String {
    size.map_or_else(|| "?".to_owned(), |size| size.to_string())
}

/// Commands, then events.
pub(super) fn directions(model: &Model) -> Vec<Direction<'_>> {
    vec![
        Direction {
            title: "Commands: host → bridge",
            intro: "A reply's op is that of its command with bit 7 set; behind it stands the command's number.",
            messages: model
                .commands
                .iter()
                .map(|command| section(model, command))
                .collect(),
        },
        Direction {
            title: "Events: bridge → host",
            intro: "Nobody asked for them, and nobody answers them.",
            messages: model.events.iter().map(|event| section(model, event)).collect(),
        },
    ]
}

fn section<'m>(model: &'m Model, message: &'m Message) -> MessageSection<'m> {
    let is_command = message.direction == Command;
    let layout = Layout::message(model, message);
    let example = example(
        message,
        |values| body::message(model, message, values),
        message.example.as_ref(),
    );
    let reply = (is_command && !message.one_way).then(|| reply(model, message));
    MessageSection {
        name: &message.name,
        ops: op_range(message),
        doc: &message.doc,
        facts: facts(message),
        body: part(model, "op", &layout, size::message(model, message), example),
        reply,
    }
}

fn reply<'m>(model: &'m Model, command: &'m Message) -> BodyPart<'m> {
    let number = 7;
    let encode = |values: &IndexMap<_, _>| body::reply(model, command, number, values);
    let example = example(command, encode, command.reply_example.as_ref());
    let layout = Layout::reply(command);
    part(
        model,
        "op+0x80 number",
        &layout,
        size::reply(model, command),
        example,
    )
}

fn example(
    message: &Message,
    encode: impl Fn(&IndexMap<String, Value>) -> Option<Vec<u8>>,
    value: Option<&Value>,
) -> Option<Example> {
    let values = value?.as_map()?;
    let body = encode(values)?;
    let shown = values
        .iter()
        .map(|(name, value)| format!("{name}: {}", plain(value)));
    let value = format!("{} {{{}}}", message.name, shown.collect::<Vec<_>>().join(", "));
    let body = vectors::hex(&body).into_bytes();
    let pairs: Vec<_> = body.chunks(2).map(String::from_utf8_lossy).collect();
    Some(Example {
        value,
        body: pairs.join(" "),
    })
}

fn plain(value: &Value) -> String {
    value_text(value).replace('`', "")
}

fn part<'m>(
    model: &'m Model,
    head: &str,
    layout: &Layout<'m>,
    longest: Option<u64>,
    example: Option<Example>,
) -> BodyPart<'m> {
    BodyPart {
        layout: layout_text(head, layout),
        op_bits: op_bits(layout),
        fields: field_rows(model, layout),
        longest: if longest == Some(1) {
            "1 byte".to_owned()
        } else {
            format!("{} bytes", size_text(longest))
        },
        example,
    }
}

/// One line: what stands behind what; brackets around what may be left out.
fn layout_text(head: &str, layout: &Layout<'_>) -> String {
    let mut text = head.to_owned();
    for field in layout.always() {
        text.push_str(&format!(" {}", field.name));
    }
    for field in layout.optional() {
        text.push_str(&format!(" [{}", field.name));
    }
    text.push_str(&"]".repeat(layout.optional().len()));
    if layout.more.is_some() {
        text.push_str(" [extension]");
    }
    if layout.config.is_some() {
        text.push_str(" [entry 0]");
    }
    text.extend(layout.config.map(|config| format!(" {}…", config.name)));
    text.extend(layout.rest.map(|rest| format!(" {}…", rest.name)));
    text
}

fn op_bits(layout: &Layout<'_>) -> Vec<String> {
    let range = |shift: u32, bits: u32| match bits {
        1 => format!("bit {shift}"),
        bits => format!("bits {shift}–{}", shift + bits - 1),
    };
    let folded = layout.folded.iter();
    let folded =
        folded.map(|folded| format!("{}: `{}`", range(folded.shift, folded.bits), folded.field.name));
    let more = layout
        .more
        .map(|shift| format!("{}: more (an extension block follows)", range(shift, 1)));
    folded.chain(more).collect()
}

/// The fields in the order of the wire.
fn field_rows<'m>(model: &'m Model, layout: &Layout<'m>) -> Vec<FieldRow<'m>> {
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

fn field_row<'m>(model: &'m Model, field: &'m Field, place: String) -> FieldRow<'m> {
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
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn limits(shape: &Shape, unit: Option<&str>) -> String {
    let parts = [bounds(shape), unit.map(str::to_owned)];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if text.is_empty() { "–".to_owned() } else { text }
}

/// The type as a spec writes it.
fn kind(model: &Model, shape: &Shape) -> String {
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
fn encoding(model: &Model, shape: &Shape) -> String {
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

/// What a message's other words say, one sentence each.
fn facts(message: &Message) -> Vec<String> {
    let waits = message.waits_for.map(|word| match word {
        WaitsFor::Broker => "The reply waits for the broker".to_owned(),
        WaitsFor::User => "The reply waits for a person".to_owned(),
    });
    let progress = names(&message.progress).map(|names| format!("statuses on the way: {names}"));
    let waits = waits.map(|waits| {
        [Some(waits), progress]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ")
    });
    let facts = [
        waits,
        message
            .timeout_ms
            .map(|timeout| format!("The reply comes within {timeout} ms")),
        message
            .on_outage
            .map(|word| format!("While the broker is away the host does this: {}", word.word())),
        (message.idempotent == Some(true)).then(|| "Doing it twice is doing it once".to_owned()),
        message
            .retry
            .filter(|retry| *retry > 0)
            .map(|retry| format!("The host repeats it at most {retry} times")),
        message
            .replay
            .then(|| "The host sends it again after each reset of the bridge".to_owned()),
        message.one_way.then(|| "There is no reply".to_owned()),
        names(&message.errors).map(|names| format!("Statuses that can come of it: {names}")),
        message
            .text
            .as_ref()
            .map(|text| format!("First field in the MicroPython system: `{text}`")),
        (message.since > 1).then(|| format!("Since revision {}", message.since)),
        message
            .deprecated
            .map(|revision| format!("Deprecated since revision {revision}")),
    ];
    facts
        .into_iter()
        .flatten()
        .map(|fact| format!("{fact}."))
        .collect()
}

fn names(statuses: &[StatusRef]) -> Option<String> {
    let names: Vec<_> = statuses
        .iter()
        .map(|status| format!("`{}`", status.name))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
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

fn enum_values(body: &Enum) -> Vec<(i128, &str, &str)> {
    let row = |value: &EnumValue| value.value.unwrap_or(0);
    body.values
        .iter()
        .map(|value| (row(value), value.name.as_str(), value.doc.as_str()))
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
