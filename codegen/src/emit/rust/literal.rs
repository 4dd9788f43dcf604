//! Values that a spec writes down, as Rust expressions. The checks have made sure that they fit their types.

use super::names::{named_ident, type_ident, value_ident};
use crate::model::{Field, Int, Model, Shape, Type, TypeKind, Value};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The expression of a value of that type.
pub(super) fn literal(model: &Model, shape: &Shape, value: &Value) -> TokenStream {
    match (&shape.kind, value) {
        (Type::Bool, Value::Bool(value)) => quote!(#value),
        (Type::Int(int), Value::Integer(value)) => integer(*int, *value),
        (Type::Str, Value::Text(text)) => quote!(#text),
        (Type::Bytes, _) => bytes(value),
        (Type::Status, Value::Text(name)) => {
            let name = type_ident(name);
            quote!(status::Status::#name)
        }
        (Type::Config, Value::Map(values)) => config(model, values),
        (Type::List, Value::List(items)) => list(model, shape, items),
        (Type::Optional, Value::Null) => quote!(None),
        (Type::Optional, value) => {
            let inner = shape.of.as_deref().map(|of| literal(model, of, value));
            quote!(Some(#inner))
        }
        (Type::Named(index), value) => named(model, *index, value),
        _ => unfit(value),
    }
}

/// The default of a field, or what stands for none.
pub(super) fn default(model: &Model, field: &Field) -> Option<TokenStream> {
    field
        .default
        .as_ref()
        .map(|value| literal(model, &field.shape, value))
}

/// A number without suffix; its place tells the type.
pub(super) fn integer(int: Int, value: i128) -> TokenStream {
    let literal = Literal::i128_unsuffixed(value.abs());
    if value < 0 && int.signed {
        quote!(-#literal)
    } else {
        quote!(#literal)
    }
}

fn bytes(value: &Value) -> TokenStream {
    match value {
        Value::Text(text) => {
            let literal = Literal::byte_string(text.as_bytes());
            quote!(#literal)
        }
        Value::List(items) => {
            let bytes: Vec<u8> = items
                .iter()
                .filter_map(Value::as_integer)
                .filter_map(|item| u8::try_from(item).ok())
                .collect();
            let literal = Literal::byte_string(&bytes);
            quote!(#literal)
        }
        _ => unfit(value),
    }
}

fn list(model: &Model, shape: &Shape, items: &[Value]) -> TokenStream {
    let Some(of) = shape.of.as_deref() else {
        return unfit(&Value::Null);
    };
    let items = items.iter().map(|item| literal(model, of, item));
    quote!(const { wire::List::new(&[#(#items),*]) })
}

fn named(model: &Model, index: usize, value: &Value) -> TokenStream {
    let Some(def) = model.types.get(index) else {
        return unfit(value);
    };
    let name = named_ident(&def.name);
    match (&def.kind, value) {
        (TypeKind::Enum(_), Value::Text(variant)) => {
            let variant = type_ident(variant);
            quote!(types::#name::#variant)
        }
        (TypeKind::Struct(fields), Value::Map(values)) => {
            let fields = assignments(model, fields, values);
            quote!(types::#name { #(#fields),* })
        }
        _ => unfit(value),
    }
}

/// `name: value` for each field; one that the map does not name has its default.
pub(super) fn assignments(
    model: &Model,
    fields: &[Field],
    values: &indexmap::IndexMap<String, Value>,
) -> Vec<TokenStream> {
    let assignment = |field: &Field| {
        let name = value_ident(&field.name);
        let given = values.get(&field.name).or(field.default.as_ref());
        let value = match given {
            Some(value) => literal(model, &field.shape, value),
            None if field.shape.kind == Type::Config => config(model, &indexmap::IndexMap::new()),
            None => unfit(&Value::Null),
        };
        quote!(#name: #value)
    };
    fields.iter().map(assignment).collect()
}

fn config(model: &Model, values: &indexmap::IndexMap<String, Value>) -> TokenStream {
    let given = model.config.iter().filter_map(|key| {
        let name = value_ident(&key.name);
        let value = literal(model, &key.shape, values.get(&key.name)?);
        Some(quote!(#name: #value))
    });
    quote!(config::Config { #(#given,)* ..config::Config::DEFAULT })
}

/// Not reached behind the checks; if it is, the generated code says so instead of being wrong.
fn unfit(value: &Value) -> TokenStream {
    let text = format!("the spec has {} where its type does not allow it", value.kind());
    quote!(compile_error!(#text))
}
