//! Text forms of values that a spec writes down, and how long they can be: an encoder that works from the model alone,
//! as `body` is for bodies. The vectors come from it.

use super::body::{self, Values};
use crate::model::{
    ConfigKey, Direction, Field, Message, Model, Origin, Shape, Status, TextBool, TextEntry, TextForm,
    TextSource, Type, Value, config_field, is_symbols,
};

/// The shapes of everything that has a place in a text form.
pub(crate) fn shapes(model: &Model) -> impl Iterator<Item = &Shape> {
    model.text_forms().flat_map(|(form, own)| {
        let named = form.fields.iter().filter_map(|field| match field.source {
            TextSource::Field(index) => own.get(index).map(|field| &field.shape),
            _ => None,
        });
        let keys = form
            .keys()
            .filter_map(|key| model.config.get(key).map(|key| &key.shape));
        named.chain(keys)
    })
}

/// Longest text of any command.
pub(crate) fn commands(model: &Model) -> u64 {
    let own = model.commands.iter().filter_map(|command| {
        let form = command.text.as_ref()?;
        longest(model, form, &command.fields)
    });
    own.max().unwrap_or(0)
}

/// Longest text of any event or reply.
pub(crate) fn events(model: &Model) -> u64 {
    let events = model.messages().filter_map(|message| match message.direction {
        Direction::Command => Some((message.reply_text.as_ref()?, message.reply_fields())),
        Direction::Event => Some((message.text.as_ref()?, message.fields.as_slice())),
    });
    let longest = events.filter_map(|(form, fields)| longest(model, form, fields));
    longest.max().unwrap_or(0)
}

/// Most symbols that the text form of these fields has, without its terminator. None when a field has no bound.
pub(crate) fn longest(model: &Model, form: &TextForm, fields: &[Field]) -> Option<u64> {
    let mut sum = form.word.len() as u64;
    for field in &form.fields {
        let size = match &field.source {
            TextSource::Field(index) => {
                let field = fields.get(*index)?;
                shape(model, &field.shape)?
            }
            TextSource::Key(index) => shape(model, &model.config.get(*index)?.shape)?,
            TextSource::Map(entries) => map(model, entries)?,
            TextSource::Unknown => return None,
        };
        sum = sum.checked_add(1)?.checked_add(size)?;
    }
    Some(sum)
}

fn shape(model: &Model, shape: &Shape) -> Option<u64> {
    Some(match &shape.kind {
        Type::Bool => "False".len() as u64,
        Type::Int(int) => {
            let digits = |value: i128| value.to_string().len() as u64;
            let (min, max) = (shape.min.unwrap_or(int.min()), shape.max.unwrap_or(int.max()));
            digits(min).max(digits(max))
        }
        Type::Str | Type::Bytes => u64::try_from(shape.max_len?).ok()?,
        Type::Status => {
            let more = |status: &Status| status.text_more.iter().map(|more| 1 + more.len() as u64).sum();
            "255".len() as u64 + model.statuses.iter().map(more).max().unwrap_or(0)
        }
        Type::Named(_) => "255".len() as u64,
        Type::Config | Type::List | Type::Optional | Type::Unknown(_) => return None,
    })
}

fn map(model: &Model, entries: &[TextEntry]) -> Option<u64> {
    let around = "'': '', ".len() as u64;
    entries.iter().try_fold("{}".len() as u64, |sum, entry| {
        let key = model.config.get(entry.key?)?;
        sum.checked_add(around + entry.name.len() as u64 + shape(model, &key.shape)?)
    })
}

/// The text form of a command or an event with these values: the fields between which 0x7F stands. None for values that
/// it does not carry, and for a message that has none.
pub fn message(model: &Model, message: &Message, values: &Values) -> Option<Vec<String>> {
    fields(model, message.text.as_ref()?, &message.fields, values)
}

/// The text form of the reply to a command.
pub fn reply(model: &Model, command: &Message, values: &Values) -> Option<Vec<String>> {
    fields(
        model,
        command.reply_text.as_ref()?,
        command.reply_fields(),
        values,
    )
}

/// The string's fields, the word first. None for values that the text form does not carry.
pub(crate) fn fields(model: &Model, form: &TextForm, own: &[Field], values: &Values) -> Option<Vec<String>> {
    let settings = config_field(own).and_then(|config| values.get(&config.name)?.as_map());
    let encoder = Encoder {
        model,
        form,
        own,
        values,
        settings,
    };
    encoder.fields()
}

/// The values without those that the text form may do without.
pub fn carried(form: &TextForm, own: &[Field], values: &Values) -> Values {
    let mut carried = values.clone();
    for field in form.lacking_fields(own).filter(|field| field.text_drop) {
        carried.shift_remove(&field.name);
    }
    carried
}

struct Encoder<'e> {
    model: &'e Model,
    form: &'e TextForm,
    own: &'e [Field],
    values: &'e Values,
    settings: Option<&'e Values>,
}

impl Encoder<'_> {
    fn fields(&self) -> Option<Vec<String>> {
        if self.lacks_a_field() || self.lacks_a_key() {
            return None;
        }
        let mut out = vec![self.form.word.clone()];
        for field in &self.form.fields {
            match &field.source {
                TextSource::Field(index) => self.field(self.own.get(*index)?, &mut out)?,
                TextSource::Key(index) => out.push(self.key(self.model.config.get(*index)?)?),
                TextSource::Map(entries) => out.push(self.map(entries)?),
                TextSource::Unknown => return None,
            }
        }
        out.iter().all(|field| is_symbols(field)).then_some(out)
    }

    fn lacks_a_field(&self) -> bool {
        let mut lacking = self.form.lacking_fields(self.own);
        lacking.any(|field| body::differs(self.model, &[field], self.values))
    }

    fn lacks_a_key(&self) -> bool {
        let mut lacking = self.form.lacking_keys(self.model, self.own);
        lacking.any(|key| {
            self.setting(key)
                .is_some_and(|value| Some(value) != key.default.as_ref())
        })
    }

    fn setting(&self, key: &ConfigKey) -> Option<&Value> {
        self.settings?.get(&key.name)
    }

    fn field(&self, field: &Field, out: &mut Vec<String>) -> Option<()> {
        let value = self.values.get(&field.name).or(field.default.as_ref())?;
        match (field.text_epoch, value) {
            (Some(_), Value::Integer(0)) => out.push("0".to_owned()),
            (Some(epoch), Value::Integer(value)) if *value > epoch => out.push((value - epoch).to_string()),
            (Some(_), _) => return None,
            (None, Value::Text(name)) if field.shape.kind == Type::Status => self.status(name, out)?,
            (None, value) => out.push(self.value(&field.shape, field.text_bool, value)?),
        }
        Some(())
    }

    fn status(&self, name: &str, out: &mut Vec<String>) -> Option<()> {
        let mut statuses = self.model.statuses.iter();
        let status = statuses.find(|status| status.name == name && status.origin == Origin::Bridge)?;
        out.push(status.text_code?.to_string());
        out.extend(status.text_more.iter().cloned());
        Some(())
    }

    fn value(&self, shape: &Shape, spelling: TextBool, value: &Value) -> Option<String> {
        Some(match (value, spelling) {
            (Value::Bool(value), TextBool::Digits) => u8::from(*value).to_string(),
            (Value::Bool(true), TextBool::Words) => "True".to_owned(),
            (Value::Bool(false), TextBool::Words) => "False".to_owned(),
            (Value::Integer(value), _) => value.to_string(),
            (Value::Text(name), _) => match self.model.as_enum(&shape.kind) {
                Some((_, body)) => {
                    let mut values = body.values.iter();
                    let found = values.find(|value| value.name == *name && value.text)?;
                    found.value?.to_string()
                }
                None => name.clone(),
            },
            (Value::List(items), _) => {
                let bytes = items.iter().map(|item| u8::try_from(item.as_integer()?).ok());
                String::from_utf8(bytes.collect::<Option<_>>()?).ok()?
            }
            (Value::Null | Value::Float(_) | Value::Map(_), _) => return None,
        })
    }

    /// A required text that nobody set is empty.
    fn key(&self, key: &ConfigKey) -> Option<String> {
        match self.setting(key).or(key.default.as_ref()) {
            Some(value) => self.value(&key.shape, TextBool::Digits, value),
            None => (key.shape.kind == Type::Str).then(String::new),
        }
    }

    fn map(&self, entries: &[TextEntry]) -> Option<String> {
        let mut shown = Vec::new();
        for entry in entries {
            let key = self.model.config.get(entry.key?)?;
            if let Some(value) = self
                .setting(key)
                .filter(|value| Some(*value) != key.default.as_ref())
            {
                let text = self.value(&key.shape, TextBool::Words, value)?;
                let quote = if key.shape.kind == Type::Str { "'" } else { "" };
                shown.push(format!("'{}': {quote}{text}{quote}", entry.name));
            }
        }
        Some(format!("{{{}}}", shown.join(", ")))
    }
}
