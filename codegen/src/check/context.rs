//! What a rule gets to see: the model, the places of its parts in the text, and lists that many rules walk over.
//! It judges nothing.

use crate::model::{ConfigKey, Direction, Field, Message, Model, Shape, TypeKind, Value};
use crate::parse::tree::Tree;
use crate::similar::similar;
use crate::source::Span;

pub(crate) struct Context<'a> {
    pub(crate) model: &'a Model,
    tree: &'a Tree<'a>,
    slots: Vec<Slot<'a>>,
}

/// A place that holds a value: a field or a config key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot<'a> {
    pub(crate) path: &'a str,
    pub(crate) name: &'a str,
    pub(crate) shape: &'a Shape,
    pub(crate) default: Option<&'a Value>,
    pub(crate) secret: bool,
    pub(crate) unit: Option<&'a str>,
    pub(crate) since: i128,
    pub(crate) doc: &'a str,
    pub(crate) owner: Owner<'a>,
}

/// Whose slot it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner<'a> {
    Command(&'a Message),
    Reply,
    Event(&'a Message),
    Struct,
    Config,
}

/// The fields of one body, or of a struct, in declaration order.
pub(crate) struct FieldList<'a> {
    pub(crate) owner: Owner<'a>,
    /// Revision that brought the owner.
    pub(crate) since: i128,
    pub(crate) fields: &'a [Field],
}

/// Anything in a spec that has a name of its own.
pub(crate) struct Item<'a> {
    pub(crate) kind: ItemKind,
    pub(crate) path: &'a str,
    pub(crate) name: &'a str,
    pub(crate) doc: &'a str,
    pub(crate) since: i128,
    pub(crate) deprecated: Option<i128>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ItemKind {
    Protocol,
    Status,
    Type,
    EnumValue,
    Command,
    Event,
    Field,
    ConfigKey,
}

impl ItemKind {
    /// With its article.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Protocol => "the protocol",
            Self::Status => "a status",
            Self::Type => "a type",
            Self::EnumValue => "a value of an enum",
            Self::Command => "a command",
            Self::Event => "an event",
            Self::Field => "a field",
            Self::ConfigKey => "a config key",
        }
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(model: &'a Model, tree: &'a Tree<'a>) -> Self {
        let mut context = Self {
            model,
            tree,
            slots: Vec::new(),
        };
        let fields = context.field_lists().flat_map(|list| {
            list.fields
                .iter()
                .map(move |field| Slot::field(field, list.owner))
        });
        context.slots = fields.chain(model.config.iter().map(Slot::config)).collect();
        context
    }

    /// The key at a path, or the nearest above it.
    pub(crate) fn key(&self, path: &str) -> Span {
        self.tree.key(path)
    }

    /// The value at a path, or, when it is not written, the nearest key above.
    pub(crate) fn value(&self, path: &str) -> Span {
        self.tree.value(path)
    }

    /// Whether something is written at a path, right or wrong.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.tree.find(path).is_some()
    }

    /// Whether a word stands below a path that was probably meant to be this one; then it is reported already.
    pub(crate) fn misspelt(&self, path: &str, word: &str) -> bool {
        self.tree
            .names(path)
            .any(|name| name != word && similar(name, [word]).is_some())
    }

    /// The text written at a path, if it is a scalar.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.tree.text(path)
    }

    /// Whether nothing is written at a path, or only an empty text.
    pub(crate) fn is_blank(&self, path: &str) -> bool {
        self.tree.is_blank(path)
    }

    /// The names written below a path.
    pub(crate) fn names(&self, path: &str) -> impl Iterator<Item = &str> {
        self.tree.names(path)
    }

    /// All fields and config keys.
    pub(crate) fn slots(&self) -> &[Slot<'a>] {
        &self.slots
    }

    /// Every shape with its slot: those of the slots and those of their elements, as deep as they go.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (&Slot<'a>, &'a Shape)> {
        self.slots.iter().flat_map(|slot| {
            std::iter::successors(Some(slot.shape), |shape| shape.of.as_deref())
                .map(move |shape| (slot, shape))
        })
    }

    /// Commands, their replies, events and structs.
    pub(crate) fn field_lists(&self) -> impl Iterator<Item = FieldList<'a>> + use<'a> {
        let model = self.model;
        let bodies = model.messages().map(|message| {
            let owner = match message.direction {
                Direction::Command => Owner::Command(message),
                Direction::Event => Owner::Event(message),
            };
            FieldList {
                owner,

                since: message.since,
                fields: &message.fields,
            }
        });
        let replies = model.messages().filter_map(|message| {
            let fields = message.reply.as_deref()?;
            Some(FieldList {
                owner: Owner::Reply,

                since: message.since,
                fields,
            })
        });
        let structs = model.types.iter().filter_map(|def| match &def.kind {
            TypeKind::Struct(fields) => Some(FieldList {
                owner: Owner::Struct,

                since: 1,
                fields,
            }),
            TypeKind::Enum(_) | TypeKind::Unknown => None,
        });
        bodies.chain(replies).chain(structs)
    }

    /// Everything that has a name and a doc.
    pub(crate) fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let model = self.model;
        let protocol = &model.protocol;
        let first = Item::new(ItemKind::Protocol, &protocol.path, &protocol.name, &protocol.doc);
        let statuses = model.statuses.iter().map(Item::status);
        let types = model
            .types
            .iter()
            .map(|def| Item::new(ItemKind::Type, &def.path, &def.name, &def.doc));
        std::iter::once(first)
            .chain(statuses)
            .chain(types)
            .chain(self.enum_values())
            .chain(model.messages().map(Item::message))
            .chain(self.slots.iter().map(Item::slot))
    }

    fn enum_values(&self) -> impl Iterator<Item = Item<'_>> {
        let values = self.model.types.iter().filter_map(|def| match &def.kind {
            TypeKind::Enum(body) => Some(body.values.iter()),
            TypeKind::Struct(_) | TypeKind::Unknown => None,
        });
        values.flatten().map(|value| {
            let item = Item::new(ItemKind::EnumValue, &value.path, &value.name, &value.doc);
            Item {
                since: value.since,
                ..item
            }
        })
    }
}

impl<'a> Slot<'a> {
    fn field(field: &'a Field, owner: Owner<'a>) -> Self {
        Self {
            path: &field.path,
            name: &field.name,
            shape: &field.shape,
            default: field.default.as_ref(),
            secret: field.secret,
            unit: field.unit.as_deref(),
            since: field.since,
            doc: &field.doc,
            owner,
        }
    }

    fn config(key: &'a ConfigKey) -> Self {
        Self {
            path: &key.path,
            name: &key.name,
            shape: &key.shape,
            default: key.default.as_ref(),
            secret: key.secret,
            unit: key.unit.as_deref(),
            since: key.since,
            doc: &key.doc,
            owner: Owner::Config,
        }
    }

    /// The path of a word of this slot.
    pub(crate) fn at(&self, word: &str) -> String {
        format!("{}.{word}", self.path)
    }
}

impl<'a> Item<'a> {
    fn new(kind: ItemKind, path: &'a str, name: &'a str, doc: &'a str) -> Self {
        Self {
            kind,
            path,
            name,
            doc,
            since: 1,
            deprecated: None,
        }
    }

    fn status(status: &'a crate::model::Status) -> Self {
        let item = Self::new(ItemKind::Status, &status.path, &status.name, &status.doc);
        Self {
            since: status.since,
            deprecated: status.deprecated,
            ..item
        }
    }

    fn message(message: &'a Message) -> Self {
        let kind = match message.direction {
            Direction::Command => ItemKind::Command,
            Direction::Event => ItemKind::Event,
        };
        let item = Self::new(kind, &message.path, &message.name, &message.doc);
        Self {
            since: message.since,
            deprecated: message.deprecated,
            ..item
        }
    }

    fn slot(slot: &Slot<'a>) -> Self {
        let kind = match slot.owner {
            Owner::Config => ItemKind::ConfigKey,
            Owner::Command(_) | Owner::Reply | Owner::Event(_) | Owner::Struct => ItemKind::Field,
        };
        Self {
            since: slot.since,
            ..Self::new(kind, slot.path, slot.name, slot.doc)
        }
    }

    /// The path of a word of this item.
    pub(crate) fn at(&self, word: &str) -> String {
        format!("{}.{word}", self.path)
    }
}
