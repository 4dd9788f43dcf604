//! The traits that every generated struct has: derived, except where a secret must not be printed.

use super::Options;
use super::names::value_ident;
use crate::model::Field;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The attributes above a struct of these fields.
pub(super) fn attributes(fields: &[Field], options: Options) -> TokenStream {
    if has_secret(fields) {
        return quote!(#[derive(Clone, Copy, PartialEq, Eq)]);
    }
    let defmt = defmt_derive(options);
    quote!(#[derive(Clone, Copy, Debug, PartialEq, Eq)] #defmt)
}

/// `derive(defmt::Format)` behind the feature.
pub(super) fn defmt_derive(options: Options) -> TokenStream {
    if options.defmt {
        quote!(#[cfg_attr(feature = "defmt", derive(defmt::Format))])
    } else {
        TokenStream::new()
    }
}

/// Printing by hand for a struct that holds a secret; nothing for others.
pub(super) fn redacted(
    name: &Ident,
    generics: &TokenStream,
    fields: &[Field],
    options: Options,
) -> Option<TokenStream> {
    if !has_secret(fields) {
        return None;
    }
    let shown: Vec<_> = fields
        .iter()
        .map(|field| (field.name.as_str(), field.secret))
        .collect();
    Some(printing(name, generics, &shown, options))
}

fn has_secret(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.secret)
}

/// `Debug` and `defmt::Format` that show a placeholder for each secret field.
pub(super) fn printing(
    name: &Ident,
    generics: &TokenStream,
    fields: &[(&str, bool)],
    options: Options,
) -> TokenStream {
    let title = name.to_string();
    let parts = fields.iter().map(|(field, secret)| {
        let ident = value_ident(field);
        let value = if *secret {
            quote!(&format_args!("{}", wire::REDACTED))
        } else {
            quote!(&self.#ident)
        };
        quote!(.field(#field, #value))
    });
    let defmt = if options.defmt {
        defmt_format(name, generics, fields)
    } else {
        TokenStream::new()
    };
    quote! {
        impl core::fmt::Debug for #name #generics {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(#title) #(#parts)* .finish()
            }
        }
        #defmt
    }
}

fn defmt_format(name: &Ident, generics: &TokenStream, fields: &[(&str, bool)]) -> TokenStream {
    let parts = fields.iter().map(|(field, secret)| {
        let hole = if *secret { "<redacted>" } else { "{}" };
        format!("{field}: {hole}")
    });
    let format = format!("{name} {{{{ {} }}}}", parts.collect::<Vec<_>>().join(", "));
    let values = fields
        .iter()
        .filter(|(_, secret)| !secret)
        .map(|(field, _)| value_ident(field));
    quote! {
        #[cfg(feature = "defmt")]
        impl defmt::Format for #name #generics {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, #format, #(self.#values,)*);
            }
        }
    }
}
