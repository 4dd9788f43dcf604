//! What a person sees while it runs, on standard error: standard output is for the result. Deliberately plain lines.

use std::fmt::Display;
use std::time::Instant;

/// Writes the trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace {
    begun: Instant,
    detail: Detail,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    /// Nothing but errors.
    Nothing,
    /// What changes.
    Changes,
    /// Each line of each end as well.
    Everything,
}

impl Trace {
    pub(crate) fn new(detail: Detail) -> Self {
        Self {
            begun: Instant::now(),
            detail,
        }
    }

    /// Something that happened: who, and what.
    pub(crate) fn line(&self, who: &str, what: impl Display) {
        self.at(Detail::Changes, who, what);
    }

    /// Something that happens often.
    pub(crate) fn detail(&self, who: &str, what: impl Display) {
        self.at(Detail::Everything, who, what);
    }

    fn at(&self, detail: Detail, who: &str, what: impl Display) {
        if detail <= self.detail {
            eprintln!("{:>8.3}  {who:<7} {what}", self.begun.elapsed().as_secs_f64());
        }
    }
}
