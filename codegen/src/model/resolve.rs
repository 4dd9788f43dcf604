//! From the document as written to the model. Total: it never fails and never judges; see [`super`].

use super::words::{Kind, Replay, Word};
use super::{
    ConfigKey, Direction, Encoding, Enum, EnumValue, Field, Message, Model, Protocol, Reserved, Shape,
    Status, StatusRef, Type, TypeDef, TypeKind, UnknownWord, Value,
};
use crate::parse::raw;

/// Resolves a document.
pub fn resolve(document: &raw::Document) -> Model {
    let mut resolver = Resolver {
        document,
        unknown_words: Vec::new(),
    };
    Model {
        protocol: protocol(&document.protocol),
        statuses: resolver.statuses(),
        types: resolver.types(),
        commands: resolver.messages("commands", &document.commands, Direction::Command),
        events: resolver.messages("events", &document.events, Direction::Event),
        config: resolver.config(),
        reserved: reserved(&document.reserved),
        unknown_words: resolver.unknown_words,
    }
}

fn protocol(raw: &raw::Protocol) -> Protocol {
    Protocol {
        path: "protocol".to_owned(),
        name: text(&raw.name),
        revision: raw.revision,
        min: raw.min,
        doc: text(&raw.doc),
    }
}

fn reserved(raw: &raw::Reserved) -> Reserved {
    Reserved {
        ops: raw.ops.clone(),
        status_codes: raw.status_codes.clone(),
        config_ids: raw.config_ids.clone(),
        names: raw.names.clone(),
    }
}

fn text(raw: &Option<String>) -> String {
    raw.as_deref().map(str::trim).unwrap_or_default().to_owned()
}

fn value(raw: &Option<serde_yaml::Value>) -> Option<Value> {
    raw.as_ref().map(Value::from_yaml)
}

struct Resolver<'a> {
    document: &'a raw::Document,
    unknown_words: Vec<UnknownWord>,
}

impl Resolver<'_> {
    fn statuses(&mut self) -> Vec<Status> {
        self.document
            .statuses
            .iter()
            .map(|(name, raw)| self.status(name, raw))
            .collect()
    }

    fn status(&mut self, name: &str, raw: &raw::Status) -> Status {
        let path = format!("statuses.{name}");
        let phases = raw.fatal_in.iter().enumerate();
        Status {
            code: raw.code,
            origin: self.word_or_first(&path, "origin", &raw.origin),
            text_code: raw.text_code,
            text_name: raw.text_name.clone(),
            text_more: raw.text_more.clone(),
            severity: self.word(&path, "severity", &raw.severity),
            fatal_in: phases
                .filter_map(|(index, phase)| self.find(&format!("{path}.fatal_in.{index}"), phase))
                .collect(),
            recovery: self.word_or_first(&path, "recover", &raw.recover),
            since: raw.since.unwrap_or(1),
            deprecated: raw.deprecated,
            doc: text(&raw.doc),
            name: name.to_owned(),
            path,
        }
    }

    fn types(&mut self) -> Vec<TypeDef> {
        self.document
            .types
            .iter()
            .map(|(name, raw)| self.type_def(name, raw))
            .collect()
    }

    fn type_def(&mut self, name: &str, raw: &raw::Type) -> TypeDef {
        let path = format!("types.{name}");
        let kind = match self.word(&path, "kind", &raw.kind) {
            Some(Kind::Enum) => TypeKind::Enum(enumeration(&path, raw)),
            Some(Kind::Struct) => TypeKind::Struct(self.fields(&format!("{path}.fields"), &raw.fields)),
            None => TypeKind::Unknown,
        };
        TypeDef {
            path,
            name: name.to_owned(),
            doc: text(&raw.doc),
            kind,
        }
    }

    fn messages(
        &mut self,
        section: &str,
        raws: &raw::Map<raw::Message>,
        direction: Direction,
    ) -> Vec<Message> {
        raws.iter()
            .map(|(name, raw)| self.message(section, name, raw, direction))
            .collect()
    }

    fn message(&mut self, section: &str, name: &str, raw: &raw::Message, direction: Direction) -> Message {
        let path = format!("{section}.{name}");
        let replay: Option<Replay> = self.word(&path, "replay", &raw.replay);
        let form = |key: &str, raw: &Option<raw::Text>, fields| {
            let raw = raw.as_ref()?;
            Some(super::text::resolve(
                self.document,
                format!("{path}.{key}"),
                raw,
                fields,
            ))
        };
        Message {
            text: form("text", &raw.text, Some(&raw.fields)),
            reply_text: form("reply_text", &raw.reply_text, raw.reply.as_ref()),
            direction,
            op: raw.op,
            op_bits: raw.op_bits.unwrap_or(0),
            doc: text(&raw.doc),
            waits_for: self.word(&path, "waits_for", &raw.waits_for),
            timeout_ms: raw.timeout_ms,
            progress: self.status_refs(&format!("{path}.progress"), &raw.progress),
            on_outage: self.word(&path, "on_outage", &raw.on_outage),
            idempotent: raw.idempotent,
            retry: raw.retry,
            replay: replay.is_some(),
            one_way: raw.one_way.unwrap_or(false),
            fields: self.fields(&format!("{path}.fields"), &raw.fields),
            reply: raw
                .reply
                .as_ref()
                .map(|reply| self.fields(&format!("{path}.reply"), reply)),
            errors: self.status_refs(&format!("{path}.errors"), &raw.errors),
            example: value(&raw.example),
            reply_example: value(&raw.reply_example),
            since: raw.since.unwrap_or(1),
            deprecated: raw.deprecated,
            name: name.to_owned(),
            path,
        }
    }

    fn status_refs(&self, path: &str, names: &[String]) -> Vec<StatusRef> {
        let resolved = names.iter().enumerate().map(|(index, name)| StatusRef {
            path: format!("{path}.{index}"),
            name: name.clone(),
            index: self.document.statuses.get_index_of(name),
        });
        resolved.collect()
    }

    fn fields(&mut self, path: &str, raws: &raw::Map<raw::Field>) -> Vec<Field> {
        raws.iter()
            .map(|(name, raw)| self.field(format!("{path}.{name}"), name, raw))
            .collect()
    }

    fn field(&mut self, path: String, name: &str, raw: &raw::Field) -> Field {
        Field {
            name: name.to_owned(),
            shape: self.shape(&path, raw),
            default: value(&raw.default),
            rest: raw.rest.unwrap_or(false),
            text_bool: self.word_or_first(&path, "text_bool", &raw.text_bool),
            text_epoch: raw.text_epoch,
            text_drop: raw.text_drop.unwrap_or(false),
            unit: raw.unit.clone(),
            secret: raw.secret.unwrap_or(false),
            since: raw.since.unwrap_or(1),
            doc: text(&raw.doc),
            path,
        }
    }

    fn shape(&mut self, path: &str, raw: &raw::Field) -> Shape {
        let of_path = format!("{path}.of");
        let of = raw.of.as_ref().map(|of| match of {
            raw::Of::Name(name) => self.bare(&of_path, name),
            raw::Of::Field(field) => self.shape(&of_path, field),
        });
        Shape {
            path: path.to_owned(),
            kind: self.kind(&raw.kind),
            max_len: raw.max_len,
            min: raw.min,
            max: raw.max,
            encoding: self.word_or_first(path, "encoding", &raw.encoding),
            of: of.map(Box::new),
        }
    }

    fn bare(&self, path: &str, name: &str) -> Shape {
        Shape {
            path: path.to_owned(),
            kind: self.kind(&Some(name.to_owned())),
            max_len: None,
            min: None,
            max: None,
            encoding: Encoding::Varint,
            of: None,
        }
    }

    fn kind(&self, name: &Option<String>) -> Type {
        let name = name.as_deref().unwrap_or_default();
        let named = || self.document.types.get_index_of(name).map(Type::Named);
        Type::builtin(name)
            .or_else(named)
            .unwrap_or_else(|| Type::Unknown(name.to_owned()))
    }

    fn config(&mut self) -> Vec<ConfigKey> {
        self.document
            .config
            .iter()
            .map(|(name, raw)| self.config_key(name, raw))
            .collect()
    }

    fn config_key(&mut self, name: &str, raw: &raw::ConfigKey) -> ConfigKey {
        let path = format!("config.{name}");
        let bare = self.bare(&path, raw.kind.as_deref().unwrap_or_default());
        ConfigKey {
            id: raw.id,
            shape: Shape {
                max_len: raw.max_len,
                min: raw.min,
                max: raw.max,
                ..bare
            },
            default: value(&raw.default),
            required: raw.required.unwrap_or(false),
            allow_empty: raw.allow_empty.unwrap_or(false),
            secret: raw.secret.unwrap_or(false),
            unit: raw.unit.clone(),
            scope: self.word_or_first(&path, "scope", &raw.scope),
            apply: self.word(&path, "apply", &raw.apply),
            since: raw.since.unwrap_or(1),
            doc: text(&raw.doc),
            name: name.to_owned(),
            path,
        }
    }

    fn word_or_first<W: Word>(&mut self, path: &str, key: &str, raw: &Option<String>) -> W {
        self.word(path, key, raw).unwrap_or(W::FIRST)
    }

    fn word<W: Word>(&mut self, path: &str, key: &str, raw: &Option<String>) -> Option<W> {
        self.find(&format!("{path}.{key}"), raw.as_ref()?)
    }

    fn find<W: Word>(&mut self, path: &str, word: &str) -> Option<W> {
        let found = W::WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, value)| *value);
        if found.is_none() {
            let expected = W::WORDS.iter().map(|(known, _)| *known).collect();
            self.unknown_words.push(UnknownWord {
                path: path.to_owned(),
                found: word.to_owned(),
                expected,
            });
        }
        found
    }
}

fn enumeration(path: &str, raw: &raw::Type) -> Enum {
    let values = raw.values.iter().map(|(name, value)| EnumValue {
        path: format!("{path}.values.{name}"),
        name: name.clone(),
        value: value.value,
        text: value.text.unwrap_or(true),
        since: value.since.unwrap_or(1),
        doc: text(&value.doc),
    });
    Enum {
        bits: raw.bits,
        open: raw.open.unwrap_or(false),
        values: values.collect(),
    }
}
