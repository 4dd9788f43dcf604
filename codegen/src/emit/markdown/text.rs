//! The chapter about the text format: which messages have a string, and which statuses a number there.

use crate::model::{
    ConfigKey, Direction, Field, Model, Origin, Status, TextBool, TextEntry, TextField, TextForm, TextSource,
};

/// What the template sees.
pub(super) struct TextSection<'m> {
    pub(super) forms: Vec<FormRow<'m>>,
    pub(super) statuses: Vec<NumberRow<'m>>,
}

/// A row of the table of strings.
pub(super) struct FormRow<'m> {
    pub(super) from: &'static str,
    pub(super) word: &'m str,
    pub(super) message: String,
    pub(super) fields: String,
    pub(super) lacks: String,
}

/// A row of the table of statuses.
pub(super) struct NumberRow<'m> {
    pub(super) number: i128,
    pub(super) name: String,
    pub(super) status: &'m str,
    pub(super) more: String,
}

/// The chapter; None for a protocol without text forms.
pub(super) fn section(model: &Model) -> Option<TextSection<'_>> {
    model.text_forms().next()?;
    let mut statuses: Vec<_> = model.statuses.iter().filter_map(number_row).collect();
    statuses.sort_by_key(|row| row.number);
    Some(TextSection {
        forms: forms(model),
        statuses,
    })
}

/// Those of the host, then those of the bridge.
fn forms(model: &Model) -> Vec<FormRow<'_>> {
    let own = model.messages().filter_map(|message| {
        let from = match message.direction {
            Direction::Command => "host",
            Direction::Event => "bridge",
        };
        let name = format!("`{}`", message.name);
        Some(form_row(
            model,
            from,
            name,
            message.text.as_ref()?,
            &message.fields,
        ))
    });
    let replies = model.commands.iter().filter_map(|command| {
        let (form, own) = (command.reply_text.as_ref()?, command.reply_fields());
        let name = format!("reply to `{}`", command.name);
        Some(form_row(model, "bridge", name, form, own))
    });
    own.chain(replies).collect()
}

fn form_row<'m>(
    model: &'m Model,
    from: &'static str,
    message: String,
    form: &'m TextForm,
    own: &'m [Field],
) -> FormRow<'m> {
    let fields = form.fields.iter().map(|field| field_text(model, field, own));
    FormRow {
        from,
        word: &form.word,
        message,
        fields: listed(fields),
        lacks: listed(lacking(model, form, own)),
    }
}

fn listed(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join(", ")
    }
}

fn field_text(model: &Model, field: &TextField, own: &[Field]) -> String {
    let name = &field.name;
    match &field.source {
        TextSource::Field(index) => match own.get(*index) {
            Some(field) if field.text_bool == TextBool::Words => format!("`{name}` (False or True)"),
            Some(Field {
                text_epoch: Some(epoch),
                ..
            }) => format!("`{name}` − {epoch} (0 remains 0)"),
            _ => format!("`{name}`"),
        },
        TextSource::Map(entries) => {
            let entries = entries.iter().map(|entry| entry_text(model, entry));
            format!("{name}: dict ({})", listed(entries))
        }
        TextSource::Key(_) | TextSource::Unknown => format!("`{name}`"),
    }
}

fn entry_text(model: &Model, entry: &TextEntry) -> String {
    let key = entry.key.and_then(|key| model.config.get(key));
    format!(
        "'{}': `{}`",
        entry.name,
        key.map_or("?", |key: &ConfigKey| &key.name)
    )
}

fn lacking<'m>(model: &'m Model, form: &'m TextForm, own: &'m [Field]) -> impl Iterator<Item = String> {
    let fields = form.lacking_fields(own).map(|field| match field.text_drop {
        true => format!("`{}` (may be left out)", field.name),
        false => format!("`{}`", field.name),
    });
    let keys = form.lacking_keys(model, own);
    fields.chain(keys.map(|key| format!("`{}`", key.name)))
}

fn number_row(status: &Status) -> Option<NumberRow<'_>> {
    let more = status.text_more.iter().map(|more| match more.as_str() {
        "" => "an empty field".to_owned(),
        more => format!("`{more}`"),
    });
    let only_host = (status.origin == Origin::Host).then(|| "only the host says it".to_owned());
    Some(NumberRow {
        number: status.text_code?,
        name: status.python_name(),
        status: &status.name,
        more: listed(more.chain(only_host)),
    })
}
