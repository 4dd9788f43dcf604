//! Rust from a checked model: types, tables, exhaustive matches and straight-line code. Logic is written by hand, in
//! the crates that use it.
//!
//! Generated code calls the hand-written part of `fivewire-wire` by its full path, so that it compiles both within
//! that crate and, by way of the macro, in any other that depends on it.

mod body;
mod config;
mod derive;
mod dispatch;
pub(crate) mod doc;
mod literal;
mod messages;
pub(crate) mod names;
mod part;
mod shape;
mod status;
mod text;
mod types;

use super::{hash, size};
use crate::model::Model;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// What differs between the places where generated code lives.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Give every type a `defmt::Format` behind the feature `defmt` of the crate it lives in.
    pub defmt: bool,
}

/// One module of the generated code.
pub(crate) struct Module {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// Its items, one or a few at a time: whoever wants text prints them as they come.
    pub(crate) items: fn(&Model, Options) -> Vec<TokenStream>,
}

/// All modules, in the order in which a reader wants them.
pub(crate) const MODULES: [Module; 7] = [
    Module {
        name: "command",
        doc: "Messages from the host to the bridge.",
        items: messages::commands,
    },
    Module {
        name: "reply",
        doc: "The bridge's answers to commands.",
        items: messages::replies,
    },
    Module {
        name: "event",
        doc: "Messages from the bridge to the host that nobody asked for.",
        items: messages::events,
    },
    Module {
        name: "status",
        doc: "What a bridge, or the host about its bridge, has to say.",
        items: status::items,
    },
    Module {
        name: "types",
        doc: "The types that messages are made of.",
        items: types::items,
    },
    Module {
        name: "config",
        doc: "Settings: the struct, the table of keys, the reader from text.",
        items: config::items,
    },
    Module {
        name: "dispatch",
        doc: "One handler method per message, and the functions that call them.",
        items: dispatch::items,
    },
];

/// Constants and re-exports that stand beside the modules.
pub(crate) fn root(model: &Model) -> TokenStream {
    let consts = consts(model);
    quote! {
        #consts
        pub use command::Command;
        pub use config::Config;
        pub use dispatch::{
            CommandHandler, EventHandler, ReplyHandler, dispatch_command, dispatch_event, dispatch_reply,
        };
        pub use event::Event;
        pub use reply::Reply;
        pub use status::Status;
        pub use types::*;
    }
}

fn consts(model: &Model) -> TokenStream {
    let name = &model.protocol.name;
    let byte = |value: Option<i128>| Literal::i128_unsuffixed(value.unwrap_or(1));
    let (revision, min) = (byte(model.protocol.revision), byte(model.protocol.min));
    let hash: TokenStream = format!("{:#010x}", hash::wire_hash(model))
        .parse()
        .unwrap_or_default();
    let (commands, events) = (size::commands(model), size::events(model));
    let (commands_max, events_max) = (Literal::u64_unsuffixed(commands), Literal::u64_unsuffixed(events));
    let max = Literal::u64_unsuffixed(commands.max(events));
    let text = text_consts(model);
    quote! {
        /// Name of the protocol.
        pub const PROTOCOL: &str = #name;
        /// Revision of the protocol.
        pub const REVISION: u8 = #revision;
        /// Oldest revision that this one still talks to.
        pub const MIN_REVISION: u8 = #min;
        /// Fingerprint of everything that both ends must agree upon.
        pub const WIRE_HASH: u32 = #hash;
        /// Longest body of a command in bytes.
        pub const MAX_COMMAND_BODY: usize = #commands_max;
        /// Longest body of an event or a reply in bytes.
        pub const MAX_EVENT_BODY: usize = #events_max;
        /// Longest body in bytes.
        pub const MAX_BODY: usize = #max;
        #text
    }
}

fn text_consts(model: &Model) -> Option<TokenStream> {
    use super::text::{commands, events};
    let (commands, events) = (
        Literal::u64_unsuffixed(commands(model)),
        Literal::u64_unsuffixed(events(model)),
    );
    text::is_used(model).then(|| {
        quote! {
            /// Longest text form of a command in symbols, without its terminator.
            pub const MAX_COMMAND_TEXT: usize = #commands;
            /// Longest text form of an event or a reply in symbols, without its terminator.
            pub const MAX_EVENT_TEXT: usize = #events;
        }
    })
}

/// Everything as one piece with inline modules, for a macro to return.
pub fn inline(model: &Model, options: Options) -> TokenStream {
    let root = root(model);
    let modules = MODULES.iter().map(|module| {
        let (name, doc, allow) = (format_ident!("{}", module.name), doc::doc(module.doc), allow());
        let items = (module.items)(model, options);
        quote!(#doc #allow pub mod #name { #(#items)* })
    });
    quote! {
        #root
        #(#modules)*
    }
}

/// What a spec without events, structs or config leaves unused is no fault of the code around it.
pub(crate) fn allow() -> TokenStream {
    quote!(#[allow(unused_imports, unused_variables, unreachable_code, unreachable_pub, dead_code, clippy::all)])
}
