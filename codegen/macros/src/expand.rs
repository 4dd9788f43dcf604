//! What the macro stands for, as a function over tokens that can be tested. No compiler of specs.

use fivewire_codegen::emit::rust::{Options, inline};
use fivewire_codegen::{Source, check_source};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::path::{Path, PathBuf};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

/// What stands between the macro's parentheses.
struct Arguments {
    path: LitStr,
    options: Options,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let mut options = Options::default();
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let word: Ident = input.parse()?;
            if word != "defmt" {
                return Err(syn::Error::new(
                    word.span(),
                    "the only word that may follow is `defmt`",
                ));
            }
            options.defmt = true;
        }
        Ok(Self { path, options })
    }
}

/// The modules, or a compile error with everything that is wrong.
pub(crate) fn protocol(input: TokenStream) -> TokenStream {
    match syn::parse2::<Arguments>(input) {
        Ok(arguments) => compiled(&arguments),
        Err(error) => error.into_compile_error(),
    }
}

fn compiled(arguments: &Arguments) -> TokenStream {
    let span = arguments.path.span();
    let path = absolute(&arguments.path.value());
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return compile_error(span, &format!("cannot read {}: {error}", path.display())),
    };
    let code = match check_source(&Source::new(arguments.path.value(), text)) {
        Ok((model, _)) => inline(&model, arguments.options),
        Err(report) => compile_error(span, &format!("the spec is not valid\n\n{report}")),
    };
    let watch = watch(&path);
    quote!(#watch #code)
}

fn absolute(path: &str) -> PathBuf {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let path = folder.join(path);
    path.canonicalize().unwrap_or(path)
}

/// The compiler looks at included files when it decides what to compile again; an unused constant costs nothing.
fn watch(path: &Path) -> TokenStream {
    let Some(path) = path.to_str() else {
        return TokenStream::new();
    };
    quote!(
        const _: &[u8] = include_bytes!(#path);
    )
}

fn compile_error(span: Span, text: &str) -> TokenStream {
    quote_spanned!(span=> compile_error!(#text);)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(input: TokenStream) -> String {
        protocol(input).to_string()
    }

    #[test]
    fn the_compiler_is_told_to_watch_the_file_by_its_full_path() {
        let code = expanded(quote!("tests/specs/small.yaml"));
        let path = absolute("tests/specs/small.yaml");
        assert!(path.is_absolute());
        assert!(
            code.contains(&format!("include_bytes ! ({:?})", path.to_str().expect("UTF-8"))),
            "{code}"
        );
    }

    #[test]
    fn a_wrong_spec_is_watched_too_and_every_fault_is_shown() {
        let code = expanded(quote!("tests/specs/broken.yaml"));
        assert!(code.contains("include_bytes"), "{code}");
        for fault in [
            "`text` has no longest length",
            "`colour` has no doc",
            "tests/specs/broken.yaml:11:3",
        ] {
            assert!(code.contains(fault), "{fault} is not in {code}");
        }
    }

    #[test]
    fn a_missing_file_is_named_with_its_full_path() {
        let code = expanded(quote!("tests/specs/nowhere.yaml"));
        assert!(
            code.contains("cannot read /") && code.contains("nowhere.yaml"),
            "{code}"
        );
    }

    #[test]
    fn only_known_words_follow_the_path() {
        assert!(expanded(quote!("tests/specs/small.yaml", log)).contains("the only word"));
        assert!(expanded(quote!("tests/specs/small.yaml", defmt)).contains("defmt :: Format"));
        assert!(!expanded(quote!("tests/specs/small.yaml")).contains("defmt"));
    }
}
