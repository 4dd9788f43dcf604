//! The text forms of all messages of one direction: which struct a string is for, and who has none.

use super::super::body::Body;
use super::TextBody;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The methods of the enum over these bodies, where any of them has a text form. `named` and `anonymous` are its lifetime.
pub(in super::super) fn family(
    ident: &Ident,
    named: &TokenStream,
    anonymous: &TokenStream,
    bodies: &[Body<'_>],
) -> Option<TokenStream> {
    bodies.iter().find(|body| body.text.is_some())?;
    let (encode, decode, for_text) = (encode(bodies), decode(named, bodies), for_text(bodies));
    Some(quote! {
        impl #ident #anonymous { #encode }
        impl #named #ident #named { #decode #for_text }
    })
}

fn encode(bodies: &[Body<'_>]) -> TokenStream {
    let (with, without): (Vec<_>, Vec<_>) = bodies.iter().partition(|body| body.text.is_some());
    let (with, without) = (
        with.into_iter().map(Body::ident),
        without.into_iter().map(Body::ident),
    );
    let without = (without.len() > 0).then(
        || quote!(#(Self::#without(_))|* => Err(wire::TextError::NoTextForm { message: self.name() }),),
    );
    quote! {
        /// Writes the text form, fields and separators, without a terminator.
        ///
        /// # Errors
        /// The message has no text form, the buffer is too small, a field is beyond its bounds or holds what no
        /// symbol stands for, or a field that the text form lacks has another value than its default.
        pub fn encode_text(&self, out: &mut wire::TextWriter<'_>) -> Result<(), wire::TextError> {
            match self {
                #(Self::#with(message) => message.encode_text(out),)*
                #without
            }
        }
    }
}

fn decode(named: &TokenStream, bodies: &[Body<'_>]) -> TokenStream {
    let string = if named.is_empty() {
        quote!(&[u8])
    } else {
        quote!(&'a [u8])
    };
    let arms = bodies.iter().filter_map(|body| {
        let word = Literal::byte_string(body.text?.word.as_bytes());
        let name = body.ident();
        Some(quote!(#word => #name::read_text(input).map(Self::#name),))
    });
    quote! {
        /// Reads a text form, given without its terminator.
        ///
        /// # Errors
        /// The string is none of this direction, or does not follow the spec.
        pub fn decode_text(string: #string) -> Result<Self, wire::TextError> {
            let input = &mut wire::TextReader::new(string)?;
            match input.word()? {
                #(#arms)*
                _ => Err(wire::TextError::UnknownWord),
            }
        }
    }
}

fn for_text(bodies: &[Body<'_>]) -> Option<TokenStream> {
    let drops = |body: &&Body<'_>| TextBody::of(body).is_some_and(|text| !text.dropped().is_empty());
    let (with, without): (Vec<_>, Vec<_>) = bodies.iter().partition(drops);
    let with: Vec<_> = with.into_iter().map(Body::ident).collect();
    let others = (!without.is_empty()).then(|| quote!(other => other,));
    (!with.is_empty()).then(|| {
        quote! {
            /// The same with the fields that the text form may do without at their defaults.
            #[must_use]
            pub fn for_text(self) -> Self {
                match self {
                    #(Self::#with(message) => Self::#with(message.for_text()),)*
                    #others
                }
            }
        }
    })
}
