//! Sequences that this client fails because the standard says otherwise, each with the clause.
//!
//! They are played and counted like all others. Not here: sequences that merely fail.

/// Part of a sequence's name, and why it asks for what the standard does not allow.
const ARGUED_V5: &[(&str, &str)] = &[(
    "| 2*subscription-identifier",
    "MQTT 5.0, 3.3.4: a client that used the same identifier for several subscriptions gets a PUBLISH with \"multiple \
     identical Subscription Identifiers\". To close the connection would be wrong.",
)];

/// The argument about a sequence, if there is one.
pub(crate) fn clause(version: u8, name: &str) -> Option<&'static str> {
    let list = if version == 5 { ARGUED_V5 } else { &[] };
    list.iter()
        .find(|(part, _)| name.contains(part))
        .map(|(_, clause)| *clause)
}
