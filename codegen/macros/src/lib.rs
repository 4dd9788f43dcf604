//! `protocol!("file.yaml")`: the fivewire protocol compiler as a macro, for crates with a protocol of their own.
//!
//! It gives the same code that `fivewire-wire` holds for the MQTT bridge, as modules where the macro stands. The crate that
//! uses it depends on `fivewire-wire` too, whose hand-written part the generated code calls. What the compiler does is
//! `fivewire-codegen`'s business; here is only how a macro finds its file and says what is wrong with it.
//!
//! Warnings about a spec are not shown, as a macro has no way to; `cargo xtask check` shows them.

mod expand;

use proc_macro::TokenStream;

/// Compiles the spec in a file and stands for its modules: `command`, `reply`, `event`, `status`, `types`, `config`, `dispatch`, and
/// the constants beside them.
///
/// The path is relative to the folder of the crate's Cargo.toml, or absolute. A change of the file compiles the crate again,
/// wherever the file lies. Everything that is wrong with the spec is in one compile error.
///
/// ```
/// mod lamp {
///     fivewire_codegen_macros::protocol!("tests/specs/small.yaml");
/// }
///
/// assert_eq!(lamp::Command::decode(&[0x10]), Ok(lamp::command::Blink.into()));
/// ```
///
/// With `protocol!("lamp.yaml", defmt)` every type also has a `defmt::Format` behind the crate's feature `defmt`.
#[proc_macro]
pub fn protocol(input: TokenStream) -> TokenStream {
    expand::protocol(input.into()).into()
}
