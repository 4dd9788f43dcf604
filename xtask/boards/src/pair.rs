//! Whether two images can talk, by the rule that their links will apply, and if not, what differs.

use fivewire_link::Hello;

use crate::elf::Identity;
use crate::manifest::Manifest;

/// Why two images cannot talk; None when they can.
#[must_use]
pub fn conflict(one: &Manifest, other: &Manifest) -> Option<String> {
    if hello(one.identity()).is_compatible(&hello(other.identity())) {
        return None;
    }
    let said = |image: &Manifest| {
        let Manifest {
            board,
            wire_hash,
            revision,
            min_revision,
            ..
        } = image;
        format!("{board} has wire hash {wire_hash:#010x}, revision {revision} (down to {min_revision})")
    };
    let differ = differing(one, other);
    let list = if differ.is_empty() {
        "their revisions".to_owned()
    } else {
        differ.join(", ")
    };
    Some(format!(
        "{} and {} cannot talk: {}; {}; what differs: {list}",
        one.board,
        other.board,
        said(one),
        said(other)
    ))
}

/// Epoch and bodies are of no account to who may talk.
const fn hello(identity: Identity) -> Hello {
    Hello::new(identity.revision, identity.min_revision, identity.wire_hash, 0, 0)
}

/// The parts of the protocol that are not the same in both, with who lacks one.
fn differing(one: &Manifest, other: &Manifest) -> Vec<String> {
    let lacks = |image: &Manifest, name: &String| format!("{name} (not in {})", image.board);
    let changed = one
        .parts
        .iter()
        .filter_map(|(name, hash)| match other.parts.get(name) {
            Some(same) if same == hash => None,
            Some(_) => Some(name.clone()),
            None => Some(lacks(other, name)),
        });
    let added = other.parts.keys().filter(|name| !one.parts.contains_key(*name));
    changed.chain(added.map(|name| lacks(one, name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::End;
    use crate::manifest::tests::manifest;
    use expect_test::expect;

    #[test]
    fn images_of_one_spec_can_talk() {
        assert_eq!(
            conflict(&manifest("pico", End::Host), &manifest("esp32c3", End::Bridge)),
            None
        );
    }

    #[test]
    fn a_pair_that_cannot_talk_is_told_what_differs() {
        let pico = manifest("pico", End::Host);
        let mut esp = manifest("esp32c3", End::Bridge);
        esp.wire_hash = 7;
        esp.parts = [("command publish".to_owned(), 9), ("command ping".to_owned(), 3)].into();
        let expected = expect![
            "pico and esp32c3 cannot talk: pico has wire hash 0x0badcafe, revision 2 (down to 1); esp32c3 has wire hash 0x00000007, revision 2 (down to 1); what differs: command publish, event message (not in esp32c3), command ping (not in pico)"
        ];
        expected.assert_eq(&conflict(&pico, &esp).unwrap());
    }

    #[test]
    fn revisions_that_reach_each_other_can_talk_and_others_cannot() {
        let pico = manifest("pico", End::Host);
        let mut esp = Manifest {
            revision: 3,
            wire_hash: 7,
            ..manifest("esp32c3", End::Bridge)
        };
        assert_eq!(
            conflict(&pico, &esp),
            None,
            "the newer one knows what the older one lacks"
        );
        esp.min_revision = 3;
        assert!(
            conflict(&pico, &esp)
                .unwrap()
                .ends_with("what differs: their revisions")
        );
    }
}
