//! Random values that fit a spec, for tests and fuzzers that must know every message without being told. Where the
//! randomness comes from is the caller's matter, so that a seed brings a failure back.

use super::body::{self, Values};
use crate::model::{ConfigKey, Field, Message, Model, Origin, Scope, Shape, Type, TypeKind, Value};

/// A source of random numbers below a bound, which is never 0.
pub type Random<'r> = dyn FnMut(u64) -> u64 + 'r;

/// A random body of a command or an event, with the values in it. None for a message that no value fits.
pub fn message(model: &Model, message: &Message, random: &mut Random<'_>) -> Option<(Values, Vec<u8>)> {
    let values = Sampler { model, random }.fields(&message.fields)?;
    let body = body::message(model, message, &values)?;
    Some((values, body))
}

/// A random body of the reply to the command of that number, with the values in it.
pub fn reply(
    model: &Model,
    command: &Message,
    number: u8,
    random: &mut Random<'_>,
) -> Option<(Values, Vec<u8>)> {
    let values = Sampler { model, random }.fields(command.reply_fields())?;
    let body = body::reply(model, command, number, &values)?;
    Some((values, body))
}

struct Sampler<'s, 'r> {
    model: &'s Model,
    random: &'s mut Random<'r>,
}

/// Texts and lists are seldom longer than this, so that many small ones are tried.
const USUAL_LEN: u64 = 24;

impl Sampler<'_, '_> {
    fn fields(&mut self, fields: &[Field]) -> Option<Values> {
        let mut values = Values::new();
        for field in fields {
            let keep_default = field.default.is_some() && (self.random)(3) == 0;
            if !keep_default {
                values.insert(field.name.clone(), self.value(&field.shape)?);
            }
        }
        Some(values)
    }

    fn value(&mut self, shape: &Shape) -> Option<Value> {
        Some(match &shape.kind {
            Type::Bool => Value::Bool((self.random)(2) == 0),
            Type::Int(int) => {
                let min = shape.min.unwrap_or(int.min()).max(int.min());
                let max = shape.max.unwrap_or(int.max()).min(int.max());
                Value::Integer(self.integer(min, max))
            }
            Type::Str => Value::Text(self.text(shape)),
            Type::Bytes => {
                let len = self.len(shape);
                Value::List(
                    (0..len)
                        .map(|_| Value::Integer(i128::from((self.random)(256))))
                        .collect(),
                )
            }
            Type::Status => Value::Text(self.status()?),
            Type::Config => Value::Map(self.config()?),
            Type::List => {
                let (len, of) = (self.len(shape).min(USUAL_LEN), shape.of.as_deref()?);
                Value::List((0..len).map(|_| self.value(of)).collect::<Option<_>>()?)
            }
            Type::Optional => match (self.random)(2) {
                0 => Value::Null,
                _ => self.value(shape.of.as_deref()?)?,
            },
            Type::Named(index) => self.named(*index)?,
            Type::Unknown(_) => return None,
        })
    }

    /// Often at an edge, where mistakes live.
    fn integer(&mut self, min: i128, max: i128) -> i128 {
        match (self.random)(4) {
            0 => min,
            1 => max,
            2 => (min + i128::from((self.random)(300))).min(max),
            _ => {
                let span = u64::try_from(max - min).unwrap_or(u64::MAX);
                min + i128::from((self.random)(span.max(1)))
            }
        }
    }

    fn len(&mut self, shape: &Shape) -> u64 {
        let max = u64::try_from(shape.max_len.unwrap_or(0)).unwrap_or(0);
        match (self.random)(8) {
            0 => max,
            _ => (self.random)(USUAL_LEN).min(max),
        }
    }

    fn text(&mut self, shape: &Shape) -> String {
        let len = self.len(shape) as usize;
        let mut text = String::new();
        loop {
            let next = ['a', '/', '0', ' ', 'ß', '€', '\u{1F600}', '\0'][(self.random)(8) as usize % 8];
            if text.len() + next.len_utf8() > len {
                return text;
            }
            text.push(next);
        }
    }

    fn pick<'v, T>(&mut self, items: &'v [T]) -> Option<&'v T> {
        let index = (self.random)((items.len() as u64).max(1));
        items.get(index as usize)
    }

    fn status(&mut self) -> Option<String> {
        let travelling: Vec<_> = self
            .model
            .statuses
            .iter()
            .filter(|status| status.origin == Origin::Bridge)
            .collect();
        self.pick(&travelling).map(|status| status.name.clone())
    }

    fn named(&mut self, index: usize) -> Option<Value> {
        let model = self.model;
        match &model.types.get(index)?.kind {
            TypeKind::Enum(body) => self
                .pick(&body.values)
                .map(|value| Value::Text(value.name.clone())),
            TypeKind::Struct(fields) => self.fields(fields).map(Value::Map),
            TypeKind::Unknown => None,
        }
    }

    fn config(&mut self) -> Option<Values> {
        let mut values = Values::new();
        for key in self.model.config.iter().filter(|key| key.scope == Scope::Bridge) {
            let needed = key.required && key.shape.kind != Type::Str;
            if needed || (self.random)(2) == 0 {
                values.insert(key.name.clone(), self.setting(key)?);
            }
        }
        Some(values)
    }

    /// A required text is not empty: that is how one looks that was not set.
    fn setting(&mut self, key: &ConfigKey) -> Option<Value> {
        let value = self.value(&key.shape)?;
        let unset = key.required && value == Value::Text(String::new());
        Some(if unset { Value::Text("x".to_owned()) } else { value })
    }
}
