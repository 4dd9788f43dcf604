//! The module `status`: the spec's statuses and what each means.

use super::body::hex;
use super::messages::option;
use super::names::type_ident;
use super::{Options, derive, doc};
use crate::model::{Model, Origin, Phase, Recovery, Severity, Status};
use proc_macro2::TokenStream;
use quote::quote;

/// The whole module.
pub(super) fn items(model: &Model, options: Options) -> Vec<TokenStream> {
    let (numbers, meaning, words) = (numbers(model), meaning(model), words(model));
    let all = model.statuses.iter().map(|status| type_ident(&status.name));
    let imports = quote!(
        use ::fivewire_wire as wire;
    );
    let methods = quote! {
        impl Status {
            /// Every status of the spec, in its order.
            pub const ALL: &'static [Self] = &[#(Self::#all),*];
            #numbers
            #meaning
            #words
        }
    };
    let element = quote! {
        impl<'a> wire::Element<'a> for Status {
            fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
                input.u8("element").map(Self::from_code)
            }
        }
    };
    vec![imports, definition(model, options), methods, element]
}

fn code(status: &Status) -> Option<TokenStream> {
    status.code.and_then(|code| u8::try_from(code).ok()).map(hex)
}

fn definition(model: &Model, options: Options) -> TokenStream {
    let variants = model.statuses.iter().map(|status| {
        let (doc, name) = (doc::doc(&status.doc), type_ident(&status.name));
        quote!(#doc #name)
    });
    let defmt = derive::defmt_derive(options);
    quote! {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #defmt
        pub enum Status {
            #(#variants,)*
            /// A code that this revision of the spec does not name; its range still tells how bad it is.
            Unknown(u8),
        }
    }
}

/// `Self::A | Self::B => result` for the statuses that `wanted` picks; nothing when it picks none.
fn arm(model: &Model, wanted: impl Fn(&Status) -> bool, result: &TokenStream) -> Option<TokenStream> {
    let picked: Vec<_> = model
        .statuses
        .iter()
        .filter(|status| wanted(status))
        .map(|status| type_ident(&status.name))
        .collect();
    (!picked.is_empty()).then(|| quote!(#(Self::#picked)|* => #result,))
}

fn numbers(model: &Model) -> TokenStream {
    let to = model.statuses.iter().map(|status| {
        let (name, code) = (type_ident(&status.name), option(code(status)));
        quote!(Self::#name => #code)
    });
    let from = model.statuses.iter().filter_map(|status| {
        let (name, code) = (type_ident(&status.name), code(status)?);
        Some(quote!(#code => Self::#name))
    });
    quote! {
        /// Number on the wire; none for a status that is born at the host.
        pub const fn code(self) -> Option<u8> {
            match self {
                #(#to,)*
                Self::Unknown(code) => Some(code),
            }
        }
        /// The status of that number; never fails.
        pub const fn from_code(code: u8) -> Self {
            match code {
                #(#from,)*
                code => Self::Unknown(code),
            }
        }
    }
}

fn meaning(model: &Model) -> TokenStream {
    let (severity, fatal, recovery) = (severity(model), fatal(model), recovery(model));
    quote!(#severity #fatal #recovery)
}

fn severity(model: &Model) -> TokenStream {
    let of = |severity: Severity, word| arm(model, move |status| status.severity == Some(severity), &word);
    let arms = [
        of(Severity::Info, quote!(wire::Severity::Info)),
        of(Severity::Warning, quote!(wire::Severity::Warning)),
        of(Severity::Error, quote!(wire::Severity::Error)),
        of(Severity::Fatal, quote!(wire::Severity::Fatal)),
    ];
    let arms = arms.into_iter().flatten();
    quote! {
        /// How bad it is, whatever the phase.
        pub const fn severity(self) -> wire::Severity {
            match self {
                #(#arms)*
                Self::Unknown(code) => wire::Severity::from_code(code),
            }
        }
    }
}

fn fatal(model: &Model) -> TokenStream {
    let in_init = arm(
        model,
        |status| status.fatal_in.contains(&Phase::Init),
        &quote!(matches!(phase, wire::Phase::Init) || self.is_fatal()),
    );
    let in_run = arm(
        model,
        |status| status.fatal_in.contains(&Phase::Run) && !status.fatal_in.contains(&Phase::Init),
        &quote!(matches!(phase, wire::Phase::Run) || self.is_fatal()),
    );
    quote! {
        /// Whether the bridge must be reset when it says this in that phase.
        pub const fn is_fatal_in(self, phase: wire::Phase) -> bool {
            match self {
                #in_init
                #in_run
                _ => self.is_fatal(),
            }
        }
        const fn is_fatal(self) -> bool {
            matches!(self.severity(), wire::Severity::Fatal)
        }
    }
}

fn recovery(model: &Model) -> TokenStream {
    let of = |recovery: Recovery, word| arm(model, move |status| status.recovery == recovery, &word);
    let arms = [
        of(Recovery::None, quote!(wire::Recovery::None)),
        of(Recovery::Reconnect, quote!(wire::Recovery::Reconnect)),
        of(Recovery::FixConfig, quote!(wire::Recovery::FixConfig)),
        of(Recovery::ResetBridge, quote!(wire::Recovery::ResetBridge)),
    ];
    let arms = arms.into_iter().flatten();
    quote! {
        /// What mends it. Of an unknown status only the fatal ones are known to need something: a reset.
        pub const fn recovery(self) -> wire::Recovery {
            match self {
                #(#arms)*
                Self::Unknown(_) if self.is_fatal() => wire::Recovery::ResetBridge,
                Self::Unknown(_) => wire::Recovery::None,
            }
        }
    }
}

fn words(model: &Model) -> TokenStream {
    let (text_codes, names) = (text_codes(model), names(model));
    quote!(#text_codes #names)
}

fn text_codes(model: &Model) -> TokenStream {
    let with_code: Vec<_> = model
        .statuses
        .iter()
        .filter_map(|status| {
            let code = status.text_code.and_then(|code| u8::try_from(code).ok())?;
            Some((
                type_ident(&status.name),
                proc_macro2::Literal::u8_unsuffixed(code),
            ))
        })
        .collect();
    let to = with_code
        .iter()
        .map(|(name, code)| quote!(Self::#name => Some(#code)));
    let from = with_code
        .iter()
        .map(|(name, code)| quote!(#code => Some(Self::#name)));
    let travelling = super::text::is_used(model).then(|| travelling(model));
    quote! {
        /// Number in the MicroPython system; none where it has no counterpart.
        pub const fn text_code(self) -> Option<u8> {
            match self {
                #(#to,)*
                _ => None,
            }
        }
        /// The status of that number in the MicroPython system.
        pub const fn from_text_code(code: u8) -> Option<Self> {
            match code {
                #(#from,)*
                _ => None,
            }
        }
        #travelling
    }
}

/// What a text form needs to know of statuses.
fn travelling(model: &Model) -> TokenStream {
    let sent = model
        .statuses
        .iter()
        .filter(|status| status.origin == Origin::Bridge);
    let from = sent.clone().filter_map(|status| {
        let code = status.text_code.and_then(|code| u8::try_from(code).ok())?;
        let (name, code) = (
            type_ident(&status.name),
            proc_macro2::Literal::u8_unsuffixed(code),
        );
        Some(quote!(#code => Some(Self::#name)))
    });
    let more = sent.filter(|status| !status.text_more.is_empty()).map(|status| {
        let (name, more) = (type_ident(&status.name), &status.text_more);
        quote!(Self::#name => &[#(#more),*])
    });
    quote! {
        /// The status that a bridge means by that number; none for one that is born at the host.
        pub(super) const fn from_text(code: u8) -> Option<Self> {
            match code {
                #(#from,)*
                _ => None,
            }
        }
        /// The fields that stand behind its number.
        pub(super) const fn text_more(self) -> &'static [&'static str] {
            match self {
                #(#more,)*
                _ => &[],
            }
        }
    }
}

fn names(model: &Model) -> TokenStream {
    let idents: Vec<_> = model
        .statuses
        .iter()
        .map(|status| type_ident(&status.name))
        .collect();
    let names = model.statuses.iter().map(|status| &status.name);
    let docs = model.statuses.iter().map(|status| &status.doc);
    quote! {
        /// Name in the spec.
        pub const fn name(self) -> &'static str {
            match self {
                #(Self::#idents => #names,)*
                Self::Unknown(_) => "unknown",
            }
        }
        /// What it means, in one sentence.
        pub const fn doc(self) -> &'static str {
            match self {
                #(Self::#idents => #docs,)*
                Self::Unknown(_) => "A status that this revision of the protocol does not name.",
            }
        }
    }
}
