//! The module `types`: the spec's enumerations and structures.

use super::names::{named_ident, type_ident, value_ident};
use super::shape::{borrows, decode, encode, generics, rust_type};
use super::{Options, derive, doc};
use crate::model::{Enum, EnumValue, Field, Model, TypeDef, TypeKind};
use proc_macro2::TokenStream;
use quote::quote;

/// The whole module.
pub(super) fn items(model: &Model, options: Options) -> Vec<TokenStream> {
    let imports = quote! {
        use super::{config, status, types};
        use ::fivewire_wire as wire;
    };
    let items = model
        .types
        .iter()
        .enumerate()
        .map(|(index, def)| match &def.kind {
            TypeKind::Enum(body) => {
                let text = super::text::enumeration(model, index, body);
                enumeration(def, body, &text, options)
            }
            TypeKind::Struct(fields) => structure(model, def, fields, options),
            TypeKind::Unknown => TokenStream::new(),
        });
    std::iter::once(imports).chain(items).collect()
}

fn number(value: &EnumValue) -> u8 {
    value
        .value
        .and_then(|value| u8::try_from(value).ok())
        .unwrap_or(0)
}

fn enumeration(def: &TypeDef, body: &Enum, text: &Option<TokenStream>, options: Options) -> TokenStream {
    let ident = named_ident(&def.name);
    let doc = doc::doc(&def.doc);
    let defmt = derive::defmt_derive(options);
    let code = if body.open { open(body) } else { closed(body) };
    let variants = variants(body);
    let repr = (!body.open).then(|| quote!(#[repr(u8)]));
    let methods = names(body);
    quote! {
        #doc
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #defmt
        #repr
        pub enum #ident { #variants }
        impl #ident {
            #code
            #methods
            #text
        }
        impl<'a> wire::Element<'a> for #ident {
            fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
                Self::checked("element", input.u8("element")?)
            }
        }
    }
}

fn variants(body: &Enum) -> TokenStream {
    let variants = body.values.iter().map(|value| {
        let (doc, name) = (doc::doc(&value.doc), type_ident(&value.name));
        let number = (!body.open).then(|| decimal(number(value)));
        let discriminant = number.map(|number| quote!(= #number));
        quote!(#doc #name #discriminant,)
    });
    let unknown = body.open.then(|| {
        quote! {
            /// A number that this revision of the spec does not name.
            Unknown(u8),
        }
    });
    quote!(#(#variants)* #unknown)
}

fn decimal(number: u8) -> TokenStream {
    number.to_string().parse().unwrap_or_default()
}

fn closed(body: &Enum) -> TokenStream {
    let from = body.values.iter().map(|value| {
        let (number, name) = (decimal(number(value)), type_ident(&value.name));
        quote!(#number => Some(Self::#name))
    });
    let all = body.values.iter().map(|value| type_ident(&value.name));
    quote! {
        /// Every value, in the spec's order.
        pub const ALL: &'static [Self] = &[#(Self::#all),*];
        /// Number on the wire.
        #[inline]
        pub const fn number(self) -> u8 { self as u8 }
        /// The value of that number.
        #[inline]
        pub const fn from_number(number: u8) -> Option<Self> {
            match number {
                #(#from,)*
                _ => None,
            }
        }
        #[inline]
        pub(super) fn checked(field: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
            Self::from_number(value).ok_or(wire::DecodeError::InvalidEnum { field, value })
        }
    }
}

fn open(body: &Enum) -> TokenStream {
    let values: Vec<_> = body
        .values
        .iter()
        .map(|value| (decimal(number(value)), type_ident(&value.name)))
        .collect();
    let to = values.iter().map(|(number, name)| quote!(Self::#name => #number));
    let from = values.iter().map(|(number, name)| quote!(#number => Self::#name));
    let all = values.iter().map(|(_, name)| name);
    quote! {
        /// Every value that has a name, in the spec's order.
        pub const ALL: &'static [Self] = &[#(Self::#all),*];
        /// Number on the wire.
        #[inline]
        pub const fn number(self) -> u8 {
            match self {
                #(#to,)*
                Self::Unknown(number) => number,
            }
        }
        /// The value of that number; never fails.
        #[inline]
        pub const fn from_number(number: u8) -> Self {
            match number {
                #(#from,)*
                number => Self::Unknown(number),
            }
        }
        #[inline]
        pub(super) fn checked(_: &'static str, value: u8) -> Result<Self, wire::DecodeError> {
            Ok(Self::from_number(value))
        }
    }
}

fn names(body: &Enum) -> TokenStream {
    let pairs: Vec<_> = body
        .values
        .iter()
        .map(|value| (type_ident(&value.name), &value.name))
        .collect();
    let to = pairs.iter().map(|(ident, name)| quote!(Self::#ident => #name));
    let from = pairs
        .iter()
        .map(|(ident, name)| quote!(#name => Some(Self::#ident)));
    let unknown = body.open.then(|| quote!(Self::Unknown(_) => "unknown",));
    quote! {
        /// Name in the spec.
        pub const fn name(self) -> &'static str {
            match self { #(#to,)* #unknown }
        }
        /// The value of that name in the spec.
        pub fn from_name(name: &str) -> Option<Self> {
            match name {
                #(#from,)*
                _ => None,
            }
        }
    }
}

/// A struct without lifetime still reads from a body that has one.
fn structure(model: &Model, def: &TypeDef, fields: &[Field], options: Options) -> TokenStream {
    let ident = named_ident(&def.name);
    let does_borrow = fields.iter().any(|field| borrows(model, &field.shape));
    let (named, anonymous) = (
        generics(does_borrow, &quote!('a)),
        generics(does_borrow, &quote!('_)),
    );
    let definition = definition(model, def, fields, options, &named);
    let printing = derive::redacted(&ident, &anonymous, fields, options);
    let writes = fields.iter().map(|field| {
        let name = value_ident(&field.name);
        encode(model, &field.shape, &field.name, &quote!(self.#name))
    });
    let reads = fields.iter().map(|field| {
        let (name, value) = (value_ident(&field.name), decode(model, &field.shape, &field.name));
        quote!(#name: #value)
    });
    let input = if does_borrow {
        quote!(wire::Reader<'a>)
    } else {
        quote!(wire::Reader<'_>)
    };
    quote! {
        #definition
        impl #named #ident #named {
            pub(super) fn write(&self, out: &mut wire::Writer<'_>) {
                #(#writes)*
            }
            pub(super) fn read(input: &mut #input) -> Result<Self, wire::DecodeError> {
                Ok(Self { #(#reads),* })
            }
        }
        impl<'a> wire::Element<'a> for #ident #named {
            fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
                #ident::read(input)
            }
        }
        #printing
    }
}

fn definition(
    model: &Model,
    def: &TypeDef,
    fields: &[Field],
    options: Options,
    generics: &TokenStream,
) -> TokenStream {
    let (doc, ident) = (doc::doc(&def.doc), named_ident(&def.name));
    let attributes = derive::attributes(fields, options);
    let fields = fields.iter().map(|field| {
        let doc = doc::field(field);
        let (name, kind) = (
            value_ident(&field.name),
            rust_type(model, &field.shape, &quote!('a)),
        );
        quote!(#doc pub #name: #kind)
    });
    quote!(#doc #attributes pub struct #ident #generics { #(#fields),* })
}
