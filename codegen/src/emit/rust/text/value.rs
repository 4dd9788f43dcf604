//! One value of a text form: the statement that writes it, the expression that reads it, the numbers of an enumeration.

use super::super::names::{named_ident, type_ident, value_ident};
use super::super::shape::{bounds, max_len};
use crate::emit::text;
use crate::model::{ConfigKey, Enum, Field, Int, Model, Shape, TextBool, TextEntry, Type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

pub(super) fn encode(shape: &Shape, spelling: TextBool, name: &str, value: &TokenStream) -> TokenStream {
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

/// A number that counts from `epoch` in the text form; its bounds are those of the number itself.
pub(super) fn encode_since(shape: &Shape, epoch: i128, name: &str, value: &TokenStream) -> TokenStream {
    let value = match shape.kind {
        Type::Int(int) => in_range(shape, int, name, value),
        _ => quote!(#value),
    };
    let epoch = Literal::i128_unsuffixed(epoch);
    quote!(out.since(#name, #value, #epoch)?;)
}

pub(super) fn encode_entry(shape: &Shape, entry: &str, name: &str, value: &TokenStream) -> TokenStream {
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

pub(super) fn read_own(model: &Model, field: &Field) -> TokenStream {
    let (name, ident) = (&field.name, value_ident(&field.name));
    let value = match field.text_epoch {
        Some(epoch) => {
            let epoch = Literal::i128_unsuffixed(epoch);
            within(&field.shape, name, quote!(input.since(#name, #epoch)?))
        }
        None => read(model, &field.shape, name, &quote!(input)),
    };
    quote!(#ident: #value)
}

pub(super) fn read_key(model: &Model, key: &ConfigKey) -> TokenStream {
    let (name, value) = (
        value_ident(&key.name),
        read(model, &key.shape, &key.name, &quote!(input)),
    );
    quote!(settings.#name = #value;)
}

pub(super) fn read_map(model: &Model, name: &str, entries: &[TextEntry]) -> TokenStream {
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

/// A number that was read, within its bounds.
fn within(shape: &Shape, name: &str, number: TokenStream) -> TokenStream {
    let bounds = match shape.kind {
        Type::Int(int) => bounds(shape, int),
        _ => None,
    };
    match bounds {
        Some((min, max)) => quote!(wire::TextReader::in_range(#name, #number, #min, #max)?),
        None => number,
    }
}

/// An expression that reads a value from `input`.
fn read(model: &Model, shape: &Shape, name: &str, input: &TokenStream) -> TokenStream {
    match &shape.kind {
        Type::Bool => quote!(#input.bool(#name)?),
        Type::Int(_) => within(shape, name, quote!(#input.number(#name)?)),
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
pub(in super::super) fn enumeration(model: &Model, index: usize, body: &Enum) -> Option<TokenStream> {
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
