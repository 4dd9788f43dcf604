//! The typed loader: serde_yaml reads the text as a [`Document`]; where it fails, each place that fails is a finding.
//!
//! serde stops at the first error. So on failure the tree is taken apart: each smallest unit (a field, a status, a
//! message) is offered to serde by itself, then each of its words by itself; what fails is reported and left out,
//! and the rest is loaded. Which words exist, and of which type, only `raw` says.

use crate::check::{unknown_word, wrong_type, yaml_syntax};
use crate::diagnostic::Findings;
use crate::parse::raw::{self, Document};
use crate::parse::tree::Tree;
use crate::parse::value;
use crate::source::Source;
use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

/// Loads the document, or nothing when the text is not even a map. `strict` says whether the strict pass had nothing
/// to say, so that the text can be read as it is.
pub(crate) fn load(
    source: &Source,
    tree: &Tree<'_>,
    strict: bool,
    findings: &mut Findings,
) -> Option<Document> {
    let direct = if strict {
        serde_yaml::from_str(source.text())
    } else {
        Ok(None)
    };
    if let Ok(Some(document)) = direct {
        return Some(document);
    }
    let mut pruner = Pruner {
        tree,
        findings,
        found: 0,
    };
    let document = pruner.document();
    if let (Err(error), 0) = (direct, pruner.found) {
        findings.push(yaml_syntax::from_serde(source, &error));
    }
    document
}

struct Pruner<'t, 's, 'f> {
    tree: &'t Tree<'s>,
    findings: &'f mut Findings,
    found: usize,
}

/// Loads a value as some `raw` type only to see whether it fails.
type Probe = fn(Value) -> Result<(), serde_yaml::Error>;

fn probe<T: DeserializeOwned>(value: Value) -> Result<(), serde_yaml::Error> {
    serde_yaml::from_value::<T>(value).map(drop)
}

impl Pruner<'_, '_, '_> {
    fn document(&mut self) -> Option<Document> {
        let mut root = value::of(self.tree);
        let is_map = self.unit(&mut root, "", probe::<Document>, Self::sections);
        is_map.then(|| serde_yaml::from_value(root).unwrap_or_default())
    }

    fn sections(&mut self, root: &mut Mapping, path: &str) {
        self.child(root, path, "protocol", probe::<raw::Protocol>, Self::nothing);
        self.each(root, path, "statuses", probe::<raw::Status>, Self::nothing);
        self.each(root, path, "types", probe::<raw::Type>, Self::type_parts);
        self.each(root, path, "commands", probe::<raw::Message>, Self::message_parts);
        self.each(root, path, "events", probe::<raw::Message>, Self::message_parts);
        self.each(root, path, "config", probe::<raw::ConfigKey>, Self::nothing);
        self.child(root, path, "reserved", probe::<raw::Reserved>, Self::nothing);
    }

    fn type_parts(&mut self, map: &mut Mapping, path: &str) {
        self.each(map, path, "values", probe::<raw::EnumValue>, Self::nothing);
        self.each(map, path, "fields", probe::<raw::Field>, Self::field_parts);
    }

    fn message_parts(&mut self, map: &mut Mapping, path: &str) {
        self.each(map, path, "fields", probe::<raw::Field>, Self::field_parts);
        self.each(map, path, "reply", probe::<raw::Field>, Self::field_parts);
        for text in ["text", "reply_text"] {
            if map.get(text).is_some_and(Value::is_mapping) {
                self.child(map, path, text, probe::<raw::TextForm>, Self::nothing);
            }
        }
    }

    fn field_parts(&mut self, map: &mut Mapping, path: &str) {
        if map.get("of").is_some_and(Value::is_mapping) {
            self.child(map, path, "of", probe::<raw::Field>, Self::field_parts);
        }
    }

    fn nothing(&mut self, _: &mut Mapping, _: &str) {}

    /// Prunes every entry of the map under `key`.
    fn each(
        &mut self,
        map: &mut Mapping,
        path: &str,
        key: &str,
        probe: Probe,
        parts: fn(&mut Self, &mut Mapping, &str),
    ) {
        let path = join(path, key);
        if let Some(Value::Mapping(entries)) = map.get_mut(key) {
            entries.retain(|name, entry| {
                self.unit(
                    entry,
                    &join(&path, name.as_str().unwrap_or_default()),
                    probe,
                    parts,
                )
            });
        }
    }

    /// Prunes the entry under `key`.
    fn child(
        &mut self,
        map: &mut Mapping,
        path: &str,
        key: &str,
        probe: Probe,
        parts: fn(&mut Self, &mut Mapping, &str),
    ) {
        let keep = map
            .get_mut(key)
            .is_some_and(|entry| self.unit(entry, &join(path, key), probe, parts));
        if !keep {
            map.remove(key);
        }
    }

    /// Prunes one unit: first what is inside it, then its own words. False when nothing of it is of use.
    fn unit(
        &mut self,
        unit: &mut Value,
        path: &str,
        probe: Probe,
        parts: fn(&mut Self, &mut Mapping, &str),
    ) -> bool {
        let Value::Mapping(map) = unit else {
            self.report(wrong_type::not_a_map(self.tree.value(path), name_of(path), unit));
            return false;
        };
        parts(self, map, path);
        if probe(Value::Mapping(map.clone())).is_err() {
            map.retain(|key, value| self.word(key, value, path, probe));
        }
        true
    }

    /// Asks serde about one word of a unit, alone, and about the elements of its list, each alone.
    fn word(&mut self, key: &Value, value: &Value, path: &str, probe: Probe) -> bool {
        let alone = |value: Value| probe(Value::Mapping(Mapping::from_iter([(key.clone(), value)])));
        let Err(error) = alone(value.clone()) else {
            return true;
        };
        let name = key.as_str().unwrap_or_default();
        let path = join(path, name);
        let error = error.to_string();
        match (error.strip_prefix("unknown field "), value) {
            (Some(rest), _) => self.report(unknown_word::finding(self.tree.key(&path), name, rest)),
            (None, Value::Sequence(elements)) if alone(Value::Sequence(Vec::new())).is_ok() => {
                self.elements(elements, &path, |element| alone(Value::Sequence(vec![element])));
            }
            (None, value) => self.report(wrong_type::finding(self.tree.value(&path), name, value, &error)),
        }
        false
    }

    fn elements(
        &mut self,
        elements: &[Value],
        path: &str,
        probe: impl Fn(Value) -> Result<(), serde_yaml::Error>,
    ) {
        for (index, element) in elements.iter().enumerate() {
            if let Err(error) = probe(element.clone()) {
                let place = self.tree.value(&format!("{path}.{index}"));
                self.report(wrong_type::element(
                    place,
                    name_of(path),
                    element,
                    &error.to_string(),
                ));
            }
        }
    }

    fn report(&mut self, finding: crate::diagnostic::Finding) {
        self.found += 1;
        self.findings.push(finding);
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}
