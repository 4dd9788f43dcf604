//! The wire hash: 32 bits over what both ends must agree upon.
//!
//! Into it go, in the order of ids: each message's direction, op and op bits, each field's type, bounds, encoding, place
//! (folded, in order, rest) and default (a field that is left out means it), the same of replies and structs, each
//! enum's numbers and whether it is open, each config key's id, type, bounds and default. Names, texts, docs, units, secrets and
//! everything about behaviour (time-outs, retries) stay out.
//!
//! Additions must not change it, or no two revisions could ever talk: whatever has a `since` greater than the protocol's
//! `min` is left out. Statuses are left out altogether: an unknown code is never an error. So are open enums' values.

use super::layout::Layout;
use crate::model::{ConfigKey, Enum, Field, Message, Model, Scope, Shape, Type, TypeKind, Value};

/// The hash of a checked model: FNV-1a over its canonical bytes.
pub fn wire_hash(model: &Model) -> u32 {
    let mut hasher = Hasher::new(model);
    for (tag, messages) in [(b'C', &model.commands), (b'E', &model.events)] {
        let old = hasher.old(messages);
        old.into_iter().for_each(|message| hasher.message(tag, message));
    }
    let keys = hasher.keys();
    keys.into_iter().for_each(|key| hasher.key(key));
    hasher.hash
}

/// What the wire hash is made of, part by part: a name for people (`command publish`, `event message`, `key broker`) and the
/// hash of that part alone. So where two hashes differ, the parts say what does.
pub fn wire_parts(model: &Model) -> Vec<(String, u32)> {
    let part = |name: String, hash: &dyn Fn(&mut Hasher<'_>)| {
        let mut hasher = Hasher::new(model);
        hash(&mut hasher);
        (name, hasher.hash)
    };
    let hasher = Hasher::new(model);
    let messages = |word: &'static str, tag, messages| {
        let parts = hasher.old(messages).into_iter().map(move |message| {
            part(format!("{word} {}", message.name), &|hasher| {
                hasher.message(tag, message)
            })
        });
        parts.collect::<Vec<_>>()
    };
    let keys = hasher
        .keys()
        .into_iter()
        .map(|key| part(format!("key {}", key.name), &|hasher| hasher.key(key)));
    let commands = messages("command", b'C', &model.commands);
    let events = messages("event", b'E', &model.events);
    commands.into_iter().chain(events).chain(keys).collect()
}

/// Structures within structures beyond this depth are taken for a circle, which the checks reject.
const MAX_DEPTH: u32 = 16;

struct Hasher<'m> {
    model: &'m Model,
    min: i128,
    hash: u32,
}

impl<'m> Hasher<'m> {
    fn new(model: &'m Model) -> Self {
        Self {
            model,
            min: model.protocol.min.unwrap_or(1),
            hash: 0x811C_9DC5,
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }

    /// A letter that says what follows, and a number.
    fn item(&mut self, tag: u8, value: i128) {
        self.bytes(&[tag]);
        self.bytes(&value.to_le_bytes());
    }

    fn option(&mut self, tag: u8, value: Option<i128>) {
        match value {
            Some(value) => self.item(tag, value),
            None => self.bytes(&[tag, b'-']),
        }
    }

    /// Those that every revision that can talk to this one has, in the order of their ops.
    fn old(&self, messages: &'m [Message]) -> Vec<&'m Message> {
        let mut old: Vec<_> = messages
            .iter()
            .filter(|message| message.since <= self.min)
            .collect();
        old.sort_by_key(|message| message.op);
        old
    }

    fn message(&mut self, tag: u8, message: &Message) {
        self.option(tag, message.op);
        self.item(b'b', message.op_bits);
        self.layout(&Layout::message(self.model, message));
        if !message.one_way && tag == b'C' {
            self.bytes(b"R");
            self.layout(&Layout::reply(message));
        }
    }

    fn layout(&mut self, layout: &Layout<'_>) {
        let places = [
            (
                b'F',
                layout
                    .folded
                    .iter()
                    .map(|folded| folded.field)
                    .collect::<Vec<_>>(),
            ),
            (b'O', layout.ordinary.clone()),
            (b'X', layout.extension.clone()),
            (b'T', layout.config.into_iter().chain(layout.rest).collect()),
        ];
        let min = self.min;
        for (place, fields) in places {
            for field in fields.into_iter().filter(|field| field.since <= min) {
                self.bytes(&[place]);
                self.field(field);
            }
        }
    }

    fn field(&mut self, field: &Field) {
        self.shape(&field.shape, 0);
        self.default(&field.shape, field.default.as_ref());
    }

    fn default(&mut self, shape: &Shape, default: Option<&Value>) {
        if let Some(value) = default {
            self.bytes(b"=");
            self.value(shape, value);
        }
    }

    /// A value by what it is on the wire: an enum's by its number, for names stay out.
    fn value(&mut self, shape: &Shape, value: &Value) {
        match value {
            Value::Null | Value::Float(_) => self.bytes(b"~"),
            Value::Bool(value) => self.item(b'B', i128::from(*value)),
            Value::Integer(value) => self.item(b'I', *value),
            Value::Text(text) => self.text(shape, text),
            Value::List(items) => {
                self.item(b'L', items.len() as i128);
                let of = shape.of.as_deref().unwrap_or(shape);
                items.iter().for_each(|item| self.value(of, item));
            }
            Value::Map(map) => {
                let fields = self
                    .model
                    .as_struct(&shape.kind)
                    .map(|(_, fields)| fields)
                    .unwrap_or_default();
                for (field, value) in fields
                    .iter()
                    .filter_map(|field| Some((field, map.get(&field.name)?)))
                {
                    self.value(&field.shape, value);
                }
            }
        }
    }

    fn text(&mut self, shape: &Shape, text: &str) {
        let shape = shape
            .of
            .as_deref()
            .filter(|_| shape.kind == Type::Optional)
            .unwrap_or(shape);
        let number = match (&shape.kind, self.model.as_enum(&shape.kind)) {
            (Type::Status, _) => self
                .model
                .statuses
                .iter()
                .find(|status| status.name == text)
                .and_then(|status| status.code),
            (_, Some((_, body))) => body
                .values
                .iter()
                .find(|value| value.name == text)
                .and_then(|value| value.value),
            _ => {
                self.item(b'S', text.len() as i128);
                return self.bytes(text.as_bytes());
            }
        };
        self.option(b'N', number);
    }

    fn shape(&mut self, shape: &Shape, depth: u32) {
        match &shape.kind {
            Type::Bool => self.bytes(b"bool"),
            Type::Int(int) => self.bytes(int.name().as_bytes()),
            Type::Str => self.bytes(b"str"),
            Type::Bytes => self.bytes(b"bytes"),
            Type::Status => self.bytes(b"status"),
            Type::Config => self.bytes(b"config"),
            Type::List => self.bytes(b"list"),
            Type::Optional => self.bytes(b"optional"),
            Type::Named(index) => self.named(*index, depth),
            Type::Unknown(_) => self.bytes(b"unknown"),
        }
        self.option(b'l', shape.max_len);
        self.option(b'm', shape.min);
        self.option(b'M', shape.max);
        self.bytes(shape.encoding.word().as_bytes());
        if let (Some(of), true) = (&shape.of, depth < MAX_DEPTH) {
            self.shape(of, depth + 1);
        }
    }

    fn named(&mut self, index: usize, depth: u32) {
        match self.model.types.get(index).map(|def| &def.kind) {
            Some(TypeKind::Enum(body)) => self.enumeration(body),
            Some(TypeKind::Struct(fields)) if depth < MAX_DEPTH => {
                self.item(b'{', fields.len() as i128);
                fields
                    .iter()
                    .for_each(|field| self.shape(&field.shape, depth + 1));
            }
            _ => self.bytes(b"?"),
        }
    }

    fn enumeration(&mut self, body: &Enum) {
        if body.open {
            return self.bytes(b"open");
        }
        self.option(b'e', body.bits);
        let old = body.values.iter().filter(|value| value.since <= self.min);
        let mut numbers: Vec<_> = old.map(|value| value.value).collect();
        numbers.sort_unstable();
        numbers.into_iter().for_each(|number| self.option(b'v', number));
    }

    /// The keys that the bridge is told, as [`Hasher::old`], in the order of their ids.
    fn keys(&self) -> Vec<&'m ConfigKey> {
        let told = |key: &&ConfigKey| key.scope == Scope::Bridge && key.since <= self.min;
        let mut keys: Vec<_> = self.model.config.iter().filter(told).collect();
        keys.sort_by_key(|key| key.id);
        keys
    }

    fn key(&mut self, key: &ConfigKey) {
        self.option(b'K', key.id);
        self.shape(&key.shape, 0);
        self.default(&key.shape, key.default.as_ref());
    }
}
