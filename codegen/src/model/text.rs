//! Text forms: how the MicroPython system writes a message, as a list of what its fields mean here. What can be
//! written so is the checks' business.

use super::{ConfigKey, Field, Message, Model, Scope, Status, Type};
use crate::parse::raw;

/// A first field, and those that follow it.
#[derive(Debug, Clone)]
pub struct TextForm {
    /// `commands.<name>.text` and the like.
    pub path: String,
    /// First field; empty when missing.
    pub word: String,
    /// The others, in order.
    pub fields: Vec<TextField>,
}

/// One field of a text form.
#[derive(Debug, Clone)]
pub struct TextField {
    /// `commands.<name>.text.fields.<index>`
    pub path: String,
    /// As written.
    pub name: String,
    /// What stands there.
    pub source: TextSource,
}

/// What a field of a text form holds.
#[derive(Debug, Clone)]
pub enum TextSource {
    /// A field of the message or the reply, by its index.
    Field(usize),
    /// A config key, by its index in [`super::Model::config`].
    Key(usize),
    /// A Python dict with these entries.
    Map(Vec<TextEntry>),
    /// Neither a field nor a key of that name.
    Unknown,
}

/// One entry of a dict.
#[derive(Debug, Clone)]
pub struct TextEntry {
    /// `commands.<name>.text.fields.<index>.<map>.<entry>`
    pub path: String,
    /// Key in the dict.
    pub name: String,
    /// Name of the config key, as written.
    pub key_name: String,
    /// Index in [`super::Model::config`]; None when there is no such key.
    pub key: Option<usize>,
}

impl Model {
    /// Every text form with the fields that it is of: commands, events, replies.
    pub fn text_forms(&self) -> impl Iterator<Item = (&TextForm, &[Field])> {
        self.messages().flat_map(|message| {
            let own = message.text.as_ref();
            let own = own.map(|form| (form, message.fields.as_slice()));
            let reply = message.reply_text.as_ref();
            own.into_iter()
                .chain(reply.map(|form| (form, message.reply_fields())))
        })
    }
}

impl Message {
    /// Body of the answer; a message without `reply:` has an empty one.
    pub fn reply_fields(&self) -> &[Field] {
        self.reply.as_deref().unwrap_or_default()
    }
}

impl Status {
    /// Name of its constant in Python.
    pub fn python_name(&self) -> String {
        let own = || self.name.to_ascii_uppercase();
        self.text_name.clone().unwrap_or_else(own)
    }
}

/// The field of a body that holds the config.
pub fn config_field(own: &[Field]) -> Option<&Field> {
    own.iter().find(|field| field.shape.kind == Type::Config)
}

/// Whether a text can be sent as it is: 0 would end the string, 0x7F the field, and the rest does not fit into seven bits.
pub fn is_symbols(text: &str) -> bool {
    text.bytes().all(|byte| (1..0x7F).contains(&byte))
}

impl TextForm {
    /// Those of the body's fields that have no place in it; the config's place is that of its keys.
    pub fn lacking_fields<'f>(&self, own: &'f [Field]) -> impl Iterator<Item = &'f Field> {
        let fields = own.iter().enumerate();
        let lacking =
            fields.filter(|(index, field)| !self.names_field(*index) && field.shape.kind != Type::Config);
        lacking.map(|(_, field)| field)
    }

    /// The config keys that go to the bridge and have no place in it; none for a body without the config.
    pub fn lacking_keys<'m>(&self, model: &'m Model, own: &[Field]) -> impl Iterator<Item = &'m ConfigKey> {
        let keys = config_field(own).map(|_| model.config.iter().enumerate());
        let lacking = keys
            .into_iter()
            .flatten()
            .filter(|(index, key)| key.scope == Scope::Bridge && self.keys().all(|named| named != *index));
        lacking.map(|(_, key)| key)
    }

    /// Where it names a field.
    pub fn names_field(&self, index: usize) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| matches!(field.source, TextSource::Field(found) if found == index))
    }

    /// The config keys that it names, dicts included.
    pub fn keys(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().flat_map(|field| {
            let (alone, entries) = match &field.source {
                TextSource::Key(key) => (Some(*key), [].as_slice()),
                TextSource::Map(entries) => (None, entries.as_slice()),
                TextSource::Field(_) | TextSource::Unknown => (None, [].as_slice()),
            };
            alone
                .into_iter()
                .chain(entries.iter().filter_map(|entry| entry.key))
        })
    }
}

/// Looks the names up: in the body's own fields first, then, where one of these is the config, in its keys.
pub(super) fn resolve(
    document: &raw::Document,
    path: String,
    raw: &raw::Text,
    body: Option<&raw::Map<raw::Field>>,
) -> TextForm {
    let (word, fields) = match raw {
        raw::Text::Word(word) => (word.clone(), [].as_slice()),
        raw::Text::Form(form) => (form.word.clone().unwrap_or_default(), form.fields.as_slice()),
    };
    let names = Names {
        document,
        body,
        config: body.is_some_and(|body| {
            let mut kinds = body.values().map(|field| field.kind.as_deref());
            kinds.any(|kind| kind == Some("config"))
        }),
    };
    let fields = fields
        .iter()
        .enumerate()
        .map(|(index, field)| names.field(format!("{path}.fields.{index}"), field));
    TextForm {
        word,
        fields: fields.collect(),
        path,
    }
}

/// What a name can mean in one text form.
struct Names<'d> {
    document: &'d raw::Document,
    body: Option<&'d raw::Map<raw::Field>>,
    config: bool,
}

impl Names<'_> {
    fn field(&self, path: String, raw: &raw::TextField) -> TextField {
        match raw {
            raw::TextField::Name(name) => TextField {
                source: self.source(name),
                name: name.clone(),
                path,
            },
            raw::TextField::Map(maps) => self.map(path, maps),
        }
    }

    fn source(&self, name: &str) -> TextSource {
        let own = self.body.and_then(|body| body.get_index_of(name));
        let own = own.map(TextSource::Field);
        own.or_else(|| self.key(name).map(TextSource::Key))
            .unwrap_or(TextSource::Unknown)
    }

    fn key(&self, name: &str) -> Option<usize> {
        self.document.config.get_index_of(name).filter(|_| self.config)
    }

    /// A map of one entry, the dict's name; without a name there is nothing to look up.
    fn map(&self, path: String, maps: &raw::Map<raw::Map<String>>) -> TextField {
        let (name, entries) = match maps.first() {
            Some((name, entries)) if maps.len() == 1 => (name, entries),
            _ => {
                return TextField {
                    path,
                    name: String::new(),
                    source: TextSource::Unknown,
                };
            }
        };
        let entries = entries.iter().map(|(entry, key)| TextEntry {
            path: format!("{path}.{name}.{entry}"),
            name: entry.clone(),
            key_name: key.clone(),
            key: self.key(key),
        });
        TextField {
            name: name.clone(),
            source: TextSource::Map(entries.collect()),
            path,
        }
    }
}
