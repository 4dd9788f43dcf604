//! Where the fields of a body go: into the op, in order behind it, into the extension block, or to the end.
//! The one place that decides it; Rust, sizes, vectors and PROTOCOL.md follow.

use crate::model::{Field, Message, Model, Type};

/// A field that lives in the low bits of the op.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folded<'m> {
    pub(crate) field: &'m Field,
    /// Lowest bit.
    pub(crate) shift: u32,
    /// Number of bits.
    pub(crate) bits: u32,
}

/// The layout of one body.
#[derive(Debug)]
pub(crate) struct Layout<'m> {
    /// In the op, from bit 0 up.
    pub(crate) folded: Vec<Folded<'m>>,
    /// The op's bit that says that an extension block follows the ordinary fields.
    pub(crate) more: Option<u32>,
    /// In order behind the op.
    pub(crate) ordinary: Vec<&'m Field>,
    /// Trailing ordinary fields that are left out when they and all behind them have their defaults.
    pub(crate) ordinary_tail: usize,
    /// Fields in a block of their own, because the message ends in a field that runs to the end: those appended to a
    /// message with a `rest` field, those with defaults of one with a `config`. All of them are a tail.
    pub(crate) extension: Vec<&'m Field>,
    /// The settings, which run to the end.
    pub(crate) config: Option<&'m Field>,
    /// Runs to the end.
    pub(crate) rest: Option<&'m Field>,
}

impl<'m> Layout<'m> {
    /// Of a command or an event.
    pub(crate) fn message(model: &Model, message: &'m Message) -> Self {
        let folds = |field: &Field| {
            message.folds() && field.since <= message.since && model.fold_bits(&field.shape).is_some()
        };
        let (inside, outside): (Vec<_>, Vec<_>) = message.fields.iter().partition(|field| folds(field));
        let folded = fold(model, &inside);
        let top = folded.last().map_or(0, |last| last.shift + last.bits);
        let layout = Self::fields(outside, message.since);
        let more = layout.rest.filter(|_| message.folds()).map(|_| top);
        Self {
            folded,
            more,
            ..layout
        }
    }

    /// Of a reply; nothing folds.
    pub(crate) fn reply(message: &'m Message) -> Self {
        Self::fields(message.reply.iter().flatten().collect(), message.since)
    }

    fn fields(fields: Vec<&'m Field>, since: i128) -> Self {
        let rest = fields.iter().copied().find(|field| field.rest);
        let config = fields
            .iter()
            .copied()
            .find(|field| field.shape.kind == Type::Config);
        let to_the_end = |field: &&Field| field.rest || field.shape.kind == Type::Config;
        let others: Vec<_> = fields.into_iter().filter(|field| !to_the_end(field)).collect();
        let (ordinary, extension) = match (rest, config) {
            (Some(_), _) => others.into_iter().partition(|field| field.since <= since),
            (None, Some(_)) => {
                let always = others.len() - tail(&others);
                let (ordinary, extension) = others.split_at(always);
                (ordinary.to_vec(), extension.to_vec())
            }
            (None, None) => (others, Vec::new()),
        };
        let closed = rest.is_some() || config.is_some();
        let ordinary_tail = if closed { 0 } else { tail(&ordinary) };
        Self {
            folded: Vec::new(),
            more: None,
            ordinary,
            ordinary_tail,
            extension,
            config,
            rest,
        }
    }

    /// The ordinary fields that are always there.
    pub(crate) fn always(&self) -> &[&'m Field] {
        self.ordinary
            .get(..self.ordinary.len() - self.ordinary_tail)
            .unwrap_or_default()
    }

    /// The ordinary fields that may be left out.
    pub(crate) fn optional(&self) -> &[&'m Field] {
        self.ordinary
            .get(self.ordinary.len() - self.ordinary_tail..)
            .unwrap_or_default()
    }
}

fn fold<'m>(model: &Model, fields: &[&'m Field]) -> Vec<Folded<'m>> {
    let mut shift = 0;
    let mut folded = Vec::new();
    for field in fields {
        let bits = model
            .fold_bits(&field.shape)
            .and_then(|bits| u32::try_from(bits).ok())
            .unwrap_or(0);
        folded.push(Folded { field, shift, bits });
        shift += bits;
    }
    folded
}

fn tail(fields: &[&Field]) -> usize {
    fields
        .iter()
        .rev()
        .take_while(|field| field.default.is_some())
        .count()
}
