//! Names in generated Rust. A name that no Rust program can have is the checks' business.

use proc_macro2::Ident;
use quote::format_ident;

/// `broker_ok` → `BrokerOk`; an underscore stays between digits (`v3_1_1` → `V3_1_1`).
pub(crate) fn camel(snake: &str) -> String {
    let mut out = String::new();
    for part in snake.split('_').filter(|part| !part.is_empty()) {
        let ends_in_digit = out.ends_with(|last: char| last.is_ascii_digit());
        if ends_in_digit && part.starts_with(|first: char| first.is_ascii_digit()) {
            out.push('_');
        }
        let mut letters = part.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// The type or variant of a snake-case name.
pub(super) fn type_ident(snake: &str) -> Ident {
    format_ident!("{}", camel(snake))
}

/// A type of `types:`; it has its Rust name in the spec.
pub(super) fn named_ident(name: &str) -> Ident {
    format_ident!("{name}")
}

/// A field, a method or a variable.
pub(super) fn value_ident(snake: &str) -> Ident {
    format_ident!("{snake}")
}

/// A constant.
pub(super) fn const_ident(snake: &str) -> Ident {
    format_ident!("{}", snake.to_ascii_uppercase())
}
