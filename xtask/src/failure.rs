//! How a command fails: what happened, and the command that mends it.
//!
//! Not a diagnostic renderer: findings in the spec are shown by the compiler in `codegen`, findings in the
//! tree by `tidy`. Both end in a `Failure` so that the last line a person reads is always something to type.

use std::fmt;

use serde_json::{Value, json};

/// Why a command stopped, and what to type next. Exit code 1.
#[derive(Debug)]
pub(crate) struct Failure {
    cause: anyhow::Error,
    mend: String,
}

impl Failure {
    /// A failure with its own message, ready to be returned by `?` or `Err`.
    pub(crate) fn because(message: impl Into<String>, mend: impl Into<String>) -> anyhow::Error {
        Self::wrap(anyhow::Error::msg(message.into()), mend)
    }

    /// Adds the mending command to `cause`. A failure that already names one keeps it: whoever was closer to
    /// the fault knows better.
    pub(crate) fn wrap(cause: anyhow::Error, mend: impl Into<String>) -> anyhow::Error {
        if cause.is::<Self>() {
            return cause;
        }
        Self {
            cause,
            mend: mend.into(),
        }
        .into()
    }

    /// The command that mends it.
    pub(crate) fn mend(&self) -> &str {
        &self.mend
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.cause)
    }
}

impl std::error::Error for Failure {}

/// A program of ours has failed, and has shown why and what mends it: nothing is left to say. Where it was asked for JSON,
/// its answer is kept.
#[derive(Debug, Default)]
pub(crate) struct Told(pub(crate) Value);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it failed as shown above")
    }
}

impl std::error::Error for Told {}

/// The `error` and `mend` of a command's JSON.
pub(crate) fn json(error: &anyhow::Error) -> (Value, Value) {
    match error.downcast_ref::<Told>() {
        Some(Told(said)) if said["error"].is_string() => (said["error"].clone(), said["mend"].clone()),
        _ => {
            let mend = error.downcast_ref::<Failure>().map(Failure::mend);
            (json!(format!("{error:#}")), json!(mend))
        }
    }
}

/// Names the mending command for whatever goes wrong in an expression.
pub(crate) trait Mend<T> {
    /// Turns an error into a [`Failure`] that ends with `mend`.
    fn mend(self, mend: impl Into<String>) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> Mend<T> for Result<T, E> {
    fn mend(self, mend: impl Into<String>) -> anyhow::Result<T> {
        self.map_err(|error| Failure::wrap(error.into(), mend))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mending_command_wins() {
        let inner: anyhow::Result<()> = Err(Failure::because("stale", "cargo xtask codegen"));
        let error = inner.mend("cargo xtask test").expect_err("it failed");
        let failure = error.downcast_ref::<Failure>().expect("still a Failure");
        assert_eq!(
            (failure.to_string().as_str(), failure.mend()),
            ("stale", "cargo xtask codegen")
        );
    }

    #[test]
    fn a_plain_error_keeps_its_causes() {
        let plain: anyhow::Result<()> = Err(anyhow::anyhow!("no such file").context("cannot read the spec"));
        let error = plain.mend("ls spec").expect_err("it failed");
        assert_eq!(error.to_string(), "cannot read the spec: no such file");
    }

    #[test]
    fn a_failure_is_told_as_json_by_whoever_knew_it() {
        let failure = Failure::because("stale", "cargo xtask codegen");
        assert_eq!(json(&failure), ("stale".into(), "cargo xtask codegen".into()));
        let told = Told(json!({"ok": false, "error": "no such key", "mend": null}));
        assert_eq!(json(&told.into()), ("no such key".into(), Value::Null));
    }
}
