//! Text forms: how one message is written for the MicroPython system and read from it. Which forms can be written is
//! the checks' business; what a field looks like is `fivewire_wire`'s (`TextWriter`, `TextReader`).

mod family;
mod value;

pub(super) use family::family;
pub(super) use value::enumeration;

use super::body::Body;
use super::literal;
use super::names::value_ident;
use super::part::Part;
use crate::emit::text;
use crate::model::{
    ConfigKey, Field, Model, TextBool, TextEntry, TextField, TextForm, TextSource, Type, config_field,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use value::{encode, encode_entry, encode_since, read_key, read_map, read_own};

/// Whether any message of the spec has a text form.
pub(super) fn is_used(model: &Model) -> bool {
    model.text_forms().next().is_some()
}

/// A body with its text form.
pub(super) struct TextBody<'b, 'm> {
    body: &'b Body<'m>,
    form: &'m TextForm,
}

impl<'b, 'm> TextBody<'b, 'm> {
    /// None for a body that has no text form.
    pub(super) fn of(body: &'b Body<'m>) -> Option<Self> {
        Some(Self {
            body,
            form: body.text?,
        })
    }

    /// The methods of the struct.
    pub(super) fn items(&self) -> Vec<TokenStream> {
        let (ident, model) = (self.body.ident(), self.body.model);
        let (anonymous, named) = (self.body.generics(&quote!('_)), self.body.generics(&quote!('a)));
        let max = Literal::u64_unsuffixed(text::longest(model, self.form, self.body.fields).unwrap_or(0));
        let [encode, read, settings] = [self.encode(), self.read(), self.read_settings()].map(Part::from);
        let for_text = self.for_text();
        vec![
            quote! {
                impl #ident #anonymous {
                    /// Longest text form in symbols, without its terminator.
                    pub const MAX_TEXT: usize = #max;
                    #encode
                    #for_text
                }
            },
            quote!(impl #named #ident #named { #read #settings }),
        ]
    }

    fn encode(&self) -> TokenStream {
        let word = &self.form.word;
        let lacks = self.lacking().map(|field| {
            let (name, differs) = (&field.name, self.body.differs(field));
            quote!(wire::TextWriter::lacks(#name, #differs)?;)
        });
        let model = self.body.model;
        let lacks_keys = self.form.lacking_keys(model, self.body.fields).map(|key| {
            let name = &key.name;
            let differs = super::config::differs(model, key, &self.setting(key));
            quote!(wire::TextWriter::lacks(#name, #differs)?;)
        });
        let fields = self
            .form
            .fields
            .iter()
            .map(|field| Part::from(self.encode_field(field)));
        quote! {
            /// Writes the text form, fields and separators, without a terminator.
            ///
            /// # Errors
            /// The buffer is too small, a field is beyond its bounds or holds what no symbol stands for, or a field
            /// that the text form lacks has another value than its default.
            pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
                #(#lacks)*
                #(#lacks_keys)*
                out.word(#word)?;
                #(#fields)*
                Ok(())
            }
        }
    }

    /// Fields that have no place in the text form.
    fn lacking(&self) -> impl Iterator<Item = &'m Field> {
        self.form.lacking_fields(self.body.fields)
    }

    fn config_field(&self) -> Option<&'m Field> {
        config_field(self.body.fields)
    }

    fn encode_field(&self, field: &TextField) -> TokenStream {
        match &field.source {
            TextSource::Field(index) => {
                let field = self.body.fields.get(*index);
                field.map(|field| self.encode_own(field)).unwrap_or_default()
            }
            TextSource::Key(index) => {
                let key = self.body.model.config.get(*index);
                key.map(|key| self.encode_key(key)).unwrap_or_default()
            }
            TextSource::Map(entries) => self.encode_map(entries),
            TextSource::Unknown => TokenStream::new(),
        }
    }

    fn encode_own(&self, field: &Field) -> TokenStream {
        let (name, ident) = (&field.name, value_ident(&field.name));
        if let Some(epoch) = field.text_epoch {
            return encode_since(&field.shape, epoch, name, &quote!(self.#ident));
        }
        encode(&field.shape, field.text_bool, name, &quote!(self.#ident))
    }

    fn encode_key(&self, key: &ConfigKey) -> TokenStream {
        let value = self.setting(key);
        encode(&key.shape, TextBool::Digits, &key.name, &value)
    }

    fn setting(&self, key: &ConfigKey) -> TokenStream {
        let config = self.config_field().map(|config| value_ident(&config.name));
        let key = value_ident(&key.name);
        quote!(self.#config.#key)
    }

    fn encode_map(&self, entries: &[TextEntry]) -> TokenStream {
        let model = self.body.model;
        let writes = entries.iter().filter_map(|entry| {
            let key = model.config.get(entry.key?)?;
            let (name, text, value) = (&entry.name, &key.name, self.setting(key));
            let differs = super::config::differs(model, key, &value);
            let write = encode_entry(&key.shape, name, text, &value);
            Some(quote!(if #differs { #write }))
        });
        quote!(out.map(|map| { #(#writes)* Ok(()) })?;)
    }

    /// The same message with what the text form may do without at its default.
    fn for_text(&self) -> Option<TokenStream> {
        let dropped = self.dropped();
        let all = dropped.len() == self.body.fields.len();
        let rest = (!all).then(|| quote!(..self));
        let fields = dropped.iter().map(|field| {
            let (name, default) = (value_ident(&field.name), literal::default(self.body.model, field));
            quote!(#name: #default)
        });
        (!dropped.is_empty()).then(|| {
            quote! {
                /// The same with the fields that the text form may do without at their defaults.
                #[must_use]
                pub fn for_text(self) -> Self {
                    Self { #(#fields,)* #rest }
                }
            }
        })
    }

    /// Fields that the text form may do without.
    pub(super) fn dropped(&self) -> Vec<&'m Field> {
        self.lacking().filter(|field| field.text_drop).collect()
    }

    fn read(&self) -> TokenStream {
        let (model, fields) = (self.body.model, self.body.fields);
        let mut parts: Vec<Part> = Vec::new();
        let own = self.form.fields.iter().filter_map(|field| match field.source {
            TextSource::Field(index) => fields.get(index),
            _ => None,
        });
        // In the order of the text, for reading moves on; the settings stand behind the message's own fields.
        parts.extend(own.map(|field| Part::from(read_own(model, field))));
        parts.extend(self.config_field().map(|field| {
            let name = value_ident(&field.name);
            Part::from(quote!(#name: Self::read_settings(input)?))
        }));
        parts.extend(self.lacking().map(|field| {
            let (name, default) = (value_ident(&field.name), literal::default(model, field));
            Part::from(quote!(#name: #default))
        }));
        let value = if fields.is_empty() {
            quote!(Self)
        } else {
            quote!(Self { #(#parts),* })
        };
        let end = self.read_end();
        let input = self.input();
        quote! {
            pub(super) fn read_text(input: &mut #input) -> Result<Self, wire::TextError> {
                let message = #value;
                #end
                Ok(message)
            }
        }
    }

    /// Some statuses have more fields behind their number; everything else ends with its last field.
    fn read_end(&self) -> TokenStream {
        let last = self.form.fields.last().and_then(|field| match field.source {
            TextSource::Field(index) => self.body.fields.get(index),
            _ => None,
        });
        match last.filter(|field| field.shape.kind == Type::Status) {
            Some(field) => {
                let name = value_ident(&field.name);
                quote!(input.more(message.#name.text_more().len())?;)
            }
            None => quote!(input.end()?;),
        }
    }

    fn input(&self) -> TokenStream {
        if self.body.borrows() {
            quote!(wire::TextReader<'a>)
        } else {
            quote!(wire::TextReader<'_>)
        }
    }

    fn read_settings(&self) -> TokenStream {
        let Some(config) = self.config_field() else {
            return TokenStream::new();
        };
        let model = self.body.model;
        let kind = super::shape::rust_type(model, &config.shape, &quote!('a));
        let reads = self.form.fields.iter().map(|field| match &field.source {
            TextSource::Key(index) => model.config.get(*index).map(|key| read_key(model, key)),
            TextSource::Map(entries) => Some(read_map(model, &field.name, entries)),
            TextSource::Field(_) | TextSource::Unknown => None,
        });
        let input = self.input();
        quote! {
            fn read_settings(input: &mut #input) -> Result<#kind, wire::TextError> {
                let mut settings = config::Config::DEFAULT;
                #(#reads)*
                Ok(settings)
            }
        }
    }
}
