//! The demos by name, for the command lines of all programs that start one or put one into an image.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use fivewire_host_fw_app::DemoName;

/// Takes a demo's name; help and errors list them all.
#[must_use]
pub fn names() -> impl TypedValueParser<Value = DemoName> {
    let value = |demo: DemoName| PossibleValue::new(demo.as_str()).help(demo.about());
    PossibleValuesParser::new(DemoName::ALL.map(value))
        .try_map(|name| DemoName::from_name(&name).ok_or("there is no such demo"))
}
