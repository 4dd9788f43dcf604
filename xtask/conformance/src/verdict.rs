//! Whether the client did right, sequence by sequence and in all.
//!
//! Not here: sequences that are believed wrong (see `argued`).

use crate::argued;
use crate::sequence::Sequence;

/// Why a sequence failed.
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn unexpected(got: &[u8], expected: &[u8]) -> Self {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let got = if got.is_empty() {
            "the end of the connection".to_owned()
        } else {
            hex(got)
        };
        Self(format!("got {got}, expected {}", hex(expected)))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Whether a packet is the expected one. In 5.0 an acknowledgement of success may leave its reason code and its empty property
/// list out, or not (3.4.2.1).
pub(crate) fn is_same(version: u8, got: &[u8], expected: &[u8]) -> bool {
    let essence = |packet: &[u8]| {
        let first = packet.first().copied();
        let mut body = packet.get(2..).unwrap_or_default().to_vec();
        if version == 5 && matches!(first, Some(0x40 | 0x50 | 0x62 | 0x70)) {
            while body.len() > 2 && body.last() == Some(&0) {
                body.pop();
            }
        }
        (first, body)
    };
    essence(got) == essence(expected)
}

/// What came out in all.
#[derive(Default)]
pub(crate) struct Tally {
    passed: usize,
    argued: Vec<String>,
    failed: Vec<(String, String)>,
    pub(crate) deaths: usize,
}

impl Tally {
    pub(crate) fn count(&mut self, sequence: &Sequence, outcome: Result<(), Failure>, verbose: bool) {
        let name = &sequence.name;
        match (outcome, argued::clause(sequence.version, name)) {
            (Ok(()), _) => {
                self.passed += 1;
                if verbose {
                    eprintln!("pass   {name}");
                }
            }
            (Err(Failure(why)), Some(clause)) => {
                eprintln!("argued {name}: {why}\n       {clause}");
                self.argued.push(name.clone());
            }
            (Err(Failure(why)), None) => {
                eprintln!("FAIL   {name}: {why}");
                self.failed.push((name.clone(), why));
            }
        }
    }

    /// Something was played, nothing failed, and the client lived through it.
    pub(crate) fn is_good(&self) -> bool {
        self.passed > 0 && self.failed.is_empty() && self.deaths == 0
    }

    pub(crate) fn print(&self, version: u8, json: bool) {
        let (passed, argued, failed) = (self.passed, self.argued.len(), self.failed.len());
        let all = passed + argued + failed;
        if json {
            let object = serde_json::json!({
                "version": version,
                "passed": passed,
                "argued": self.argued,
                "failed": self.failed,
                "client_deaths": self.deaths,
            });
            println!("{object}");
            return;
        }
        let version = if version == 5 { "5.0" } else { "3.1.1" };
        println!(
            "MQTT {version}: {passed} of {all} sequences passed, {argued} argued, the client died {} times",
            self.deaths
        );
    }
}
