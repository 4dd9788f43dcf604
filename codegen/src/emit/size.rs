//! The longest body that a message can have, in bytes. Total, for the checks: what has no bound, or contains
//! itself, has no size.

use super::layout::Layout;
use crate::model::{ConfigKey, Encoding, Field, Message, Model, Scope, Shape, Type, TypeKind};

/// Structures within structures beyond this depth are taken for a circle.
const MAX_DEPTH: u32 = 16;

/// Longest body of a command or an event, op included.
pub fn message(model: &Model, message: &Message) -> Option<u64> {
    layout(model, &Layout::message(model, message)).map(|fields| 1 + fields)
}

/// Longest body of a reply, op and number included.
pub fn reply(model: &Model, message: &Message) -> Option<u64> {
    layout(model, &Layout::reply(message)).map(|fields| 2 + fields)
}

/// Longest of the given bodies; 0 when there is none.
pub(crate) fn longest(sizes: impl Iterator<Item = Option<u64>>) -> u64 {
    sizes.flatten().max().unwrap_or(0)
}

/// Longest body of any command.
pub(crate) fn commands(model: &Model) -> u64 {
    longest(model.commands.iter().map(|command| message(model, command)))
}

/// Longest body of any event or reply.
pub(crate) fn events(model: &Model) -> u64 {
    let replies = model.commands.iter().filter(|command| !command.one_way);
    let events = model.events.iter().map(|event| message(model, event));
    longest(events.chain(replies.map(|command| reply(model, command))))
}

fn layout(model: &Model, layout: &Layout<'_>) -> Option<u64> {
    let ordinary = sum(model, layout.ordinary.iter().copied(), 0)?;
    let extension = sum(model, layout.extension.iter().copied(), 0)?;
    // The block of a message with settings is an entry of its own: one byte more.
    let tag = u64::from(layout.config.is_some());
    let block = if layout.extension.is_empty() {
        0
    } else {
        tag + varint(extension) + extension
    };
    let settings = layout.config.map_or(Some(0), |_| config(model))?;
    let rest = match layout.rest {
        Some(field) => bound(field.shape.max_len)?,
        None => 0,
    };
    ordinary
        .checked_add(block)?
        .checked_add(settings)?
        .checked_add(rest)
}

fn sum<'m>(model: &Model, mut fields: impl Iterator<Item = &'m Field>, depth: u32) -> Option<u64> {
    fields.try_fold(0_u64, |sum, field| {
        sum.checked_add(shape(model, &field.shape, depth)?)
    })
}

fn shape(model: &Model, shape: &Shape, depth: u32) -> Option<u64> {
    if depth > MAX_DEPTH {
        return None;
    }
    let element = || self::shape(model, shape.of.as_deref()?, depth + 1);
    match &shape.kind {
        Type::Bool | Type::Status => Some(1),
        Type::Int(int) if int.bits == 8 => Some(1),
        Type::Int(int) => Some(match shape.encoding {
            Encoding::Fixed => u64::from(int.bits / 8),
            Encoding::Varint => u64::from(int.bits.div_ceil(7)),
        }),
        Type::Str | Type::Bytes => bound(shape.max_len).map(|max| varint(max) + max),
        Type::List => {
            let max = bound(shape.max_len)?;
            max.checked_mul(element()?)?.checked_add(varint(max))
        }
        Type::Optional => element()?.checked_add(1),
        Type::Config => config(model),
        Type::Named(index) => match &model.types.get(*index)?.kind {
            TypeKind::Enum(_) => Some(1),
            TypeKind::Struct(fields) => sum(model, fields.iter(), depth + 1),
            TypeKind::Unknown => None,
        },
        Type::Unknown(_) => None,
    }
}

fn config(model: &Model) -> Option<u64> {
    let mut keys = model.config.iter().filter(|key| key.scope == Scope::Bridge);
    keys.try_fold(0_u64, |sum, key| sum.checked_add(entry(model, key)?))
}

/// Longest entry of a config key: tag, length, value.
pub(crate) fn entry(model: &Model, key: &ConfigKey) -> Option<u64> {
    let value = match key.shape.kind {
        Type::Str => bound(key.shape.max_len)?,
        _ => shape(model, &key.shape, 0)?,
    };
    let id = u64::try_from(key.id?).ok()?;
    let length = if value > 2 {
        varint(value)
    } else {
        u64::from(key.shape.kind == Type::Str)
    };
    (varint(id << 2) + length).checked_add(value)
}

fn bound(max_len: Option<i128>) -> Option<u64> {
    u64::try_from(max_len?)
        .ok()
        .filter(|max| *max <= u64::from(u32::MAX))
}

/// Bytes of a LEB128 number.
pub(crate) fn varint(value: u64) -> u64 {
    u64::from(value.checked_ilog2().unwrap_or(0) / 7 + 1)
}
