//! What a person or a script sees while it runs: lines, a status line on a terminal, or JSON lines.

use std::io::{IsTerminal as _, Write as _, stdout};
use std::time::Instant;

use serde_json::{Value, json};

/// Writes the trace.
#[derive(Debug)]
pub(crate) struct Trace {
    begun: Instant,
    json: bool,
    terminal: bool,
    verbose: bool,
}

impl Trace {
    pub(crate) fn new(json: bool, verbose: bool) -> Self {
        Self {
            begun: Instant::now(),
            json,
            terminal: stdout().is_terminal() && !json,
            verbose,
        }
    }

    /// Milliseconds since the trace began; wraps.
    pub(crate) fn now_ms(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }

    /// Something that happened: who, and what.
    pub(crate) fn line(&self, who: &str, what: &dyn std::fmt::Display) {
        if self.json {
            self.object(json!({"event": "trace", "who": who, "what": what.to_string()}));
            return;
        }
        let ms = self.now_ms();
        let (clear, strong, plain) = if self.terminal {
            ("\r\x1b[K", "\x1b[1m", "\x1b[0m")
        } else {
            ("", "", "")
        };
        say(&format!(
            "{clear}{:>4}.{:03}  {strong}{who:<7}{plain} {what}\n",
            ms / 1000,
            ms % 1000
        ));
    }

    /// Something that happens often: shown with --verbose.
    pub(crate) fn detail(&self, who: &str, what: &dyn std::fmt::Display) {
        if self.verbose {
            self.line(who, what);
        }
    }

    /// The state of affairs: a line that is overwritten on a terminal, else one now and then.
    pub(crate) fn status(&self, text: &str) {
        if self.terminal {
            say(&format!("\r\x1b[K{text}"));
        } else {
            self.line("sum", &text);
        }
    }

    /// How often [`status`](Self::status) is worth calling, in milliseconds.
    pub(crate) fn status_period_ms(&self) -> u32 {
        if self.terminal { 200 } else { 5000 }
    }

    /// The last words.
    pub(crate) fn end(&self, summary: &crate::summary::Summary) {
        if self.json {
            self.object(summary.to_json());
        } else {
            say(&format!(
                "{}\n{summary}\n",
                if self.terminal { "\r\x1b[K" } else { "" }
            ));
        }
    }

    fn object(&self, mut object: Value) {
        if let Some(fields) = object.as_object_mut() {
            fields.insert("ms".into(), self.now_ms().into());
        }
        say(&format!("{object}\n"));
    }
}

/// A reader that went away is no reason to stop.
fn say(text: &str) {
    let mut out = stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
