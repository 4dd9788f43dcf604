//! The sequences, as their files have them: groups of tests, where a test takes from its group what it does not say.
//!
//! Not here: how they are played.

use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use crate::notation;

/// One sequence, ready to be played.
pub(crate) struct Sequence {
    pub(crate) name: String,
    pub(crate) version: u8,
    pub(crate) clean: bool,
    /// What the client is told to do after CONNACK, if anything.
    pub(crate) command: Option<String>,
    /// The client has to drop the connection at the end.
    pub(crate) offence: bool,
    pub(crate) steps: Vec<Step>,
}

/// What the broker does.
pub(crate) enum Step {
    Send(Vec<u8>),
    Expect(Vec<u8>),
}

#[derive(Deserialize)]
struct Group {
    group: String,
    #[serde(default)]
    disable: bool,
    #[serde(default)]
    group_msgs: Vec<Message>,
    tests: Vec<Test>,
    #[serde(flatten)]
    settings: Settings,
}

#[derive(Deserialize)]
struct Test {
    name: String,
    msgs: Vec<Message>,
    #[serde(flatten)]
    settings: Settings,
}

#[derive(Deserialize)]
struct Settings {
    ver: Option<u8>,
    clean_start: Option<bool>,
    connect: Option<bool>,
    connack: Option<bool>,
    expect_disconnect: Option<bool>,
    command: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    r#type: String,
    payload: String,
}

impl Message {
    fn step(&self) -> anyhow::Result<Step> {
        let bytes = notation::bytes(&self.payload)?;
        Ok(match self.r#type.as_str() {
            "send" => Step::Send(bytes),
            "recv" => Step::Expect(bytes),
            other => anyhow::bail!("a message is to be sent or received, not {other:?}"),
        })
    }
}

/// All enabled sequences of a version whose name contains `filter`.
pub(crate) fn load(dir: &Path, version: u8, filter: &str) -> anyhow::Result<Vec<Sequence>> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .with_context(|| format!("no sequences in {} (see --dir)", dir.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut sequences = Vec::new();
    for path in files {
        let stem = path
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(&path)?;
        let groups: Vec<Group> =
            serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        for group in groups.iter().filter(|group| !group.disable) {
            for test in &group.tests {
                sequences.push(sequence(&stem, group, test)?);
            }
        }
    }
    sequences.retain(|sequence| sequence.version == version && sequence.name.contains(filter));
    Ok(sequences)
}

fn sequence(stem: &str, group: &Group, test: &Test) -> anyhow::Result<Sequence> {
    let name = format!("{stem} | {} | {}", group.group, test.name);
    let (of_group, of_test) = (&group.settings, &test.settings);
    let version = of_test.ver.or(of_group.ver).unwrap_or(4);
    let clean = of_test.clean_start.or(of_group.clean_start).unwrap_or(true);
    let mut steps = Vec::new();
    if of_test.connect.or(of_group.connect).unwrap_or(true) {
        steps.push(Step::Expect(connect(version, clean)));
    }
    if of_test.connack.or(of_group.connack).unwrap_or(true) {
        steps.push(Step::Send(connack(version)));
    }
    for message in group.group_msgs.iter().chain(&test.msgs) {
        steps.push(message.step().with_context(|| name.clone())?);
    }
    Ok(Sequence {
        name,
        version,
        clean,
        command: of_test.command.clone().or_else(|| of_group.command.clone()),
        offence: of_test
            .expect_disconnect
            .or(of_group.expect_disconnect)
            .unwrap_or(true),
        steps,
    })
}

/// The CONNECT that the client has to begin with: id "fuzzish", keep alive 60, in 5.0 receive maximum 20.
fn connect(version: u8, clean: bool) -> Vec<u8> {
    let flags = if clean { 0x02 } else { 0x00 };
    let properties: &[u8] = if version == 5 { &[3, 0x21, 0, 20] } else { &[] };
    let mut body = b"\0\x04MQTT".to_vec();
    body.extend([version, flags, 0, 60]);
    body.extend(properties);
    body.extend(b"\0\x07fuzzish");
    let mut packet = vec![0x10, body.len() as u8];
    packet.append(&mut body);
    packet
}

/// The CONNACK of sequences that do not bring their own.
fn connack(version: u8) -> Vec<u8> {
    match version {
        5 => vec![0x20, 6, 0, 0, 3, 0x21, 0, 20],
        _ => vec![0x20, 2, 0, 0],
    }
}
