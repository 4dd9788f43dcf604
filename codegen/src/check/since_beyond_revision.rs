//! `since` and `deprecated` outside the protocol's life.

use super::context::{Context, Item};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Most often `revision` was not raised.
pub(crate) static RULE: Rule = Rule {
    code: Code(22),
    name: "since_beyond_revision",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "`since` names the revision that brought something and `deprecated` the one that gave it up. Both lie between \
              1 and the spec's own revision, and nothing is given up before it came.",
        wrong: "statuses:
  ready: {code: 0x01, severity: info, since: 2, doc: Ready.}
",
        right: "protocol: {name: example, revision: 2, min: 1, doc: An example.}
statuses:
  ready: {code: 0x01, severity: info, since: 2, doc: Ready.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    // A revision that is missing or wrong is reported elsewhere.
    let Some(revision) = cx.model.protocol.revision.filter(|&revision| revision >= 1) else {
        return;
    };
    for item in cx.items() {
        word(cx, &item, "since", item.since, revision, findings);
        if let Some(deprecated) = item.deprecated {
            word(cx, &item, "deprecated", deprecated, revision, findings);
            early(cx, &item, deprecated, findings);
        }
    }
}

fn word(cx: &Context<'_>, item: &Item<'_>, word: &str, value: i128, revision: i128, findings: &mut Findings) {
    if (1..=revision).contains(&value) {
        return;
    }
    let message = format!("`{word}` of `{}` is not a revision of this protocol", item.name);
    let label = format!("not from 1 to {revision}");
    let finding = Finding::new(&RULE, cx.value(&item.at(word)), message, label)
        .also(cx.value("protocol.revision"), "the revision of this spec")
        .help("a change of the protocol raises `revision` by one, and what it brings says so in `since`");
    findings.push(finding);
}

fn early(cx: &Context<'_>, item: &Item<'_>, deprecated: i128, findings: &mut Findings) {
    if deprecated < item.since {
        let message = format!("`{}` is deprecated before it came", item.name);
        let label = format!("earlier than its `since`, {}", item.since);
        let finding = Finding::new(&RULE, cx.value(&item.at("deprecated")), message, label);
        findings.push(finding.help("a later revision gives up what an earlier one brought"));
    }
}
