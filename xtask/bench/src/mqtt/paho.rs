//! The contestant that is not ours to compile: paho-mqtt in a Python of its user's, installed beside this program.
//!
//! Where Python, pip or the package cannot be had, it says so and the contest goes on without.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::Context as _;

const PACKAGE: &str = "paho-mqtt>=2,<3";
const PYTHON: &str = "python3";
const SCRIPT: &str = include_str!("paho_client.py");

/// A Python that can import it.
pub(crate) struct Paho {
    packages: PathBuf,
}

impl Paho {
    /// Looks for it, and installs it into a folder below `target` when it is not there; why not, else.
    pub(crate) fn provide() -> Result<Self, String> {
        let exe = env::current_exe().map_err(|error| error.to_string())?;
        let paho = Self {
            packages: exe.with_file_name("paho-mqtt"),
        };
        if !answers(Command::new(PYTHON).arg("--version")) {
            return Err(format!("there is no {PYTHON}"));
        }
        if paho.is_there() {
            return Ok(paho);
        }
        if !answers(Command::new(PYTHON).args(["-m", "pip", "--version"])) {
            return Err(format!("{PYTHON} has no pip to install it with"));
        }
        paho.install();
        if paho.is_there() {
            Ok(paho)
        } else {
            Err(format!("{PYTHON} -m pip install '{PACKAGE}' did not give it"))
        }
    }

    /// The contestant's process, without its job.
    pub(crate) fn command(&self) -> Command {
        let mut python = Command::new(PYTHON);
        python.env("PYTHONPATH", &self.packages).args(["-c", SCRIPT]);
        python
    }

    fn is_there(&self) -> bool {
        let mut python = Command::new(PYTHON);
        python.env("PYTHONPATH", &self.packages);
        answers(python.args(["-c", "from paho.mqtt.client import CallbackAPIVersion"]))
    }

    /// pip's own words go to standard error, so that they stay out of `--json`.
    fn install(&self) {
        let mut pip = Command::new(PYTHON);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--root-user-action", "ignore", "--upgrade", "--target"])
            .arg(&self.packages)
            .arg(PACKAGE)
            .stdout(Stdio::null());
        // Whether it worked shows when it is imported.
        let _ = pip.status().context("pip");
    }
}

/// Whether it starts, and ends well.
fn answers(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::job::{PAYLOAD, TOPIC};

    #[test]
    fn the_script_sends_the_same_message() {
        let message = format!(
            "TOPIC, PAYLOAD = \"{TOPIC}\", b\"{}\"",
            String::from_utf8_lossy(PAYLOAD)
        );
        assert!(SCRIPT.contains(&message), "{message}");
    }

    #[test]
    fn a_missing_program_does_not_answer() {
        assert!(!answers(&mut Command::new("fivewire-no-such-program")));
        assert!(!answers(&mut Command::new("false")));
    }
}
