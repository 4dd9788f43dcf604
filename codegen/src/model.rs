//! What a spec means: ids, types, bounds and references, resolved.
//!
//! Building the model is total. What cannot be resolved stays visible ([`Type::Unknown`], [`StatusRef`]
//! without an index, [`Model::unknown_words`]), so that the checks see everything in one run. Numbers keep the
//! width in which they were written; a model that passed the checks holds only numbers that fit.
//! Nothing is judged here (that is [`crate::check`]) and nothing is written (that is [`crate::emit`]).
//!
//! Each item carries its path in the document, keys joined by dots and sequence elements by their index
//! (`commands.publish.progress.0`); the path of a key below an item is `item.at("max_len")`.

mod resolve;
mod text;
mod types;
mod value;
mod words;

pub use resolve::resolve;
pub use text::{TextEntry, TextField, TextForm, TextSource, config_field, is_symbols};
pub use types::{Int, Shape, Type};
pub use value::Value;
pub(crate) use words::Word;
pub use words::{
    Apply, Encoding, Kind, OnOutage, Origin, Phase, Recovery, Replay, Scope, Severity, TextBool, UNITS,
    WaitsFor,
};

/// A whole protocol.
#[derive(Debug, Clone)]
pub struct Model {
    /// Name and revision.
    pub protocol: Protocol,
    /// In document order, as are all lists of the model.
    pub statuses: Vec<Status>,
    /// Enumerations and structures.
    pub types: Vec<TypeDef>,
    /// Host to bridge.
    pub commands: Vec<Message>,
    /// Bridge to host.
    pub events: Vec<Message>,
    /// Settings.
    pub config: Vec<ConfigKey>,
    /// What must not come back.
    pub reserved: Reserved,
    /// Words that are not of their closed list; the item has what an absent word means instead.
    pub unknown_words: Vec<UnknownWord>,
}

/// `protocol:`
#[derive(Debug, Clone)]
pub struct Protocol {
    /// Always `protocol`.
    pub path: String,
    /// Empty when missing.
    pub name: String,
    /// None when missing.
    pub revision: Option<i128>,
    /// None when missing.
    pub min: Option<i128>,
    /// Empty when missing.
    pub doc: String,
}

/// One status.
#[derive(Debug, Clone)]
pub struct Status {
    /// `statuses.<name>`
    pub path: String,
    /// Snake case.
    pub name: String,
    /// None for a status that is born at the host, or when missing.
    pub code: Option<i128>,
    /// Which end says it.
    pub origin: Origin,
    /// Number in the MicroPython system.
    pub text_code: Option<i128>,
    /// Name in the MicroPython system, where it differs.
    pub text_name: Option<String>,
    /// Fields that the MicroPython system writes behind the number.
    pub text_more: Vec<String>,
    /// None when missing.
    pub severity: Option<Severity>,
    /// Phases in which it is fatal whatever its severity.
    pub fatal_in: Vec<Phase>,
    /// What mends it.
    pub recovery: Recovery,
    /// Revision that brought it; 1 when not given.
    pub since: i128,
    /// Revision that gave it up.
    pub deprecated: Option<i128>,
    /// Empty when missing.
    pub doc: String,
}

/// An entry of `types:`
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// `types.<name>`
    pub path: String,
    /// Upper camel case.
    pub name: String,
    /// Empty when missing.
    pub doc: String,
    /// What it is.
    pub kind: TypeKind,
}

/// The two kinds of named types, and what is neither.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `kind: enum`
    Enum(Enum),
    /// `kind: struct`: fields, inline on the wire.
    Struct(Vec<Field>),
    /// `kind` is missing or not known (then it is also in [`Model::unknown_words`]).
    Unknown,
}

/// An enumeration; one byte on the wire unless it is folded into an op.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Bits it takes when it is folded.
    pub bits: Option<i128>,
    /// A decoder keeps values that it does not know.
    pub open: bool,
    /// In document order.
    pub values: Vec<EnumValue>,
}

/// One value of an enumeration.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// `types.<type>.values.<name>`
    pub path: String,
    /// Snake case.
    pub name: String,
    /// None when missing.
    pub value: Option<i128>,
    /// The MicroPython system knows it.
    pub text: bool,
    /// Revision that brought it; 1 when not given.
    pub since: i128,
    /// Empty when missing.
    pub doc: String,
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Host to bridge.
    Command,
    /// Bridge to host.
    Event,
}

/// A command or an event.
#[derive(Debug, Clone)]
pub struct Message {
    /// `commands.<name>` or `events.<name>`
    pub path: String,
    /// Snake case.
    pub name: String,
    /// Which way it goes.
    pub direction: Direction,
    /// First op; None when missing.
    pub op: Option<i128>,
    /// Low bits of the op that hold fields; 0 when not given.
    pub op_bits: i128,
    /// How the MicroPython system writes it.
    pub text: Option<TextForm>,
    /// How the MicroPython system writes the answer.
    pub reply_text: Option<TextForm>,
    /// Empty when missing.
    pub doc: String,
    /// What the answer waits for.
    pub waits_for: Option<WaitsFor>,
    /// How long the answer may take.
    pub timeout_ms: Option<i128>,
    /// Statuses that tell how the wait goes.
    pub progress: Vec<StatusRef>,
    /// What the host does while the broker is away.
    pub on_outage: Option<OnOutage>,
    /// None when not given.
    pub idempotent: Option<bool>,
    /// How often the host may repeat it by itself.
    pub retry: Option<i128>,
    /// The host's journal sends it again after a reset of the bridge.
    pub replay: bool,
    /// No answer at all.
    pub one_way: bool,
    /// Body, in document order.
    pub fields: Vec<Field>,
    /// Body of the answer; None when the document has no `reply:`.
    pub reply: Option<Vec<Field>>,
    /// Statuses that can come back.
    pub errors: Vec<StatusRef>,
    /// Values by field name, as written.
    pub example: Option<Value>,
    /// The same for the answer.
    pub reply_example: Option<Value>,
    /// Revision that brought it; 1 when not given.
    pub since: i128,
    /// Revision that gave it up.
    pub deprecated: Option<i128>,
}

/// A status named by a message.
#[derive(Debug, Clone)]
pub struct StatusRef {
    /// `commands.<name>.progress.<index>`
    pub path: String,
    /// As written.
    pub name: String,
    /// Index in [`Model::statuses`]; None when there is no such status.
    pub index: Option<usize>,
}

/// A field of a message, a reply or a struct.
#[derive(Debug, Clone)]
pub struct Field {
    /// `commands.<name>.fields.<name>` and the like.
    pub path: String,
    /// Snake case.
    pub name: String,
    /// Type and bounds.
    pub shape: Shape,
    /// As written; None when not given.
    pub default: Option<Value>,
    /// Runs to the end of the body.
    pub rest: bool,
    /// How the MicroPython system writes a bool.
    pub text_bool: TextBool,
    /// What the MicroPython system counts from.
    pub text_epoch: Option<i128>,
    /// The text form may do without it, whatever it holds.
    pub text_drop: bool,
    /// As written.
    pub unit: Option<String>,
    /// Never printed.
    pub secret: bool,
    /// Revision that appended it; 1 when not given.
    pub since: i128,
    /// Empty when missing.
    pub doc: String,
}

/// One setting.
#[derive(Debug, Clone)]
pub struct ConfigKey {
    /// `config.<name>`
    pub path: String,
    /// Snake case.
    pub name: String,
    /// None when missing.
    pub id: Option<i128>,
    /// Type and bounds.
    pub shape: Shape,
    /// As written; None when not given.
    pub default: Option<Value>,
    /// The user must set it.
    pub required: bool,
    /// A required text may be set to nothing.
    pub allow_empty: bool,
    /// Never printed.
    pub secret: bool,
    /// As written.
    pub unit: Option<String>,
    /// Which end uses it.
    pub scope: Scope,
    /// When a change takes effect; None when missing.
    pub apply: Option<Apply>,
    /// Revision that brought it; 1 when not given.
    pub since: i128,
    /// Empty when missing.
    pub doc: String,
}

/// `reserved:`; the path of an element is `reserved.ops.<index>` and the like.
#[derive(Debug, Clone, Default)]
pub struct Reserved {
    /// Ops of messages that are gone.
    pub ops: Vec<i128>,
    /// Codes of statuses that are gone.
    pub status_codes: Vec<i128>,
    /// Ids of config keys that are gone.
    pub config_ids: Vec<i128>,
    /// Names that must not be given again.
    pub names: Vec<String>,
}

/// A word that is not of its closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// Where it stands.
    pub path: String,
    /// What was written.
    pub found: String,
    /// The whole list.
    pub expected: Vec<&'static str>,
}

macro_rules! at {
    ($($item:ty),*) => {$(
        impl $item {
            /// The path of a key below this item.
            pub fn at(&self, key: &str) -> String {
                format!("{}.{key}", self.path)
            }
        }
    )*};
}
at!(
    Protocol, Status, TypeDef, EnumValue, Message, Field, ConfigKey, Shape, TextForm
);

impl Model {
    /// Commands, then events.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.commands.iter().chain(&self.events)
    }

    /// Every field with the list it stands in: commands, their replies, events, structs.
    pub fn field_lists(&self) -> impl Iterator<Item = &[Field]> {
        let structs = self.types.iter().filter_map(|def| match &def.kind {
            TypeKind::Struct(fields) => Some(fields.as_slice()),
            TypeKind::Enum(_) | TypeKind::Unknown => None,
        });
        let messages = self
            .messages()
            .flat_map(|message| std::iter::once(message.fields.as_slice()).chain(message.reply.as_deref()));
        messages.chain(structs)
    }

    /// The enumeration that a type names, if it names one.
    pub fn as_enum(&self, kind: &Type) -> Option<(&TypeDef, &Enum)> {
        let Type::Named(index) = kind else { return None };
        let def = self.types.get(*index)?;
        match &def.kind {
            TypeKind::Enum(body) => Some((def, body)),
            TypeKind::Struct(_) | TypeKind::Unknown => None,
        }
    }

    /// The structure that a type names, if it names one.
    pub fn as_struct(&self, kind: &Type) -> Option<(&TypeDef, &[Field])> {
        let Type::Named(index) = kind else { return None };
        let def = self.types.get(*index)?;
        match &def.kind {
            TypeKind::Struct(fields) => Some((def, fields)),
            TypeKind::Enum(_) | TypeKind::Unknown => None,
        }
    }

    /// Bits that a field takes when it is folded into an op; None when it cannot be folded.
    pub fn fold_bits(&self, shape: &Shape) -> Option<i128> {
        match &shape.kind {
            Type::Bool => Some(1),
            kind => self
                .as_enum(kind)
                .filter(|(_, body)| !body.open)
                .and_then(|(_, body)| body.bits),
        }
    }
}

impl Message {
    /// Whether its foldable fields live in the op.
    pub fn folds(&self) -> bool {
        self.op_bits > 0
    }

    /// The field that runs to the end of the body.
    pub fn rest(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.rest)
    }
}
