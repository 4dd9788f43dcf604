//! The module `config`: the spec's settings as a struct, with its table, its validator and its codec.

use super::literal::{integer, literal};
use super::names::{const_ident, type_ident, value_ident};
use super::shape::{
    bounds, check_range, config_borrows, decode, encode, generics, is_fixed, max_len, rust_type,
};
use super::{Options, derive, doc};
use crate::emit::size;
use crate::model::{Apply, ConfigKey, Int, Model, Scope, Shape, Type, Value};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The whole module.
pub(super) fn items(model: &Model, options: Options) -> Vec<TokenStream> {
    let imports = quote! {
        use super::types;
        use ::fivewire_wire as wire;
    };
    vec![
        imports,
        definition(model),
        printing(model, options),
        codec(model),
        validate(model),
        set(model),
        keys(model, options),
        infos(model),
    ]
}

/// Largest number that the table of keys can say; keys of type u64 stop there.
const LARGEST: i128 = i64::MAX as i128;

fn generics_of(model: &Model, lifetime: &TokenStream) -> TokenStream {
    generics(config_borrows(model), lifetime)
}

fn number(value: i128) -> TokenStream {
    integer(
        Int {
            signed: true,
            bits: 64,
        },
        value,
    )
}

fn number_bounds(key: &ConfigKey, int: Int) -> (i128, i128) {
    let shape = &key.shape;
    (
        shape.min.unwrap_or(int.min()),
        shape.max.unwrap_or(int.max()).min(LARGEST),
    )
}

fn definition(model: &Model) -> TokenStream {
    let (named, fixed) = (
        generics_of(model, &quote!('a)),
        generics_of(model, &quote!('static)),
    );
    let fields = model.config.iter().map(|key| {
        let facts = doc::facts(&key.shape, key.unit.as_deref(), key.default.as_ref());
        let required = if key.required { " Required." } else { "" };
        let doc = doc::doc(&format!("{}{facts}{required}", key.doc));
        let (name, kind) = (value_ident(&key.name), rust_type(model, &key.shape, &quote!('a)));
        quote!(#doc pub #name: #kind)
    });
    let defaults = model.config.iter().map(|key| {
        let (name, value) = (value_ident(&key.name), default(model, key));
        quote!(#name: #value)
    });
    quote! {
        /// All settings.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct Config #named { #(#fields),* }
        impl Config #fixed {
            /// Each key's default; required texts are empty, required numbers zero.
            pub const DEFAULT: Self = Self { #(#defaults),* };
        }
        impl #named Default for Config #named {
            fn default() -> Self { Config::DEFAULT }
        }
    }
}

/// The default, or for a required key what stands for not having been set.
fn default(model: &Model, key: &ConfigKey) -> TokenStream {
    match (&key.default, &key.shape.kind) {
        (Some(value), _) => literal(model, &key.shape, value),
        (None, Type::Bool) => quote!(false),
        (None, Type::Str) => quote!(""),
        (None, Type::Int(int)) => integer(*int, number_bounds(key, *int).0.max(0)),
        (None, kind) => {
            let first = model.as_enum(kind).and_then(|(_, body)| body.values.first());
            let first = Value::Text(first.map(|value| value.name.clone()).unwrap_or_default());
            literal(model, &key.shape, &first)
        }
    }
}

fn printing(model: &Model, options: Options) -> TokenStream {
    let generics = generics_of(model, &quote!('_));
    let fields: Vec<_> = model
        .config
        .iter()
        .map(|key| (key.name.as_str(), key.secret))
        .collect();
    derive::printing(&named_config(), &generics, &fields, options)
}

fn named_config() -> Ident {
    quote::format_ident!("Config")
}

fn bridge_keys(model: &Model) -> impl Iterator<Item = &ConfigKey> {
    model.config.iter().filter(|key| key.scope == Scope::Bridge)
}

fn id(key: &ConfigKey) -> Literal {
    Literal::u8_unsuffixed(key.id.and_then(|id| u8::try_from(id).ok()).unwrap_or(0))
}

fn codec(model: &Model) -> TokenStream {
    let (named, anonymous) = (generics_of(model, &quote!('a)), generics_of(model, &quote!('_)));
    let input = if named.is_empty() { quote!('_) } else { quote!('a) };
    let body = if named.is_empty() {
        quote!(&[u8])
    } else {
        quote!(&'a [u8])
    };
    let max = Literal::u64_unsuffixed(bridge_keys(model).filter_map(|key| size::entry(model, key)).sum());
    let writes = bridge_keys(model).map(|key| encode_key(model, key));
    let reads = bridge_keys(model).map(|key| decode_key(model, key));
    quote! {
        impl Config #anonymous {
            /// Most bytes that [`Self::encode`] writes.
            pub const MAX_ENCODED: usize = #max;
            /// Writes the keys that go to the bridge and differ from their defaults.
            ///
            /// # Errors
            /// The buffer is too small, or a value is beyond its bounds.
            pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
                self.write(out);
                out.finish()
            }
            pub(super) fn write(&self, out: &mut wire::Writer<'_>) {
                #(#writes)*
            }
        }
        impl #named Config #named {
            /// Reads what [`Self::encode`] wrote; unknown keys are skipped, absent ones have their defaults.
            ///
            /// # Errors
            /// A value is beyond its bounds, or an entry is cut off.
            pub fn decode(entries: #body) -> Result<Self, wire::DecodeError> {
                Self::read(&mut wire::Reader::new(entries))
            }
            pub(super) fn read(input: &mut wire::Reader<#input>) -> Result<Self, wire::DecodeError> {
                let mut settings = Config::DEFAULT;
                while !input.is_empty() {
                    let (id, mut value) = input.entry()?;
                    let input = &mut value;
                    match id {
                        #(#reads)*
                        _ => {}
                    }
                }
                Ok(settings)
            }
        }
    }
}

fn encode_key(model: &Model, key: &ConfigKey) -> TokenStream {
    let (name, text, id) = (value_ident(&key.name), &key.name, id(key));
    let differs = differs(model, key, &quote!(self.#name));
    let value = quote!(self.#name);
    let entry = match key.shape.kind {
        Type::Str => {
            let max = max_len(&key.shape);
            quote!(out.text_entry(#id, #text, #value, #max);)
        }
        Type::Bool => quote!(out.byte_entry(#id, u8::from(#value));),
        Type::Int(int) if is_plain(&key.shape, int) => {
            let check = check_range(&key.shape, int, text, &value);
            match int.bits {
                8 => quote!(#check out.byte_entry(#id, #value);),
                32 => quote!(#check out.number_entry(#id, #value);),
                _ => quote!(#check out.number_entry(#id, #value.into());),
            }
        }
        ref kind if model.as_enum(kind).is_some() => quote!(out.byte_entry(#id, #value.number());),
        _ => {
            let content = encode(model, &key.shape, text, &value);
            quote!(out.entry(#id, |out| { #content });)
        }
    };
    if key.required && key.shape.kind != Type::Str {
        // No value stands for not having been set.
        return entry;
    }
    quote!(if #differs { #entry })
}

/// Unsigned, of 32 bits at most, and in the usual encoding.
fn is_plain(shape: &Shape, int: Int) -> bool {
    !int.signed && int.bits <= 32 && !is_fixed(shape, int)
}

/// Whether a setting's value is not its default.
pub(super) fn differs(model: &Model, key: &ConfigKey, value: &TokenStream) -> TokenStream {
    match key.shape.kind {
        Type::Bool if key.default == Some(Value::Bool(true)) => quote!(!#value),
        Type::Bool => value.clone(),
        Type::Str if key.default.as_ref().is_none_or(is_empty) => {
            quote!(!#value.is_empty())
        }
        _ => {
            let default = default(model, key);
            quote!(#value != #default)
        }
    }
}

fn is_empty(default: &Value) -> bool {
    matches!(default, Value::Text(text) if text.is_empty())
}

fn decode_key(model: &Model, key: &ConfigKey) -> TokenStream {
    let (name, text, id) = (value_ident(&key.name), &key.name, id(key));
    let value = match key.shape.kind {
        Type::Str => {
            let max = max_len(&key.shape);
            quote!(input.rest_str(#text, #max)?)
        }
        _ => decode(model, &key.shape, text),
    };
    quote!(#id => settings.#name = #value,)
}

fn validate(model: &Model) -> TokenStream {
    let generics = generics_of(model, &quote!('_));
    let checks = model.config.iter().filter_map(|key| {
        let (name, info) = (value_ident(&key.name), const_ident(&key.name));
        match key.shape.kind {
            Type::Str => Some(quote!(key::#info.check_text(self.#name)?;)),
            Type::Int(int) if int.bits == 64 && !int.signed => {
                Some(quote!(key::#info.check_number(i64::try_from(self.#name).unwrap_or(i64::MAX))?;))
            }
            Type::Int(int) => {
                bounds(&key.shape, int).map(|_| quote!(key::#info.check_number(self.#name.into())?;))
            }
            _ => None,
        }
    });
    quote! {
        impl Config #generics {
            /// Holds every value against the spec's bounds.
            ///
            /// # Errors
            /// The first key that is beyond them, or required and empty.
            pub fn validate(&self) -> Result<(), wire::ConfigError<'static>> {
                #(#checks)*
                Ok(())
            }
        }
    }
}

fn set(model: &Model) -> TokenStream {
    let (named, value) = match config_borrows(model) {
        true => (quote!(<'a>), quote!('a)),
        false => (TokenStream::new(), quote!('v)),
    };
    let own = (!config_borrows(model)).then(|| quote!('v,));
    let arms = model.config.iter().map(|key| set_key(model, key));
    quote! {
        impl #named Config #named {
            /// Sets a key from its name and its value as text, as they stand in a configuration file.
            ///
            /// # Errors
            /// There is no such key, or the value does not fit it; the settings are unchanged then.
            pub fn set<#own 'k>(
                &mut self,
                name: &'k str,
                value: &#value str,
            ) -> Result<(), wire::ConfigError<'k>>
            where
                #value: 'k
            {
                match name {
                    #(#arms)*
                    _ => {
                        return Err(wire::ConfigError { key: name, problem: wire::ConfigProblem::UnknownKey });
                    }
                }
                Ok(())
            }
        }
    }
}

fn set_key(model: &Model, key: &ConfigKey) -> TokenStream {
    let (text, name, info) = (&key.name, value_ident(&key.name), const_ident(&key.name));
    match &key.shape.kind {
        Type::Bool => quote!(#text => self.#name = key::#info.parse_bool(value)?,),
        Type::Str => quote! {
            #text => {
                key::#info.check_text(value)?;
                self.#name = value;
            }
        },
        // The bounds of the key lie within those of its type.
        Type::Int(int) if int.bits == 64 && int.signed => {
            quote!(#text => self.#name = key::#info.parse_number(value)?,)
        }
        Type::Int(int) => {
            let kind = quote::format_ident!("{}", int.name());
            quote!(#text => self.#name = key::#info.parse_number(value)? as #kind,)
        }
        _ => {
            let kind = rust_type(model, &key.shape, &quote!('a));
            quote!(#text => self.#name = #kind::from_name(value).ok_or_else(|| key::#info.not_a_choice(value))?,)
        }
    }
}

fn keys(model: &Model, options: Options) -> TokenStream {
    if model.config.is_empty() {
        return TokenStream::new();
    }
    let defmt = derive::defmt_derive(options);
    let variants: Vec<_> = model.config.iter().map(|key| type_ident(&key.name)).collect();
    let docs = model.config.iter().map(|key| doc::doc(&key.doc));
    let ids: Vec<_> = model.config.iter().map(id).collect();
    let texts = model.config.iter().map(|key| &key.name);
    let infos = model.config.iter().map(|key| const_ident(&key.name));
    quote! {
        /// The name of a setting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #defmt
        #[repr(u8)]
        pub enum ConfigKey { #(#docs #variants = #ids),* }
        impl ConfigKey {
            /// Number on the wire.
            pub const fn id(self) -> u8 { self as u8 }
            /// The key of that number.
            pub const fn from_id(id: u8) -> Option<Self> {
                match id {
                    #(#ids => Some(Self::#variants),)*
                    _ => None,
                }
            }
            /// The key of that name in the spec.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    #(#texts => Some(Self::#variants),)*
                    _ => None,
                }
            }
            /// Everything the spec says about it.
            pub const fn info(self) -> &'static wire::KeyInfo {
                match self { #(Self::#variants => &key::#infos),* }
            }
        }
    }
}

fn infos(model: &Model) -> TokenStream {
    let infos = model.config.iter().map(|key| info(model, key));
    let names = model.config.iter().map(|key| const_ident(&key.name));
    quote! {
        /// Everything the spec says about each key, in its order.
        pub const KEYS: &[wire::KeyInfo] = &[#(key::#names),*];

        /// One constant per key.
        pub mod key {
            use ::fivewire_wire as wire;
            #(#infos)*
        }
    }
}

fn info(model: &Model, key: &ConfigKey) -> TokenStream {
    let (constant, name, id) = (const_ident(&key.name), &key.name, id(key));
    let kind = kind(model, key);
    let default = super::messages::option(key.default.as_ref().map(|value| {
        let text = default_text(value);
        quote!(#text)
    }));
    let (min, max) = match key.shape.kind {
        Type::Int(int) => number_bounds(key, int),
        _ => (0, 0),
    };
    let (min, max) = (number(min), number(max));
    let max_len = if key.shape.kind == Type::Str {
        max_len(&key.shape)
    } else {
        quote!(0)
    };
    let unit = key.unit.as_deref().unwrap_or_default();
    let (secret, required, allow_empty) = (key.secret, key.required, key.allow_empty);
    let (scope, apply, text) = (scope(key), apply(key), &key.doc);
    let doc = doc::doc(&format!("What the spec says about `{name}`."));
    quote! {
        #doc
        pub const #constant: wire::KeyInfo = wire::KeyInfo {
            name: #name,
            id: #id,
            kind: #kind,
            default: #default,
            min: #min,
            max: #max,
            max_len: #max_len,
            unit: #unit,
            secret: #secret,
            required: #required,
            allow_empty: #allow_empty,
            scope: #scope,
            apply: #apply,
            doc: #text,
        };
    }
}

fn default_text(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Float(_) | Value::List(_) | Value::Map(_) => String::new(),
    }
}

fn kind(model: &Model, key: &ConfigKey) -> TokenStream {
    match &key.shape.kind {
        Type::Bool => quote!(wire::KeyKind::Bool),
        Type::Int(_) => quote!(wire::KeyKind::Number),
        Type::Str => quote!(wire::KeyKind::Text),
        kind => {
            let words = model
                .as_enum(kind)
                .map(|(_, body)| body.values.iter().map(|value| &value.name));
            let words = words.into_iter().flatten();
            quote!(wire::KeyKind::Choice(&[#(#words),*]))
        }
    }
}

fn scope(key: &ConfigKey) -> TokenStream {
    match key.scope {
        Scope::Bridge => quote!(wire::Scope::Bridge),
        Scope::Host => quote!(wire::Scope::Host),
    }
}

fn apply(key: &ConfigKey) -> TokenStream {
    match key.apply.unwrap_or(Apply::Live) {
        Apply::Live => quote!(wire::Apply::Live),
        Apply::Reconnect => quote!(wire::Apply::Reconnect),
        Apply::Reboot => quote!(wire::Apply::Reboot),
    }
}
