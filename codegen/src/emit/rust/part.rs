//! Tokens on their way into larger ones. quote copies what it sets in, at each level anew, and code is nested deeply:
//! copying was most of the work of generating it.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::cell::Cell;

/// Tokens that are set into others once: they are moved there. A second time they would be empty.
pub(super) struct Part(Cell<TokenStream>);

impl From<TokenStream> for Part {
    fn from(tokens: TokenStream) -> Self {
        Self(Cell::new(tokens))
    }
}

impl ToTokens for Part {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(std::iter::once(self.0.take()));
    }
}
