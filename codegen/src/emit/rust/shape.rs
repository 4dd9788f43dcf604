//! Types of fields in generated Rust, and the expressions that encode and decode one value.

use super::literal::integer;
use super::names::named_ident;
use crate::model::{Encoding, Int, Model, Shape, Type, TypeKind};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// Structures within structures beyond this depth are taken for a circle, which the checks reject.
const MAX_DEPTH: u32 = 16;

/// Whether values of the type borrow from the body.
pub(super) fn borrows(model: &Model, shape: &Shape) -> bool {
    borrows_within(model, shape, 0)
}

fn borrows_within(model: &Model, shape: &Shape, depth: u32) -> bool {
    match &shape.kind {
        Type::Str | Type::Bytes | Type::List => true,
        Type::Config => config_borrows(model),
        Type::Optional => shape
            .of
            .as_deref()
            .is_some_and(|of| borrows_within(model, of, depth + 1)),
        kind => model.as_struct(kind).is_some_and(|(_, fields)| {
            depth < MAX_DEPTH
                && fields
                    .iter()
                    .any(|field| borrows_within(model, &field.shape, depth + 1))
        }),
    }
}

/// Whether the generated `Config` borrows.
pub(super) fn config_borrows(model: &Model) -> bool {
    model.config.iter().any(|key| key.shape.kind == Type::Str)
}

/// `<'a>` when something borrows.
pub(super) fn generics(borrows: bool, lifetime: &TokenStream) -> TokenStream {
    if borrows {
        quote!(<#lifetime>)
    } else {
        TokenStream::new()
    }
}

/// The Rust type, as it is called from a module beside `types`.
pub(super) fn rust_type(model: &Model, shape: &Shape, lifetime: &TokenStream) -> TokenStream {
    let element = || shape.of.as_deref().map(|of| rust_type(model, of, lifetime));
    match &shape.kind {
        Type::Bool => quote!(bool),
        Type::Int(int) => {
            let name = format_ident!("{}", int.name());
            quote!(#name)
        }
        Type::Str => quote!(&#lifetime str),
        Type::Bytes => quote!(&#lifetime [u8]),
        Type::Status => quote!(status::Status),
        Type::Config => {
            let generics = generics(config_borrows(model), lifetime);
            quote!(config::Config #generics)
        }
        Type::List => {
            let element = element();
            quote!(wire::List<#lifetime, #element>)
        }
        Type::Optional => {
            let element = element();
            quote!(Option<#element>)
        }
        Type::Named(index) => {
            let name = model.types.get(*index).map(|def| named_ident(&def.name));
            let generics = generics(borrows(model, shape), lifetime);
            quote!(types::#name #generics)
        }
        Type::Unknown(_) => quote!(()),
    }
}

/// A statement that writes `value` to `out`.
pub(super) fn encode(model: &Model, shape: &Shape, name: &str, value: &TokenStream) -> TokenStream {
    match &shape.kind {
        Type::Bool => quote!(out.bool(#value);),
        Type::Int(int) => encode_int(shape, *int, name, value),
        Type::Str => {
            let max = max_len(shape);
            quote!(out.str(#name, #value, #max);)
        }
        Type::Bytes => {
            let max = max_len(shape);
            quote!(out.bytes(#name, #value, #max);)
        }
        Type::Status => quote!(out.status(#name, #value.code());),
        Type::Config => quote!(#value.write(out);),
        Type::List => encode_list(model, shape, name, value),
        Type::Optional => encode_optional(model, shape, name, value),
        Type::Named(index) => match model.types.get(*index).map(|def| &def.kind) {
            Some(TypeKind::Enum(_)) => quote!(out.u8(#value.number());),
            _ => quote!(#value.write(out);),
        },
        Type::Unknown(_) => TokenStream::new(),
    }
}

fn encode_int(shape: &Shape, int: Int, name: &str, value: &TokenStream) -> TokenStream {
    let check = check_range(shape, int, name, value);
    if is_fixed(shape, int) {
        return quote!(#check out.raw(&#value.to_le_bytes()););
    }
    let method = format_ident!("{}", int.name());
    quote!(#check out.#method(#value);)
}

/// The statement that holds a number against bounds that are narrower than its type.
pub(super) fn check_range(shape: &Shape, int: Int, name: &str, value: &TokenStream) -> Option<TokenStream> {
    bounds(shape, int).map(|(min, max)| quote!(out.in_range(#name, #value, #min, #max);))
}

fn encode_list(model: &Model, shape: &Shape, name: &str, value: &TokenStream) -> TokenStream {
    let max = max_len(shape);
    let item = shape
        .of
        .as_deref()
        .map(|of| encode(model, of, name, &quote!(item)));
    quote! {
        out.count(#name, #value.len(), #max);
        for item in #value.iter() {
            #item
        }
    }
}

fn encode_optional(model: &Model, shape: &Shape, name: &str, value: &TokenStream) -> TokenStream {
    let item = shape
        .of
        .as_deref()
        .map(|of| encode(model, of, name, &quote!(item)));
    quote! {
        match #value {
            Some(item) => {
                out.bool(true);
                #item
            }
            None => out.bool(false),
        }
    }
}

/// An expression that reads a value from `input`.
pub(super) fn decode(model: &Model, shape: &Shape, name: &str) -> TokenStream {
    match &shape.kind {
        Type::Bool => quote!(input.bool(#name)?),
        Type::Int(int) => decode_int(shape, *int, name),
        Type::Str => {
            let max = max_len(shape);
            quote!(input.str(#name, #max)?)
        }
        Type::Bytes => {
            let max = max_len(shape);
            quote!(input.bytes(#name, #max)?)
        }
        Type::Status => quote!(status::Status::from_code(input.u8(#name)?)),
        Type::Config => quote!(config::Config::read(input)?),
        Type::List => {
            let max = max_len(shape);
            let item = shape.of.as_deref().map(|of| decode(model, of, name));
            quote!(input.list(#name, #max, |input| Ok(#item))?)
        }
        Type::Optional => {
            let item = shape.of.as_deref().map(|of| decode(model, of, name));
            quote!(if input.bool(#name)? { Some(#item) } else { None })
        }
        Type::Named(index) => decode_named(model, *index, name),
        Type::Unknown(_) => quote!(()),
    }
}

fn decode_int(shape: &Shape, int: Int, name: &str) -> TokenStream {
    let prefix = if is_fixed(shape, int) { "fixed_" } else { "" };
    let method = format_ident!("{prefix}{}", int.name());
    match bounds(shape, int) {
        Some((min, max)) => quote!(wire::Reader::in_range(#name, input.#method(#name)?, #min, #max)?),
        None => quote!(input.#method(#name)?),
    }
}

fn decode_named(model: &Model, index: usize, name: &str) -> TokenStream {
    let Some(def) = model.types.get(index) else {
        return quote!(());
    };
    let ident = named_ident(&def.name);
    match &def.kind {
        TypeKind::Enum(body) if body.open => quote!(types::#ident::from_number(input.u8(#name)?)),
        TypeKind::Enum(_) => quote!(types::#ident::checked(#name, input.u8(#name)?)?),
        TypeKind::Struct(_) | TypeKind::Unknown => quote!(types::#ident::read(input)?),
    }
}

/// The bounds as literals, when they are narrower than the type.
pub(super) fn bounds(shape: &Shape, int: Int) -> Option<(TokenStream, TokenStream)> {
    let min = shape.min.unwrap_or(int.min()).max(int.min());
    let max = shape.max.unwrap_or(int.max()).min(int.max());
    let narrow = min > int.min() || max < int.max();
    narrow.then(|| (integer(int, min), integer(int, max)))
}

/// Bytes of a text, elements of a list.
pub(super) fn max_len(shape: &Shape) -> TokenStream {
    let max = Literal::i128_unsuffixed(shape.max_len.unwrap_or(0).max(0));
    quote!(#max)
}

pub(super) fn is_fixed(shape: &Shape, int: Int) -> bool {
    shape.encoding == Encoding::Fixed && int.bits > 8
}
