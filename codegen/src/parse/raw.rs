//! The YAML document as it is written: one serde type per shape, nothing looked up and nothing judged.
//!
//! Every key is optional here, also those that the protocol demands, so that one missing key does not
//! hide the findings about all the others. Words of closed lists (`severity: info`) stay text for the
//! same reason. What the document means is [`crate::model`]'s business.

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A map that keeps the order in which the document names its keys.
pub type Map<T> = IndexMap<String, T>;

/// The whole document.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// Name and revision.
    pub protocol: Protocol,
    /// Status codes by name.
    pub statuses: Map<Status>,
    /// Enumerations and structures by name.
    pub types: Map<Type>,
    /// Messages from the host to the bridge by name.
    pub commands: Map<Message>,
    /// Messages from the bridge to the host by name.
    pub events: Map<Message>,
    /// Settings by name.
    pub config: Map<ConfigKey>,
    /// Ids and names that must not come back.
    pub reserved: Reserved,
}

/// `protocol:`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Protocol {
    /// Name in snake case.
    pub name: Option<String>,
    /// Revision of this document.
    pub revision: Option<i128>,
    /// Oldest revision that this one still talks to.
    pub min: Option<i128>,
    /// One sentence.
    pub doc: Option<String>,
}

/// An entry of `statuses:`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Status {
    /// Number on the wire.
    pub code: Option<i128>,
    /// `bridge` (the default) or `host`.
    pub origin: Option<String>,
    /// Number in the MicroPython system.
    pub text_code: Option<i128>,
    /// Name in the MicroPython system, where it differs.
    pub text_name: Option<String>,
    /// Fields that the MicroPython system writes behind the number.
    pub text_more: Vec<String>,
    /// `info`, `warning`, `error` or `fatal`.
    pub severity: Option<String>,
    /// Phases in which the status is fatal whatever its severity.
    pub fatal_in: Vec<String>,
    /// `none`, `reconnect`, `fix_config` or `reset_bridge`.
    pub recover: Option<String>,
    /// Revision that brought it.
    pub since: Option<i128>,
    /// Revision that gave it up.
    pub deprecated: Option<i128>,
    /// One sentence.
    pub doc: Option<String>,
}

/// An entry of `types:`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Type {
    /// `enum` or `struct`.
    pub kind: Option<String>,
    /// Bits that a folded enum takes in an op.
    pub bits: Option<i128>,
    /// Whether a decoder keeps values that it does not know.
    pub open: Option<bool>,
    /// One sentence.
    pub doc: Option<String>,
    /// Values of an enum.
    pub values: Map<EnumValue>,
    /// Fields of a struct.
    pub fields: Map<Field>,
}

/// A value of an enum.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnumValue {
    /// Number on the wire.
    pub value: Option<i128>,
    /// `false`: the MicroPython system does not know it.
    pub text: Option<bool>,
    /// Revision that brought it.
    pub since: Option<i128>,
    /// One sentence.
    pub doc: Option<String>,
}

/// An entry of `commands:` or `events:`; one type for both, so that a word in the wrong place is a finding
/// of its own and not a parse error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Message {
    /// First op.
    pub op: Option<i128>,
    /// Low bits of the op that hold fields.
    pub op_bits: Option<i128>,
    /// How the MicroPython system writes the message.
    pub text: Option<Text>,
    /// How it writes the answer.
    pub reply_text: Option<Text>,
    /// One sentence.
    pub doc: Option<String>,
    /// `broker` or `user`: what the answer waits for.
    pub waits_for: Option<String>,
    /// How long the answer may take.
    pub timeout_ms: Option<i128>,
    /// Statuses that tell how the wait goes.
    pub progress: Vec<String>,
    /// `queue`, `fail` or `wait`.
    pub on_outage: Option<String>,
    /// Whether doing it twice is doing it once.
    pub idempotent: Option<bool>,
    /// How often the host may repeat it by itself.
    pub retry: Option<i128>,
    /// `on_reconnect`: the host's journal sends it again.
    pub replay: Option<String>,
    /// No answer at all.
    pub one_way: Option<bool>,
    /// Body.
    pub fields: Map<Field>,
    /// Body of the answer.
    pub reply: Option<Map<Field>>,
    /// Statuses that can come back.
    pub errors: Vec<String>,
    /// Documentation, golden vector and fuzz seed at once.
    #[serde(deserialize_with = "written")]
    pub example: Option<serde_yaml::Value>,
    /// The same for the answer.
    #[serde(deserialize_with = "written")]
    pub reply_example: Option<serde_yaml::Value>,
    /// Revision that brought it.
    pub since: Option<i128>,
    /// Revision that gave it up.
    pub deprecated: Option<i128>,
}

/// A field of a message or a struct.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Field {
    /// Name of a builtin or of an entry of `types:`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Element of a `list` or an `optional`.
    pub of: Option<Of>,
    /// Bytes of a str or bytes, elements of a list.
    pub max_len: Option<i128>,
    /// Smallest value.
    pub min: Option<i128>,
    /// Largest value.
    pub max: Option<i128>,
    /// `varint` (the default) or `fixed`.
    pub encoding: Option<String>,
    /// `digits` (the default) or `words`: how the MicroPython system writes a bool.
    pub text_bool: Option<String>,
    /// What the MicroPython system counts from.
    pub text_epoch: Option<i128>,
    /// The text form may do without it, whatever it holds.
    pub text_drop: Option<bool>,
    /// Value of a field that the peer left out.
    #[serde(deserialize_with = "written")]
    pub default: Option<serde_yaml::Value>,
    /// Runs to the end of the body.
    pub rest: Option<bool>,
    /// Word of the closed list of units.
    pub unit: Option<String>,
    /// Never printed.
    pub secret: Option<bool>,
    /// Revision that appended it.
    pub since: Option<i128>,
    /// One sentence.
    pub doc: Option<String>,
}

/// `of:` is a type's name, or a whole field where the element has bounds of its own.
#[derive(Debug)]
pub enum Of {
    /// `of: u8`
    Name(String),
    /// `of: {type: str, max_len: 20}`
    Field(Box<Field>),
}

/// `text:` is the first field alone, or with those that follow it.
#[derive(Debug)]
pub enum Text {
    /// `text: m`
    Word(String),
    /// `text: {word: s, fields: [filter, qos]}`
    Form(TextForm),
}

/// A text form with fields.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextForm {
    /// First field.
    pub word: Option<String>,
    /// The fields that follow, in order.
    pub fields: Vec<TextField>,
}

/// One field of a text form.
#[derive(Debug)]
pub enum TextField {
    /// Name of a field of the message, or of a config key.
    Name(String),
    /// `{ssl_params: {server_hostname: tls_server_name}}`: a Python dict, and which config keys its entries are.
    Map(Map<Map<String>>),
}

/// A value that is written, be it null: an optional field may have null as its default.
fn written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<serde_yaml::Value>, D::Error> {
    serde_yaml::Value::deserialize(deserializer).map(Some)
}

/// By hand, because serde's own way of trying one shape after the other cannot hold an `i128`.
impl<'de> Deserialize<'de> for Of {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let field = |field| Self::Field(Box::new(field));
        deserializer.deserialize_any(NameOrMap(Self::Name, field))
    }
}

/// By hand, as [`Of`] is.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrMap(Self::Word, Self::Form))
    }
}

/// By hand, as [`Of`] is.
impl<'de> Deserialize<'de> for TextField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrMap(Self::Name, Self::Map))
    }
}

/// Makes one thing of a name and another of a map.
struct NameOrMap<T, M>(fn(String) -> T, fn(M) -> T);

impl<'de, T, M: Deserialize<'de>> Visitor<'de> for NameOrMap<T, M> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a map of words")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        M::deserialize(MapAccessDeserializer::new(map)).map(self.1)
    }
}

/// An entry of `config:`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigKey {
    /// Number on the wire.
    pub id: Option<i128>,
    /// Name of a scalar builtin or an enum.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Bytes of a str.
    pub max_len: Option<i128>,
    /// Smallest value.
    pub min: Option<i128>,
    /// Largest value.
    pub max: Option<i128>,
    /// Value of a key that nobody set.
    #[serde(deserialize_with = "written")]
    pub default: Option<serde_yaml::Value>,
    /// The user must set it.
    pub required: Option<bool>,
    /// A required text may be set to nothing.
    pub allow_empty: Option<bool>,
    /// Never printed.
    pub secret: Option<bool>,
    /// Word of the closed list of units.
    pub unit: Option<String>,
    /// `bridge` (the default) or `host`.
    pub scope: Option<String>,
    /// `live`, `reconnect` or `reboot`.
    pub apply: Option<String>,
    /// Revision that brought it.
    pub since: Option<i128>,
    /// One sentence.
    pub doc: Option<String>,
}

/// `reserved:`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
