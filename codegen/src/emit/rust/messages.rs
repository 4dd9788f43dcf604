//! The modules `command`, `reply` and `event`: a struct per message and an enum over them.

use super::body::{Body, hex};
use super::part::Part;
use super::shape::generics;
use super::{Options, doc, text};
use crate::emit::layout::Layout;
use crate::emit::size;
use crate::model::{Message, Model, OnOutage, WaitsFor};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The module `command`.
pub(super) fn commands(model: &Model, options: Options) -> Vec<TokenStream> {
    let bodies: Vec<_> = model
        .commands
        .iter()
        .map(|command| message_body(model, command))
        .collect();
    let structs = bodies.iter().flat_map(|body| body.items(options));
    let infos = model
        .commands
        .iter()
        .zip(&bodies)
        .map(|(command, body)| info(command, body));
    let family = Family {
        name: "Command",
        doc: "Any command: host to bridge.",
        bodies: &bodies,
    };
    let pairs = model
        .commands
        .iter()
        .zip(&bodies)
        .filter(|(command, _)| !command.one_way);
    let pairs = pairs.map(|(command, body)| pair(command, body));
    let imports = quote! {
        use super::{config, reply, status, types};
        use ::fivewire_wire as wire;
    };
    let items = std::iter::once(imports).chain(family.items(options));
    items
        .chain([info_of(&family)])
        .chain(structs)
        .chain(infos)
        .chain(pairs)
        .collect()
}

/// The module `event`.
pub(super) fn events(model: &Model, options: Options) -> Vec<TokenStream> {
    let bodies: Vec<_> = model
        .events
        .iter()
        .map(|event| message_body(model, event))
        .collect();
    let structs = bodies.iter().flat_map(|body| body.items(options));
    let family = Family {
        name: "Event",
        doc: "Any event: bridge to host, unasked.",
        bodies: &bodies,
    };
    let imports = quote! {
        use super::{config, status, types};
        use ::fivewire_wire as wire;
    };
    std::iter::once(imports)
        .chain(family.items(options))
        .chain(structs)
        .collect()
}

/// The module `reply`.
pub(super) fn replies(model: &Model, options: Options) -> Vec<TokenStream> {
    let bodies: Vec<_> = replying(model)
        .map(|command| reply_body(model, command))
        .collect();
    let structs = bodies.iter().flat_map(|body| body.items(options));
    let traits = bodies.iter().map(reply_impl);
    let family = Family {
        name: "Reply",
        doc: "Any reply: the bridge's answer to a command.",
        bodies: &bodies,
    };
    let imports = quote! {
        use super::{config, status, types};
        use ::fivewire_wire as wire;
    };
    std::iter::once(imports)
        .chain(family.items(options))
        .chain(structs)
        .chain(traits)
        .collect()
}

/// The commands that have a reply.
pub(super) fn replying(model: &Model) -> impl Iterator<Item = &Message> {
    model.commands.iter().filter(|command| !command.one_way)
}

/// Body of a command or an event.
pub(super) fn message_body<'m>(model: &'m Model, message: &'m Message) -> Body<'m> {
    Body {
        model,
        name: &message.name,
        doc: with_since(&message.doc, message.since, message.deprecated),
        op: op(message),
        pattern: op_pattern(message),
        numbered: false,
        since: message.since,
        max_body: size::message(model, message).unwrap_or(0),
        fields: &message.fields,
        layout: Layout::message(model, message),
        example: message.example.as_ref(),
        text: message.text.as_ref(),
    }
}

/// Body of a command's reply.
pub(super) fn reply_body<'m>(model: &'m Model, command: &'m Message) -> Body<'m> {
    Body {
        model,
        name: &command.name,
        doc: format!("Answer to `{}`: {}", command.name, command.doc),
        op: op(command) | 0x80,
        pattern: hex(op(command) | 0x80),
        numbered: true,
        since: command.since,
        max_body: size::reply(model, command).unwrap_or(0),
        fields: command.reply_fields(),
        layout: Layout::reply(command),
        example: command.reply_example.as_ref(),
        text: command.reply_text.as_ref(),
    }
}

/// First op; the checks have seen that it is a byte.
fn op(message: &Message) -> u8 {
    message.op.and_then(|op| u8::try_from(op).ok()).unwrap_or(0)
}

/// All ops that a message owns, as a pattern.
fn op_pattern(message: &Message) -> TokenStream {
    let first = op(message);
    let owned = 1_u8
        .checked_shl(u32::try_from(message.op_bits).unwrap_or(0))
        .unwrap_or(1);
    let (first, last) = (hex(first), hex(first.saturating_add(owned.saturating_sub(1))));
    if owned == 1 { first } else { quote!(#first..=#last) }
}

fn with_since(text: &str, since: i128, deprecated: Option<i128>) -> String {
    let since = if since > 1 {
        format!(" Since revision {since}.")
    } else {
        String::new()
    };
    let deprecated = deprecated.map(|revision| format!(" Deprecated since revision {revision}."));
    format!("{text}{since}{}", deprecated.unwrap_or_default())
}

/// An enum over the structs of one module.
struct Family<'f, 'm> {
    name: &'static str,
    doc: &'static str,
    bodies: &'f [Body<'m>],
}

impl Family<'_, '_> {
    fn ident(&self) -> Ident {
        format_ident!("{}", self.name)
    }

    fn variants(&self) -> Vec<Ident> {
        self.bodies.iter().map(Body::ident).collect()
    }

    fn generics(&self, lifetime: &TokenStream) -> TokenStream {
        generics(self.bodies.iter().any(Body::borrows), lifetime)
    }

    fn items(&self, options: Options) -> Vec<TokenStream> {
        let (methods, decode, ident) = (
            Part::from(self.methods()),
            Part::from(self.decode()),
            self.ident(),
        );
        let (anonymous, named) = (self.generics(&quote!('_)), self.generics(&quote!('a)));
        let mut items = vec![
            self.definition(options),
            quote!(impl #ident #anonymous { #methods }),
            quote!(impl #named #ident #named { #decode }),
        ];
        items.extend(text::family(&ident, &named, &anonymous, self.bodies));
        items.extend(self.froms());
        items.extend(self.try_froms());
        items.push(self.examples());
        items
    }

    fn definition(&self, options: Options) -> TokenStream {
        let (ident, generics) = (self.ident(), self.generics(&quote!('a)));
        let variants = self.bodies.iter().map(|body| {
            let (doc, name, generics) = (doc::doc(&body.doc), body.ident(), body.generics(&quote!('a)));
            Part::from(quote!(#doc #name(#name #generics)))
        });
        let doc = doc::doc(self.doc);
        let defmt = super::derive::defmt_derive(options);
        quote!(#doc #[derive(Clone, Copy, Debug, PartialEq, Eq)] #defmt pub enum #ident #generics { #(#variants),* })
    }

    fn each(&self, arm: impl Fn(&Body<'_>) -> TokenStream) -> TokenStream {
        if self.bodies.is_empty() {
            return quote!(match *self {});
        }
        let arms = self.bodies.iter().map(|body| {
            let (name, arm) = (body.ident(), arm(body));
            Part::from(quote!(Self::#name(message) => #arm))
        });
        quote!(match self { #(#arms),* })
    }

    fn constants(&self, name: &str) -> TokenStream {
        let constant = format_ident!("{name}");
        if self.bodies.is_empty() {
            return quote!(match *self {});
        }
        let arms = self
            .variants()
            .into_iter()
            .map(|variant| quote!(Self::#variant(_) => #variant::#constant));
        quote!(match self { #(#arms),* })
    }

    fn methods(&self) -> TokenStream {
        let (op, name, since) = (
            self.constants("OP"),
            self.constants("NAME"),
            self.constants("SINCE"),
        );
        let number = self.numbered().then(|| quote!(number: u8,));
        let argument = self.numbered().then(|| quote!(number,));
        let encode = self.each(|_| quote!(message.encode(#argument out)));
        quote! {
            /// Op, with its folded bits zero.
            pub fn op(&self) -> u8 { #op }
            /// Name in the spec.
            pub fn name(&self) -> &'static str { #name }
            /// Revision of the protocol that brought it.
            pub fn since(&self) -> u8 { #since }
            /// Writes the body.
            ///
            /// # Errors
            /// The buffer is too small, or a field is beyond its bounds.
            pub fn encode(&self, #number out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> { #encode }
        }
    }

    fn numbered(&self) -> bool {
        self.name == "Reply"
    }

    fn decode(&self) -> TokenStream {
        let lifetime = if self.bodies.iter().any(Body::borrows) {
            quote!(&'a [u8])
        } else {
            quote!(&[u8])
        };
        let arms: Vec<_> = self
            .bodies
            .iter()
            .map(|body| Part::from(self.decode_arm(body)))
            .collect();
        if self.numbered() {
            return quote! {
                /// Reads a body: the number of the command it answers, and the reply.
                ///
                /// # Errors
                /// The body does not follow the spec, or is none of a reply.
                pub fn decode(body: #lifetime) -> Result<(u8, Self), wire::DecodeError> {
                    let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
                    let input = &mut wire::Reader::new(fields);
                    let number = input.u8("number")?;
                    let reply = match op {
                        #(#arms)*
                        _ => Err(wire::DecodeError::UnknownOp(op)),
                    };
                    Ok((number, reply?))
                }
            };
        }
        quote! {
            /// Reads a body.
            ///
            /// # Errors
            /// The body does not follow the spec, or is none of this direction.
            pub fn decode(body: #lifetime) -> Result<Self, wire::DecodeError> {
                let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
                let input = &mut wire::Reader::new(fields);
                match op {
                    #(#arms)*
                    _ => Err(wire::DecodeError::UnknownOp(op)),
                }
            }
        }
    }

    /// Each arm makes the whole result: one that is put together behind the match is copied as long as its longest variant.
    fn decode_arm(&self, body: &Body<'_>) -> TokenStream {
        let (pattern, name) = (&body.pattern, body.ident());
        quote!(#pattern => #name::read(op, input).map(Self::#name),)
    }

    fn froms(&self) -> impl Iterator<Item = TokenStream> {
        let ident = self.ident();
        self.bodies.iter().map(move |body| {
            let name = body.ident();
            let of_message = body.generics(&quote!('a));
            let all = self.generics(&quote!('a));
            quote! {
                impl #all From<#name #of_message> for #ident #all {
                    fn from(message: #name #of_message) -> Self { Self::#name(message) }
                }
            }
        })
    }

    /// The way back: a reply knows its command, so whoever sent that one wants no other.
    fn try_froms(&self) -> impl Iterator<Item = TokenStream> {
        let (ident, all) = (self.ident(), self.generics(&quote!('a)));
        let others = (self.bodies.len() > 1).then(|| quote!(other => Err(other),));
        let replies = self.bodies.iter().filter(|_| self.numbered());
        replies.map(move |body| {
            let (name, of_message) = (body.ident(), body.generics(&quote!('a)));
            quote! {
                impl #all TryFrom<#ident #all> for #name #of_message {
                    type Error = #ident #all;

                    fn try_from(reply: #ident #all) -> Result<Self, Self::Error> {
                        match reply {
                            #ident::#name(message) => Ok(message),
                            #others
                        }
                    }
                }
            }
        })
    }

    fn examples(&self) -> TokenStream {
        let (ident, generics) = (self.ident(), self.generics(&quote!('static)));
        let examples = self.bodies.iter().filter(|body| body.has_example());
        let examples = examples.map(|body| {
            let name = body.ident();
            quote!(#ident::#name(#name::EXAMPLE))
        });
        quote! {
            /// The spec's examples, in its order.
            pub const EXAMPLES: &[#ident #generics] = &[#(#examples),*];
        }
    }
}

/// Ties a command to its reply.
fn pair(command: &Message, body: &Body<'_>) -> TokenStream {
    let (ident, generics) = (body.ident(), body.generics(&quote!('_)));
    let reply = reply_body(body.model, command);
    let (reply, lifetime) = (reply.ident(), reply.generics(&quote!('static)));
    quote! {
        impl wire::CommandMessage for #ident #generics {
            type Reply = reply::#reply #lifetime;
        }
    }
}

fn reply_impl(body: &Body<'_>) -> TokenStream {
    let (ident, lifetime) = (body.ident(), body.generics(&quote!('static)));
    let at = body.generics(&quote!('a));
    let anonymous = body.generics(&quote!('_));
    quote! {
        impl wire::ReplyMessage for #ident #lifetime {
            type At<'a> = #ident #at;
            const OP: u8 = #ident::OP;
            const NAME: &'static str = #ident::NAME;
            fn encode_reply(
                reply: &#ident #anonymous,
                number: u8,
                out: &mut wire::Writer<'_>,
            ) -> Result<(), wire::EncodeError> {
                reply.encode(number, out)
            }
        }
    }
}

fn info_of(family: &Family<'_, '_>) -> TokenStream {
    if family.bodies.is_empty() {
        return TokenStream::new();
    }
    let generics = family.generics(&quote!('_));
    let arms = family.bodies.iter().map(|body| {
        let variant = body.ident();
        quote!(Self::#variant(_) => &#variant::INFO)
    });
    quote! {
        impl Command #generics {
            /// What the host may do with it.
            pub fn info(&self) -> &'static wire::CommandInfo {
                match self { #(#arms),* }
            }
        }
    }
}

/// The rules of a command as a constant.
fn info(command: &Message, body: &Body<'_>) -> TokenStream {
    let (ident, generics) = (body.ident(), body.generics(&quote!('_)));
    let word = command.text.as_ref().map(|form| &form.word);
    let text = option(word.map(|word| quote!(#word)));
    let timeout = option(command.timeout_ms.map(|timeout| {
        let timeout = Literal::i128_unsuffixed(timeout);
        quote!(#timeout)
    }));
    let waits_for = option(command.waits_for.map(waits_for));
    let on_outage = option(command.on_outage.map(on_outage));
    let idempotent = command.idempotent.unwrap_or(false);
    let retry = Literal::i128_unsuffixed(command.retry.unwrap_or(0));
    let (replay, one_way) = (command.replay, command.one_way);
    quote! {
        impl #ident #generics {
            /// What the host may do with it.
            pub const INFO: wire::CommandInfo = wire::CommandInfo {
                op: Self::OP,
                name: Self::NAME,
                text: #text,
                since: Self::SINCE,
                timeout_ms: #timeout,
                waits_for: #waits_for,
                on_outage: #on_outage,
                idempotent: #idempotent,
                retry: #retry,
                replay: #replay,
                one_way: #one_way,
            };
        }
    }
}

/// `Some(…)` or `None`.
pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn waits_for(word: WaitsFor) -> TokenStream {
    match word {
        WaitsFor::Broker => quote!(wire::WaitsFor::Broker),
        WaitsFor::User => quote!(wire::WaitsFor::User),
    }
}

fn on_outage(word: OnOutage) -> TokenStream {
    match word {
        OnOutage::Queue => quote!(wire::OnOutage::Queue),
        OnOutage::Fail => quote!(wire::OnOutage::Fail),
        OnOutage::Wait => quote!(wire::OnOutage::Wait),
    }
}
