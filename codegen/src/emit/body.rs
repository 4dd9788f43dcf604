//! Bodies of values that a spec writes down: an encoder that works from the model alone, slow and short. The vectors
//! come from it, so that generated code is held against something that was not generated.

use super::layout::Layout;
use crate::model::{ConfigKey, Encoding, Field, Message, Model, Scope, Shape, Type, TypeKind, Value};
use indexmap::IndexMap;

/// Field values by name.
pub(crate) type Values = IndexMap<String, Value>;

/// Body of a command or an event with these values; what they leave out has its default. None when a value does not
/// fit, which the checks exclude for examples.
pub(crate) fn message(model: &Model, message: &Message, values: &Values) -> Option<Vec<u8>> {
    let layout = Layout::message(model, message);
    let mut encoder = Encoder {
        model,
        out: Vec::new(),
    };
    let mut op = u8::try_from(message.op?).ok()?;
    for folded in &layout.folded {
        let value = encoder.number(&folded.field.shape, of(folded.field, values)?)?;
        op |= value.checked_shl(folded.shift)?;
    }
    if let Some(more) = layout.more.filter(|_| differs(model, &layout.extension, values)) {
        op |= 1_u8.checked_shl(more)?;
    }
    encoder.out.push(op);
    encoder.layout(&layout, values)?;
    Some(encoder.out)
}

/// Body of the reply to the command of that number.
pub(crate) fn reply(model: &Model, command: &Message, number: u8, values: &Values) -> Option<Vec<u8>> {
    let op = u8::try_from(command.op?).ok()? | 0x80;
    let mut encoder = Encoder {
        model,
        out: vec![op, number],
    };
    encoder.layout(&Layout::reply(command), values)?;
    Some(encoder.out)
}

fn of<'v>(field: &'v Field, values: &'v Values) -> Option<&'v Value> {
    values.get(&field.name).or(field.default.as_ref())
}

/// Whether one of the fields has another value than its default. What counts is the encoding: a value may be written in
/// several ways, with its own defaults or without.
pub(crate) fn differs(model: &Model, fields: &[&Field], values: &Values) -> bool {
    fields.iter().any(|field| {
        let (value, default) = (of(field, values), field.default.as_ref());
        value != default && encoded(model, field, value) != encoded(model, field, default)
    })
}

fn encoded(model: &Model, field: &Field, value: Option<&Value>) -> Option<Vec<u8>> {
    let mut encoder = Encoder {
        model,
        out: Vec::new(),
    };
    encoder.value(&field.shape, value?)?;
    Some(encoder.out)
}

struct Encoder<'m> {
    model: &'m Model,
    out: Vec<u8>,
}

impl Encoder<'_> {
    fn layout(&mut self, layout: &Layout<'_>, values: &Values) -> Option<()> {
        for field in layout.always() {
            self.field(field, values)?;
        }
        self.tail(layout.optional(), values)?;
        if differs(self.model, &layout.extension, values) {
            let mut block = Encoder {
                model: self.model,
                out: Vec::new(),
            };
            block.tail(&layout.extension, values)?;
            if layout.config.is_some() {
                self.out.push(FIELDS_ENTRY);
            }
            self.block(&block.out);
        }
        if let Some(config) = layout.config {
            self.field(config, values)?;
        }
        if let Some(rest) = layout.rest {
            self.out.extend(bytes(of(rest, values)?)?);
        }
        Some(())
    }

    fn tail(&mut self, fields: &[&Field], values: &Values) -> Option<()> {
        for (index, field) in fields.iter().enumerate() {
            if differs(self.model, fields.get(index..)?, values) {
                self.field(field, values)?;
            }
        }
        Some(())
    }

    fn field(&mut self, field: &Field, values: &Values) -> Option<()> {
        match of(field, values) {
            Some(value) => self.value(&field.shape, value),
            // Settings that nobody names are none.
            None => (field.shape.kind == Type::Config).then_some(()),
        }
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn block(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.out.extend(bytes);
    }

    fn value(&mut self, shape: &Shape, value: &Value) -> Option<()> {
        match &shape.kind {
            Type::Int(int) if int.bits > 8 => self.integer(shape, int.bits, int.signed, value.as_integer()?),
            Type::Bool | Type::Int(_) | Type::Status => {
                let byte = self.number(shape, value)?;
                self.out.push(byte);
            }
            Type::Str | Type::Bytes => self.block(&bytes(value)?),
            Type::Config => self.config(value.as_map()?)?,
            Type::List => self.list(shape.of.as_deref()?, value)?,
            Type::Optional => self.optional(shape.of.as_deref()?, value)?,
            Type::Named(index) => self.named(*index, shape, value)?,
            Type::Unknown(_) => return None,
        }
        Some(())
    }

    fn integer(&mut self, shape: &Shape, bits: u32, signed: bool, value: i128) {
        match shape.encoding {
            Encoding::Fixed => self
                .out
                .extend(value.to_le_bytes().into_iter().take((bits / 8) as usize)),
            Encoding::Varint if signed => self.varint(((value << 1) ^ (value >> 127)) as u64),
            Encoding::Varint => self.varint(value as u64),
        }
    }

    /// A value that is one byte, or a part of an op.
    fn number(&self, shape: &Shape, value: &Value) -> Option<u8> {
        let number = match (&shape.kind, value) {
            (Type::Bool, Value::Bool(value)) => i128::from(*value),
            (Type::Int(_), Value::Integer(value)) => *value & 0xFF,
            (Type::Status, Value::Text(name)) => {
                self.model
                    .statuses
                    .iter()
                    .find(|status| status.name == *name)?
                    .code?
            }
            (kind, Value::Text(name)) => {
                let (_, body) = self.model.as_enum(kind)?;
                body.values.iter().find(|value| value.name == *name)?.value?
            }
            _ => return None,
        };
        u8::try_from(number).ok()
    }

    fn list(&mut self, of: &Shape, value: &Value) -> Option<()> {
        let Value::List(items) = value else { return None };
        self.varint(items.len() as u64);
        items.iter().try_for_each(|item| self.value(of, item))
    }

    fn optional(&mut self, of: &Shape, value: &Value) -> Option<()> {
        if *value == Value::Null {
            self.out.push(0);
            return Some(());
        }
        self.out.push(1);
        self.value(of, value)
    }

    fn named(&mut self, index: usize, shape: &Shape, value: &Value) -> Option<()> {
        match &self.model.types.get(index)?.kind {
            TypeKind::Enum(_) => {
                let byte = self.number(shape, value)?;
                self.out.push(byte);
                Some(())
            }
            TypeKind::Struct(fields) => {
                let values = value.as_map()?;
                fields.iter().try_for_each(|field| self.field(field, values))
            }
            TypeKind::Unknown => None,
        }
    }

    fn config(&mut self, values: &Values) -> Option<()> {
        let keys = self.model.config.iter().filter(|key| key.scope == Scope::Bridge);
        for key in keys {
            if let Some(value) = values
                .get(&key.name)
                .filter(|value| Some(*value) != key.default.as_ref())
            {
                self.entry(key, value)?;
            }
        }
        Some(())
    }

    fn entry(&mut self, key: &ConfigKey, value: &Value) -> Option<()> {
        let mut entry = Encoder {
            model: self.model,
            out: Vec::new(),
        };
        match key.shape.kind {
            Type::Str => entry.out = bytes(value)?,
            _ => entry.value(&key.shape, value)?,
        }
        let tag = u64::try_from(key.id?).ok()? << 2;
        match entry.out.as_slice() {
            [0] => self.varint(tag),
            [_] | [_, _] => {
                self.varint(tag | entry.out.len() as u64);
                self.out.extend(&entry.out);
            }
            _ => {
                self.varint(tag | 3);
                self.block(&entry.out);
            }
        }
        Some(())
    }
}

/// Tag of the entry before all settings that holds the message's other fields: id 0, with a length.
const FIELDS_ENTRY: u8 = 3;

/// Text, or a list of bytes.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Text(text) => Some(text.clone().into_bytes()),
        Value::List(items) => items
            .iter()
            .map(|item| u8::try_from(item.as_integer()?).ok())
            .collect(),
        _ => None,
    }
}
