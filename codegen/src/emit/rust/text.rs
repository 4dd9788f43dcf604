//! Text forms: how one message is written for the MicroPython system and read from it. Which forms can be written is
//! the checks' business; what a field looks like is `fivewire_wire`'s (`TextWriter`, `TextReader`).

use super::body::Body;
use super::literal;
use super::names::{named_ident, type_ident, value_ident};
use super::part::Part;
use super::shape::{bounds, max_len};
use crate::emit::text;
use crate::model::{
    ConfigKey, Enum, Field, Int, Model, Scope, Shape, TextBool, TextEntry, TextField, TextForm, TextSource,
    Type,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Whether any message of the spec has a text form.
pub(super) fn is_used(model: &Model) -> bool {
    text::forms(model).next().is_some()
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
        let lacks_keys = self.lacking_keys().map(|(config, key)| {
            let (name, field) = (&key.name, value_ident(&key.name));
            let config = value_ident(&config.name);
            let differs = super::config::differs(self.body.model, key, &quote!(self.#config.#field));
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
        let (fields, form) = (self.body.fields, self.form);
        let fields = fields.iter().enumerate();
        fields
            .filter(|(index, field)| !form.names_field(*index) && field.shape.kind != Type::Config)
            .map(|(_, field)| field)
    }

    /// Config keys that have no place in the text form, with the field that holds them.
    fn lacking_keys(&self) -> impl Iterator<Item = (&'m Field, &'m ConfigKey)> {
        let (model, form) = (self.body.model, self.form);
        let keys = model.config.iter().enumerate();
        let lacking = keys.filter(move |(index, key)| {
            key.scope == Scope::Bridge && form.keys().all(|named| named != *index)
        });
        self.config_field().into_iter().flat_map(move |config| {
            let lacking = lacking.clone();
            lacking.map(move |(_, key)| (config, key))
        })
    }

    fn config_field(&self) -> Option<&'m Field> {
        let mut fields = self.body.fields.iter();
        fields.find(|field| field.shape.kind == Type::Config)
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
            let epoch = Literal::i128_unsuffixed(epoch);
            return quote!(out.since(#name, self.#ident, #epoch)?;);
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
        // In the order of the text, for reading moves on; the settings stand where the first of their keys does.
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

fn encode(shape: &Shape, spelling: TextBool, name: &str, value: &TokenStream) -> TokenStream {
    match (&shape.kind, spelling) {
        (Type::Bool, TextBool::Digits) => quote!(out.bool(#value)?;),
        (Type::Bool, TextBool::Words) => quote!(out.bool_word(#value)?;),
        (Type::Int(int), _) => {
            let (method, value) = (number_method(*int), in_range(shape, *int, name, value));
            quote!(out.#method(#value.into())?;)
        }
        (Type::Str, _) => {
            let max = max_len(shape);
            quote!(out.str(#name, #value, #max)?;)
        }
        (Type::Bytes, _) => {
            let max = max_len(shape);
            quote!(out.bytes(#name, #value, #max)?;)
        }
        (Type::Status, _) => quote! {
            out.code(#name, #value.code().and(#value.text_code()))?;
            out.more(#value.text_more())?;
        },
        (Type::Named(_), _) => quote!(out.code(#name, #value.text_code())?;),
        _ => TokenStream::new(),
    }
}

fn encode_entry(shape: &Shape, entry: &str, name: &str, value: &TokenStream) -> TokenStream {
    match &shape.kind {
        Type::Bool => quote!(map.bool(#entry, #value)?;),
        Type::Int(int) => {
            let (method, value) = (number_method(*int), in_range(shape, *int, name, value));
            quote!(map.#method(#entry, #value.into())?;)
        }
        _ => {
            let max = max_len(shape);
            quote!(map.str(#entry, #name, #value, #max)?;)
        }
    }
}

fn number_method(int: Int) -> Ident {
    quote::format_ident!("{}", if int.signed { "signed" } else { "unsigned" })
}

fn in_range(shape: &Shape, int: Int, name: &str, value: &TokenStream) -> TokenStream {
    match bounds(shape, int) {
        Some((min, max)) => quote!(wire::TextWriter::in_range(#name, #value, #min, #max)?),
        None => quote!(#value),
    }
}

fn read_own(model: &Model, field: &Field) -> TokenStream {
    let (name, ident) = (&field.name, value_ident(&field.name));
    if let Some(epoch) = field.text_epoch {
        let epoch = Literal::i128_unsuffixed(epoch);
        return quote!(#ident: input.since(#name, #epoch)?);
    }
    let value = read(model, &field.shape, name, &quote!(input));
    quote!(#ident: #value)
}

fn read_key(model: &Model, key: &ConfigKey) -> TokenStream {
    let (name, value) = (
        value_ident(&key.name),
        read(model, &key.shape, &key.name, &quote!(input)),
    );
    quote!(settings.#name = #value;)
}

fn read_map(model: &Model, name: &str, entries: &[TextEntry]) -> TokenStream {
    let arms = entries.iter().filter_map(|entry| {
        let key = model.config.get(entry.key?)?;
        let (name, field) = (&entry.name, value_ident(&key.name));
        let value = read(model, &key.shape, &key.name, &quote!(value));
        Some(quote!(#name => settings.#field = #value,))
    });
    quote! {
        input.map(#name, |name, value| {
            match name {
                #(#arms)*
                _ => {}
            }
            Ok(())
        })?;
    }
}

/// An expression that reads a value from `input`.
fn read(model: &Model, shape: &Shape, name: &str, input: &TokenStream) -> TokenStream {
    match &shape.kind {
        Type::Bool => quote!(#input.bool(#name)?),
        Type::Int(int) => match bounds(shape, *int) {
            Some((min, max)) => {
                quote!(wire::TextReader::in_range(#name, #input.number(#name)?, #min, #max)?)
            }
            None => quote!(#input.number(#name)?),
        },
        Type::Str => {
            let max = max_len(shape);
            quote!(#input.str(#name, #max)?)
        }
        Type::Bytes => {
            let max = max_len(shape);
            quote!(#input.bytes(#name, #max)?)
        }
        Type::Status => quote!(#input.code(#name, status::Status::from_text)?),
        Type::Named(index) => {
            let ident = model.types.get(*index).map(|def| named_ident(&def.name));
            quote!(#input.code(#name, types::#ident::from_text_code)?)
        }
        Type::Config | Type::List | Type::Optional | Type::Unknown(_) => quote!(()),
    }
}

/// The numbers of an enumeration in the text format; None for one that is in no text form.
pub(super) fn enumeration(model: &Model, index: usize, body: &Enum) -> Option<TokenStream> {
    let is_used = text::shapes(model).any(|shape| shape.kind == Type::Named(index));
    is_used.then(|| numbers(body))
}

fn numbers(body: &Enum) -> TokenStream {
    let known = body.values.iter().filter(|value| value.text);
    let pairs = known.filter_map(|value| {
        let number = Literal::u8_unsuffixed(u8::try_from(value.value?).ok()?);
        Some((type_ident(&value.name), number))
    });
    let pairs: Vec<_> = pairs.collect();
    let to = pairs
        .iter()
        .map(|(name, number)| quote!(Self::#name => Some(#number)));
    let from = pairs
        .iter()
        .map(|(name, number)| quote!(#number => Some(Self::#name)));
    let all = pairs.len() == body.values.len() && !body.open;
    let others = (!all).then(|| quote!(_ => None,));
    quote! {
        /// Number in the MicroPython system; none where that does not know it.
        pub const fn text_code(self) -> Option<u8> {
            match self { #(#to,)* #others }
        }
        /// The value of that number in the MicroPython system.
        pub const fn from_text_code(code: u8) -> Option<Self> {
            match code {
                #(#from,)*
                _ => None,
            }
        }
    }
}
