//! Messages as sections of PROTOCOL.md, and the table of their ops.

use super::fields::{FieldRow, field_rows};
use crate::emit::layout::Layout;
use crate::emit::rust::doc::value_text;
use crate::emit::{body, size, vectors};
use crate::model::{Direction::Command, Message, Model, StatusRef, Value, WaitsFor};
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

/// A value and its body.
pub(super) struct Example {
    pub(super) value: String,
    pub(super) body: String,
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
            .map(|form| format!("First field in the [text format](#text-format): `{}`", form.word)),
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
