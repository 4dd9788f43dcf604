//! Whether a written value (a default, an example) fits the type of its place. Not a rule: three rules share it.
//!
//! A value of the wrong type and one that is only out of bounds are told apart, as different people mend them: the
//! first is a misunderstanding, the second perhaps a bound that is too tight.

use super::context::Context;
use crate::model::{Field, Model, Origin, Scope, Shape, Type, TypeKind, Value};
use crate::similar;
use crate::source::Span;
use indexmap::IndexMap;

/// How a value misses its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is of another type, or names something that does not exist.
    Type,
    /// It is of the right type and out of its bounds.
    Bounds,
    /// It leaves out a field that has no default.
    Missing,
}

/// One thing that is wrong with a value.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) kind: Kind,
    /// Where in the document; a part of the value when that is where it misses.
    pub(crate) path: String,
    /// Whether the key at the path is meant, not its value.
    pub(crate) at_key: bool,
    /// Continues "the default …", "the example …".
    pub(crate) problem: String,
    pub(crate) label: String,
    pub(crate) help: String,
}

impl Misfit {
    pub(crate) fn place(&self, cx: &Context<'_>) -> Span {
        if self.at_key {
            cx.key(&self.path)
        } else {
            cx.value(&self.path)
        }
    }

    /// Which part of the value written at `path` is meant; empty for all of it.
    pub(crate) fn part(&self, path: &str) -> &str {
        if self.at_key {
            return "";
        }
        self.path
            .strip_prefix(path)
            .map_or("", |rest| rest.trim_start_matches('.'))
    }
}

/// All that is wrong with `value`, written at `path`, as a value of `shape`.
pub(crate) fn misfits(model: &Model, shape: &Shape, value: &Value, path: &str) -> Vec<Misfit> {
    let mut walk = Walk {
        model,
        found: Vec::new(),
    };
    walk.value(shape, value, path);
    walk.found
}

/// All that is wrong with a map of field values, written at `path`.
pub(crate) fn field_misfits(model: &Model, fields: &[Field], value: &Value, path: &str) -> Vec<Misfit> {
    let mut walk = Walk {
        model,
        found: Vec::new(),
    };
    walk.fields(fields, value, path);
    walk.found
}

struct Walk<'a> {
    model: &'a Model,
    found: Vec<Misfit>,
}

impl Walk<'_> {
    /// Recurses with the value, whose depth the strict pass has bounded.
    fn value(&mut self, shape: &Shape, value: &Value, path: &str) {
        match (&shape.kind, value) {
            (Type::Bool, Value::Bool(_)) | (Type::Unknown(_), _) | (Type::Optional, Value::Null) => {}
            (Type::Bool, _) => self.wrong(path, value, "true or false", "write true or false without quotes"),
            (Type::Int(int), Value::Integer(number)) => {
                let min = shape.min.unwrap_or(int.min()).max(int.min());
                let max = shape.max.unwrap_or(int.max()).min(int.max());
                self.bounds(*number, min, max, path);
            }
            (Type::Int(_), _) => self.wrong(path, value, "an integer", "write a number without quotes"),
            (Type::Str, Value::Text(text)) => self.length(text.len(), "bytes", shape, path),
            (Type::Str, _) => self.wrong(path, value, "text", "put it in quotes"),
            (Type::Bytes, Value::Text(text)) => self.length(text.len(), "bytes", shape, path),
            (Type::Bytes, Value::List(items)) => self.bytes(items, shape, path),
            (Type::Bytes, _) => self.wrong(path, value, "text or a list of bytes", "put it in quotes"),
            (Type::Status, value) => self.status(value, path),
            (Type::Config, value) => self.config(value, path),
            (Type::List, Value::List(items)) => self.list(items, shape, path),
            (Type::List, _) => self.wrong(path, value, "a list", "write [one, two], or [] for none"),
            (Type::Optional, value) => {
                if let Some(of) = shape.of.as_deref() {
                    self.value(of, value, path);
                }
            }
            (Type::Named(index), value) => self.named(*index, value, path),
        }
    }

    fn named(&mut self, index: usize, value: &Value, path: &str) {
        let Some(def) = self.model.types.get(index) else {
            return;
        };
        match &def.kind {
            TypeKind::Enum(body) => {
                let names = body.values.iter().map(|value| value.name.as_str());
                self.name(value, names, &format!("a value of `{}`", def.name), path);
            }
            TypeKind::Struct(fields) => self.fields(fields, value, path),
            TypeKind::Unknown => {}
        }
    }

    fn status(&mut self, value: &Value, path: &str) {
        let sent = self
            .model
            .statuses
            .iter()
            .filter(|status| status.origin == Origin::Bridge);
        let names: Vec<&str> = sent.map(|status| status.name.as_str()).collect();
        self.name(value, names.iter().copied(), "a status that a bridge sends", path);
    }

    fn name<'n>(
        &mut self,
        value: &Value,
        names: impl Iterator<Item = &'n str> + Clone,
        what: &str,
        path: &str,
    ) {
        match value {
            Value::Text(name) if names.clone().any(|known| known == name) => {}
            Value::Text(name) => {
                let help = similar::help(name, names, "choose one of");
                self.push(
                    Kind::Type,
                    path,
                    format!("is not {what}"),
                    format!("there is no `{name}`"),
                    help,
                );
            }
            value => self.wrong(path, value, what, "write its name"),
        }
    }

    fn fields(&mut self, fields: &[Field], value: &Value, path: &str) {
        let Value::Map(values) = value else {
            return self.wrong(
                path,
                value,
                "a map of fields",
                "write {field: value, field: value}, or {} for none",
            );
        };
        for field in fields {
            match values.get(&field.name) {
                Some(value) => self.value(&field.shape, value, &format!("{path}.{}", field.name)),
                None if field.default.is_some() || field.shape.kind == Type::Config => {}
                // Misspelt: the unknown name is reported.
                None if values
                    .keys()
                    .any(|name| similar::similar(name, [field.name.as_str()]).is_some()) => {}
                None => self.missing(&field.name, path),
            }
        }
        self.unknown(
            values,
            fields.iter().map(|field| field.name.as_str()),
            "field",
            path,
        );
    }

    fn config(&mut self, value: &Value, path: &str) {
        let Value::Map(values) = value else {
            return self.wrong(
                path,
                value,
                "a map of config keys",
                "write {key: value}, or {} for none",
            );
        };
        let model = self.model;
        let sent = model.config.iter().filter(|key| key.scope == Scope::Bridge);
        for key in sent.clone() {
            if let Some(value) = values.get(&key.name) {
                self.value(&key.shape, value, &format!("{path}.{}", key.name));
            }
        }
        self.unknown(
            values,
            sent.map(|key| key.name.as_str()),
            "config key of the bridge",
            path,
        );
    }

    fn unknown<'n>(
        &mut self,
        values: &IndexMap<String, Value>,
        known: impl Iterator<Item = &'n str> + Clone,
        what: &str,
        path: &str,
    ) {
        for name in values
            .keys()
            .filter(|name| !known.clone().any(|known| known == *name))
        {
            let help = match known.clone().next() {
                Some(_) => similar::help(name, known.clone(), "the names here are"),
                None => "there are no fields; write {}".to_owned(),
            };
            let problem = format!("names a {what} that does not exist");
            let label = format!("there is no `{name}`");
            self.push(Kind::Type, &format!("{path}.{name}"), problem, label, help);
            self.last_at_key();
        }
    }

    fn missing(&mut self, name: &str, path: &str) {
        let help = format!("add {name}: …, or give the field a default");
        self.push(
            Kind::Missing,
            path,
            format!("leaves `{name}` out"),
            format!("`{name}` has no default"),
            help,
        );
        self.last_at_key();
    }

    fn list(&mut self, items: &[Value], shape: &Shape, path: &str) {
        self.length(items.len(), "elements", shape, path);
        if let Some(of) = shape.of.as_deref() {
            let places = items.iter().enumerate();
            places.for_each(|(index, item)| self.value(of, item, &format!("{path}.{index}")));
        }
    }

    fn bytes(&mut self, items: &[Value], shape: &Shape, path: &str) {
        self.length(items.len(), "bytes", shape, path);
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}.{index}");
            match item {
                Value::Integer(number) => self.bounds(*number, 0, 255, &path),
                item => self.wrong(&path, item, "a byte", "write a number from 0 to 255"),
            }
        }
    }

    fn bounds(&mut self, number: i128, min: i128, max: i128, path: &str) {
        if !(min..=max).contains(&number) && min <= max {
            let label = format!("{number} is not from {min} to {max}");
            let help = "choose a value within the bounds, or widen them".to_owned();
            self.push(Kind::Bounds, path, "is out of its bounds".to_owned(), label, help);
        }
    }

    fn length(&mut self, length: usize, unit: &str, shape: &Shape, path: &str) {
        let length = i128::try_from(length).unwrap_or(i128::MAX);
        if let Some(max) = shape.max_len.filter(|&max| max > 0 && length > max) {
            let label = format!("{length} {unit}, and {max} are allowed");
            self.push(
                Kind::Bounds,
                path,
                "is too long".to_owned(),
                label,
                "shorten it, or raise `max_len`".to_owned(),
            );
        }
    }

    fn wrong(&mut self, path: &str, value: &Value, expected: &str, help: &str) {
        let label = format!("this is {}", value.kind());
        self.push(
            Kind::Type,
            path,
            format!("must be {expected}"),
            label,
            help.to_owned(),
        );
    }

    fn push(&mut self, kind: Kind, path: &str, problem: String, label: String, help: String) {
        self.found.push(Misfit {
            kind,
            path: path.to_owned(),
            at_key: false,
            problem,
            label,
            help,
        });
    }

    fn last_at_key(&mut self) {
        if let Some(last) = self.found.last_mut() {
            last.at_key = true;
        }
    }
}
