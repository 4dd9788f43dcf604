//! Values that a spec writes down: defaults and examples. Untyped; what they must be, the field's type says.

use indexmap::IndexMap;

/// A YAML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `~`
    Null,
    /// `true`
    Bool(bool),
    /// `42`
    Integer(i128),
    /// `4.2`; no type of a spec takes it.
    Float(f64),
    /// `text`
    Text(String),
    /// `[a, b]`
    List(Vec<Value>),
    /// `{a: b}`; keys that are not text become text.
    Map(IndexMap<String, Value>),
}

impl Value {
    /// From the loader's value; tags are dropped (the strict pass rejects them before).
    pub(crate) fn from_yaml(yaml: &serde_yaml::Value) -> Self {
        use serde_yaml::Value as Yaml;
        match yaml {
            Yaml::Null => Self::Null,
            Yaml::Bool(value) => Self::Bool(*value),
            Yaml::Number(number) => Self::from_number(number),
            Yaml::String(text) => Self::Text(text.clone()),
            Yaml::Sequence(items) => Self::List(items.iter().map(Self::from_yaml).collect()),
            Yaml::Mapping(map) => Self::Map(
                map.iter()
                    .map(|(key, value)| (key_text(key), Self::from_yaml(value)))
                    .collect(),
            ),
            Yaml::Tagged(tagged) => Self::from_yaml(&tagged.value),
        }
    }

    fn from_number(number: &serde_yaml::Number) -> Self {
        let integer = number
            .as_i64()
            .map(i128::from)
            .or(number.as_u64().map(i128::from));
        integer.map_or_else(|| Self::Float(number.as_f64().unwrap_or(f64::NAN)), Self::Integer)
    }

    /// What kind of value it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a bool",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a fraction",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i128> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The bool, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&IndexMap<String, Value>> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }
}

fn key_text(key: &serde_yaml::Value) -> String {
    match key {
        serde_yaml::Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other)
            .unwrap_or_default()
            .trim_end()
            .to_owned(),
    }
}
