//! The module `dispatch`: per direction a handler trait without default methods, and the function that calls it. A
//! message that nobody handles does not compile.

use super::body::Body;
use super::messages::{message_body, reply_body, replying};
use super::names::value_ident;
use super::part::Part;
use super::{Options, doc};
use crate::model::Model;
use proc_macro2::TokenStream;
use quote::quote;

/// The whole module.
pub(super) fn items(model: &Model, _: Options) -> Vec<TokenStream> {
    let imports = quote! {
        use super::{command, event, reply};
        use ::fivewire_wire as wire;
    };
    vec![imports, commands(model), events(model), replies(model)]
}

fn commands(model: &Model) -> TokenStream {
    let bodies = model
        .commands
        .iter()
        .map(|command| (command.one_way, message_body(model, command)));
    let (methods, arms): (Vec<_>, Vec<_>) = bodies
        .map(|(one_way, body)| {
            if one_way {
                one_way_command(&body)
            } else {
                answered_command(&body, &reply_lifetime(model, body.name))
            }
        })
        .unzip();
    quote! {
        /// Whoever carries out commands; each has its method.
        pub trait CommandHandler { #(#methods)* }
        /// Decodes a command's body and calls its handler method. True when a reply was written to `out`; a one-way
        /// command, and one whose handler kept the ticket, has none now.
        ///
        /// # Errors
        /// The body is not one of a command (no method was called), or the reply could not be written.
        pub fn dispatch_command<H: CommandHandler + ?Sized>(
            body: &[u8],
            number: u8,
            handler: &mut H,
            out: &mut wire::Writer<'_>,
        ) -> Result<bool, wire::DispatchError> {
            let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
            let input = &mut wire::Reader::new(fields);
            match op {
                #(#arms)*
                _ => Err(wire::DecodeError::UnknownOp(op).into()),
            }
        }
    }
}

/// The lifetime of a reply, where it has one.
struct ReplyLifetime {
    at_call: TokenStream,
    fixed: TokenStream,
}

fn reply_lifetime(model: &Model, name: &str) -> ReplyLifetime {
    let command = model.commands.iter().find(|command| command.name == name);
    let generics =
        |lifetime: TokenStream| command.map(|command| reply_body(model, command).generics(&lifetime));
    ReplyLifetime {
        at_call: generics(quote!('_)).unwrap_or_default(),
        fixed: generics(quote!('static)).unwrap_or_default(),
    }
}

fn answered_command(body: &Body<'_>, lifetime: &ReplyLifetime) -> (Part, Part) {
    let (method, name, pattern) = (value_ident(body.name), body.ident(), &body.pattern);
    let (doc, generics) = (doc::doc(&body.doc), body.generics(&quote!('_)));
    let ReplyLifetime { at_call, fixed } = lifetime;
    let signature = quote! {
        #doc
        fn #method(
            &mut self,
            ticket: wire::Ticket<reply::#name #fixed>,
            command: command::#name #generics,
        ) -> wire::Answer<reply::#name #at_call>;
    };
    let arm = quote! {
        #pattern => {
            let ticket = wire::Ticket::new(number);
            match handler.#method(ticket, command::#name::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
    };
    (signature.into(), arm.into())
}

fn one_way_command(body: &Body<'_>) -> (Part, Part) {
    let (method, name, pattern) = (value_ident(body.name), body.ident(), &body.pattern);
    let (doc, generics) = (doc::doc(&body.doc), body.generics(&quote!('_)));
    let signature = quote! {
        #doc
        fn #method(&mut self, command: command::#name #generics);
    };
    let arm = quote! {
        #pattern => {
            handler.#method(command::#name::read(op, input)?);
            Ok(false)
        }
    };
    (signature.into(), arm.into())
}

fn events(model: &Model) -> TokenStream {
    let bodies: Vec<_> = model
        .events
        .iter()
        .map(|event| message_body(model, event))
        .collect();
    let methods = bodies.iter().map(|body| {
        let (doc, method, name) = (doc::doc(&body.doc), value_ident(body.name), body.ident());
        let generics = body.generics(&quote!('_));
        Part::from(quote!(#doc fn #method(&mut self, event: event::#name #generics);))
    });
    let arms = bodies.iter().map(|body| {
        let (pattern, method, name) = (&body.pattern, value_ident(body.name), body.ident());
        Part::from(quote!(#pattern => handler.#method(event::#name::read(op, input)?),))
    });
    quote! {
        /// Whoever listens to events; each has its method.
        pub trait EventHandler { #(#methods)* }
        /// Decodes an event's body and calls its handler method.
        ///
        /// # Errors
        /// The body is not one of an event; no method was called.
        pub fn dispatch_event<H: EventHandler + ?Sized>(
            body: &[u8],
            handler: &mut H,
        ) -> Result<(), wire::DecodeError> {
            let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
            let input = &mut wire::Reader::new(fields);
            match op {
                #(#arms)*
                _ => return Err(wire::DecodeError::UnknownOp(op)),
            }
            Ok(())
        }
    }
}

fn replies(model: &Model) -> TokenStream {
    let bodies: Vec<_> = replying(model)
        .map(|command| reply_body(model, command))
        .collect();
    let methods = bodies.iter().map(|body| {
        let (doc, method, name) = (doc::doc(&body.doc), value_ident(body.name), body.ident());
        let generics = body.generics(&quote!('_));
        Part::from(quote!(#doc fn #method(&mut self, number: u8, reply: reply::#name #generics);))
    });
    let arms = bodies.iter().map(|body| {
        let (pattern, method, name) = (&body.pattern, value_ident(body.name), body.ident());
        Part::from(quote!(#pattern => handler.#method(number, reply::#name::read(op, input)?),))
    });
    quote! {
        /// Whoever waits for replies; each has its method. `number` is that of the command it answers.
        pub trait ReplyHandler { #(#methods)* }
        /// Decodes a reply's body and calls its handler method.
        ///
        /// # Errors
        /// The body is not one of a reply; no method was called.
        pub fn dispatch_reply<H: ReplyHandler + ?Sized>(
            body: &[u8],
            handler: &mut H,
        ) -> Result<(), wire::DecodeError> {
            let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
            let input = &mut wire::Reader::new(fields);
            let number = input.u8("number")?;
            match op {
                #(#arms)*
                _ => return Err(wire::DecodeError::UnknownOp(op)),
            }
            Ok(())
        }
    }
}
