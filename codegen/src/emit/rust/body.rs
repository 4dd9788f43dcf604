//! One struct per command, reply and event: its fields, and the straight-line code that encodes and decodes them.

use super::literal::{self, assignments};
use super::names::{type_ident, value_ident};
use super::part::Part;
use super::shape::{borrows, decode, encode, generics, max_len, rust_type};
use super::text::TextBody;
use super::{Options, derive, doc};
use crate::emit::layout::{Folded, Layout};
use crate::model::{Field, Model, TextForm, Type, Value};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// A body and what its struct is called after.
pub(super) struct Body<'m> {
    pub(super) model: &'m Model,
    pub(super) name: &'m str,
    pub(super) doc: String,
    pub(super) op: u8,
    /// All ops that it owns.
    pub(super) pattern: TokenStream,
    /// Replies carry the number of their command behind the op.
    pub(super) numbered: bool,
    pub(super) since: i128,
    pub(super) max_body: u64,
    pub(super) fields: &'m [Field],
    pub(super) layout: Layout<'m>,
    pub(super) example: Option<&'m Value>,
    pub(super) text: Option<&'m TextForm>,
}

impl Body<'_> {
    pub(super) fn ident(&self) -> Ident {
        type_ident(self.name)
    }

    pub(super) fn borrows(&self) -> bool {
        self.fields.iter().any(|field| borrows(self.model, &field.shape))
    }

    pub(super) fn has_example(&self) -> bool {
        self.example.is_some_and(|example| example.as_map().is_some())
    }

    /// The lifetime, if the struct has one.
    pub(super) fn generics(&self, lifetime: &TokenStream) -> TokenStream {
        generics(self.borrows(), lifetime)
    }

    /// The struct with its code.
    pub(super) fn items(&self, options: Options) -> Vec<TokenStream> {
        let [consts, encode, read] = [self.consts(), self.encode(), self.read()].map(Part::from);
        let ident = self.ident();
        let (anonymous, named) = (self.generics(&quote!('_)), self.generics(&quote!('a)));
        let mut items = vec![
            self.definition(options),
            quote!(impl #ident #anonymous { #consts #encode }),
            quote!(impl #named #ident #named { #read }),
        ];
        items.extend(derive::redacted(&ident, &anonymous, self.fields, options));
        items.extend(TextBody::of(self).iter().flat_map(TextBody::items));
        items
    }

    fn definition(&self, options: Options) -> TokenStream {
        let (ident, generics) = (self.ident(), self.generics(&quote!('a)));
        let doc = doc::doc(&self.doc);
        let attributes = derive::attributes(self.fields, options);
        if self.fields.is_empty() {
            return quote!(#doc #attributes pub struct #ident;);
        }
        let fields = self.fields.iter().map(|field| {
            let doc = doc::field(field);
            let (name, kind) = (
                value_ident(&field.name),
                rust_type(self.model, &field.shape, &quote!('a)),
            );
            Part::from(quote!(#doc pub #name: #kind))
        });
        quote!(#doc #attributes pub struct #ident #generics { #(#fields),* })
    }

    fn consts(&self) -> TokenStream {
        let (op, name) = (hex(self.op), self.name);
        let since = Literal::i128_unsuffixed(self.since);
        let max_body = Literal::u64_unsuffixed(self.max_body);
        let example = self.example();
        quote! {
            /// Op, with its folded bits zero.
            pub const OP: u8 = #op;
            /// Name in the spec.
            pub const NAME: &'static str = #name;
            /// Revision of the protocol that brought it.
            pub const SINCE: u8 = #since;
            /// Longest body in bytes.
            pub const MAX_BODY: usize = #max_body;
            #example
        }
    }

    fn example(&self) -> TokenStream {
        let Some(values) = self.example.and_then(Value::as_map) else {
            return TokenStream::new();
        };
        let (ident, generics) = (self.ident(), self.generics(&quote!('static)));
        let fields = assignments(self.model, self.fields, values);
        let value = if fields.is_empty() {
            quote!(#ident)
        } else {
            quote!(#ident { #(#fields),* })
        };
        quote! {
            /// The spec's example.
            pub const EXAMPLE: #ident #generics = #value;
        }
    }

    fn encode(&self) -> TokenStream {
        let number = self.numbered.then(|| quote!(number: u8,));
        let write_number = self.numbered.then(|| quote!(out.u8(number);));
        let about = self
            .numbered
            .then(|| doc::doc("`number` is that of the command it answers."));
        let op = self.op_value();
        let always = self
            .layout
            .always()
            .iter()
            .map(|field| Part::from(self.encode_field(field)));
        let optional = self.encode_tail(self.layout.optional());
        let extension = Part::from(self.encode_extension());
        let settings = self.layout.config.map(|field| self.encode_field(field));
        let rest = self.layout.rest.map(encode_rest);
        quote! {
            /// Writes the body; fails when the buffer is too small or a field is beyond its bounds.
            #about
            pub fn encode(&self, #number out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
                out.u8(#op);
                #write_number
                #(#always)*
                #(#optional)*
                #extension
                #settings
                #rest
                out.finish()
            }
        }
    }

    fn op_value(&self) -> TokenStream {
        let folded = self.layout.folded.iter().map(|folded| {
            let name = value_ident(&folded.field.name);
            let value = match folded.field.shape.kind {
                Type::Bool => quote!(u8::from(self.#name)),
                _ => quote!(self.#name.number()),
            };
            shifted(&value, folded.shift)
        });
        let more = self.layout.more.filter(|_| !self.layout.extension.is_empty());
        let more = more.map(|shift| {
            let differs = self.any_differs(&self.layout.extension);
            shifted(&quote!(u8::from(#differs)), shift)
        });
        let parts = folded.chain(more);
        quote!(Self::OP #(| #parts)*)
    }

    fn encode_field(&self, field: &Field) -> TokenStream {
        let name = value_ident(&field.name);
        encode(self.model, &field.shape, &field.name, &quote!(self.#name))
    }

    /// Each field only when it or one behind it differs from its default.
    fn encode_tail(&self, fields: &[&Field]) -> Vec<Part> {
        let statements = fields.iter().enumerate().map(|(index, field)| {
            let differs = Part::from(self.any_differs(fields.get(index..).unwrap_or_default()));
            let statement = Part::from(self.encode_field(field));
            quote!(if #differs { #statement }).into()
        });
        statements.collect()
    }

    fn any_differs(&self, fields: &[&Field]) -> TokenStream {
        let each = fields.iter().map(|field| Part::from(self.differs(field)));
        quote!(#(#each)||*)
    }

    pub(super) fn differs(&self, field: &Field) -> TokenStream {
        let name = value_ident(&field.name);
        match (&field.shape.kind, &field.default) {
            (Type::Bool, Some(Value::Bool(true))) => quote!(!self.#name),
            (Type::Bool, Some(Value::Bool(false))) => quote!(self.#name),
            (Type::Str | Type::Bytes, Some(Value::Text(text))) if text.is_empty() => {
                quote!(!self.#name.is_empty())
            }
            // Rust takes the brace of a struct in a condition for that of its block.
            (Type::Named(_), Some(Value::Map(_))) => {
                let default = literal::default(self.model, field);
                quote!(self.#name != (#default))
            }
            _ => {
                let default = literal::default(self.model, field);
                quote!(self.#name != #default)
            }
        }
    }

    fn encode_extension(&self) -> TokenStream {
        if self.layout.extension.is_empty() {
            return TokenStream::new();
        }
        let differs = self.any_differs(&self.layout.extension);
        // The block is there because one of them differs: the first is always in it.
        let first = self
            .layout
            .extension
            .first()
            .map(|field| self.encode_field(field));
        let others = self.encode_tail(self.layout.extension.get(1..).unwrap_or_default());
        let tag = self.layout.config.map(|_| quote!(out.u8(wire::FIELDS_ENTRY);));
        quote! {
            if #differs {
                #tag
                out.block(|out| {
                    #first
                    #(#others)*
                });
            }
        }
    }

    fn read(&self) -> TokenStream {
        let ident = self.ident();
        let mut parts: Vec<Part> = Vec::new();
        parts.extend(
            self.layout
                .folded
                .iter()
                .map(|folded| self.read_folded(folded).into()),
        );
        parts.extend(
            self.layout
                .always()
                .iter()
                .map(|field| self.read_field(field).into()),
        );
        parts.extend(
            self.layout
                .optional()
                .iter()
                .map(|field| self.read_tail(field).into()),
        );
        parts.extend(
            self.layout
                .extension
                .iter()
                .enumerate()
                .map(|(at, field)| self.read_extended(at, field).into()),
        );
        parts.extend(self.layout.config.map(|field| self.read_field(field).into()));
        parts.extend(self.layout.rest.map(|field| self.read_rest(field).into()));
        let value = if parts.is_empty() {
            quote!(#ident)
        } else {
            quote!(Self { #(#parts),* })
        };
        let value = Part::from(value);
        let (op, input) = (self.read_op(), self.read_input());
        let extension = self.declare_extension();
        let lifetime = self.generics(&quote!('a));
        let lifetime = if lifetime.is_empty() {
            quote!(<'_>)
        } else {
            lifetime
        };
        quote! {
            pub(super) fn read(#op: u8, #input: &mut wire::Reader #lifetime) -> Result<Self, wire::DecodeError> {
                #extension
                Ok(#value)
            }
        }
    }

    /// The block's reader: set where the block stands, behind the ordinary fields.
    fn declare_extension(&self) -> Option<TokenStream> {
        (!self.layout.extension.is_empty()).then(|| quote!(let mut extension;))
    }

    /// Reads the block, or nothing where there is none: the `more` bit says so, or the first entry of the settings.
    fn take_extension(&self) -> Option<TokenStream> {
        if self.layout.config.is_some() {
            return Some(quote!(input.fields_entry()?));
        }
        let bit = hex(1_u8.checked_shl(self.layout.more?).unwrap_or(0));
        Some(quote!(input.extension(op & #bit != 0)?))
    }

    fn read_op(&self) -> TokenStream {
        let used = !self.layout.folded.is_empty() || self.layout.more.is_some();
        if used { quote!(op) } else { quote!(_) }
    }

    fn read_input(&self) -> TokenStream {
        let folded = self.layout.folded.len();
        if self.fields.len() > folded {
            quote!(input)
        } else {
            quote!(_)
        }
    }

    fn read_folded(&self, folded: &Folded<'_>) -> TokenStream {
        let name = value_ident(&folded.field.name);
        let mask = Literal::u8_unsuffixed(1_u8.checked_shl(folded.bits).unwrap_or(0).wrapping_sub(1));
        let op = if folded.shift == 0 {
            quote!(op)
        } else {
            shifted_down(folded.shift)
        };
        if folded.field.shape.kind == Type::Bool {
            return quote!(#name: #op & 1 != 0);
        }
        let kind = rust_type(self.model, &folded.field.shape, &quote!('a));
        let field = &folded.field.name;
        quote!(#name: #kind::checked(#field, #op & #mask)?)
    }

    fn read_field(&self, field: &Field) -> TokenStream {
        let name = value_ident(&field.name);
        let value = decode(self.model, &field.shape, &field.name);
        quote!(#name: #value)
    }

    fn read_tail(&self, field: &Field) -> TokenStream {
        let name = value_ident(&field.name);
        let value = decode(self.model, &field.shape, &field.name);
        let default = literal::default(self.model, field);
        quote!(#name: if input.is_empty() { #default } else { #value })
    }

    fn read_extended(&self, at: usize, field: &Field) -> TokenStream {
        let name = value_ident(&field.name);
        let value = decode(self.model, &field.shape, &field.name);
        let default = literal::default(self.model, field);
        let take = self
            .take_extension()
            .filter(|_| at == 0)
            .map(|take| quote!(extension = #take;));
        quote! {
            #name: {
                #take
                let input = &mut extension;
                if input.is_empty() { #default } else { #value }
            }
        }
    }

    fn read_rest(&self, field: &Field) -> TokenStream {
        let name = value_ident(&field.name);
        let (text, max) = (&field.name, max_len(&field.shape));
        let value = match field.shape.kind {
            Type::Str => quote!(input.rest_str(#text, #max)?),
            _ => quote!(input.rest_bytes(#text, #max)?),
        };
        match self.take_extension().filter(|_| self.layout.extension.is_empty()) {
            Some(skip) => quote!(#name: { #skip; #value }),
            None => quote!(#name: #value),
        }
    }
}

fn encode_rest(field: &Field) -> TokenStream {
    let name = value_ident(&field.name);
    let (text, max) = (&field.name, max_len(&field.shape));
    match field.shape.kind {
        Type::Str => quote!(out.rest_str(#text, self.#name, #max);),
        _ => quote!(out.rest_bytes(#text, self.#name, #max);),
    }
}

fn shifted(value: &TokenStream, shift: u32) -> TokenStream {
    if shift == 0 {
        return value.clone();
    }
    let shift = Literal::u32_unsuffixed(shift);
    quote!(#value << #shift)
}

fn shifted_down(shift: u32) -> TokenStream {
    let shift = Literal::u32_unsuffixed(shift);
    quote!((op >> #shift))
}

/// A byte as `0x20`.
pub(super) fn hex(value: u8) -> TokenStream {
    format!("{value:#04x}").parse().unwrap_or_default()
}
