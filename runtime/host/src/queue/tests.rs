//! The queue under random use: whatever happens, what goes out is what came in, in order, and each publication has
//! exactly one receipt.

extern crate std;

use super::*;
use core::time::Duration;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::format;
use std::string::String;
use std::vec::Vec as StdVec;

type Small = Queue<6, 60>;

const WINDOW: Window = Window {
    messages: 3,
    bytes: 40,
};

#[derive(Clone, Copy, Debug)]
enum Step {
    Publish {
        topic: u8,
        len: usize,
        latest: bool,
        ttl: Option<u8>,
        owner: Owner,
    },
    Send,
    Answer {
        which: usize,
        outcome: Outcome,
    },
    GiveBack {
        which: usize,
    },
    Lose,
    Tick {
        ms: u8,
    },
    Detach {
        which: usize,
    },
    Poll,
}

fn step() -> impl Strategy<Value = Step> {
    let owner = prop_oneof![Just(Owner::Poll), Just(Owner::Task), Just(Owner::Nobody)];
    let publish = (
        0..3_u8,
        0..30_usize,
        any::<bool>(),
        proptest::option::of(0..20_u8),
        owner,
    )
        .prop_map(|(topic, len, latest, ttl, owner)| Step::Publish {
            topic,
            len,
            latest,
            ttl,
            owner,
        });
    let outcome = prop_oneof![Just(Outcome::Delivered), Just(Outcome::Rejected)];
    prop_oneof![
        4 => publish,
        4 => Just(Step::Send),
        2 => (0..4_usize, outcome).prop_map(|(which, outcome)| Step::Answer { which, outcome }),
        1 => (0..4_usize).prop_map(|which| Step::GiveBack { which }),
        1 => Just(Step::Lose),
        2 => (0..8_u8).prop_map(|ms| Step::Tick { ms }),
        1 => (0..8_usize).prop_map(|which| Step::Detach { which }),
        2 => Just(Step::Poll),
    ]
}

/// What should hold, kept beside the queue.
#[derive(Default)]
struct Model {
    now: u32,
    /// Accepted publications: text and owner.
    accepted: BTreeMap<u32, (String, StdVec<u8>, Owner)>,
    receipts: BTreeMap<u32, Receipt>,
    at_bridge: StdVec<u8>,
    next_number: u8,
}

impl Model {
    fn apply(&mut self, queue: &mut Small, step: Step) {
        match step {
            Step::Publish {
                topic,
                len,
                latest,
                ttl,
                owner,
            } => self.publish(queue, topic, len, latest, ttl, owner),
            Step::Send => self.send(queue),
            Step::Answer { which, outcome } => {
                if let Some(number) = self.pick(which) {
                    assert!(queue.answer(number, outcome, Reason::None));
                    assert!(
                        !queue.answer(number, outcome, Reason::None),
                        "an answer counts once"
                    );
                }
            }
            Step::GiveBack { which } => {
                if let Some(number) = self.pick(which) {
                    assert!(queue.give_back(number));
                }
            }
            Step::Lose => {
                queue.give_back_all();
                self.at_bridge.clear();
            }
            Step::Tick { ms } => {
                self.now = self.now.wrapping_add(ms.into());
                queue.expire(self.now);
            }
            Step::Detach { which } => self.detach(queue, which),
            Step::Poll => self.poll(queue),
        }
    }

    fn pick(&mut self, which: usize) -> Option<u8> {
        (which < self.at_bridge.len()).then(|| self.at_bridge.remove(which))
    }

    fn publish(
        &mut self,
        queue: &mut Small,
        topic: u8,
        len: usize,
        latest: bool,
        ttl: Option<u8>,
        owner: Owner,
    ) {
        let (topic, payload) = (format!("t{topic}"), [self.next_number; 30][..len].to_vec());
        let mut options = if latest {
            Publish::qos1().latest_only()
        } else {
            Publish::qos1()
        };
        if let Some(ttl) = ttl {
            options = options.ttl(Duration::from_millis(ttl.into()));
        }
        match queue.accept(self.now, &topic, &payload, options, owner) {
            Ok(PublishId(id)) => assert!(self.accepted.insert(id, (topic, payload, owner)).is_none()),
            Err(error) => assert_eq!(error, PublishError::Full),
        }
    }

    fn send(&mut self, queue: &mut Small) {
        let Some(next) = queue.next(WINDOW) else { return };
        let id = queue
            .entries
            .get(next.index)
            .map(|entry| entry.id.0)
            .expect("there is an entry at the index");
        let (topic, payload, _) = &self.accepted[&id];
        assert_eq!(
            (next.topic, next.payload),
            (topic.as_str(), payload.as_slice()),
            "it goes out as it came in"
        );
        let waiting = queue.entries.iter().filter(|entry| entry.place == Place::Waiting);
        assert!(waiting.clone().all(|entry| entry.id.0 >= id), "in order");
        let index = next.index;
        queue.sent(index, self.next_number);
        self.at_bridge.push(self.next_number);
        self.next_number = self.next_number.wrapping_add(1);
        let (messages, bytes) = queue.at_bridge();
        assert!(messages <= WINDOW.messages && bytes <= WINDOW.bytes);
    }

    fn detach(&mut self, queue: &mut Small, which: usize) {
        let Some((&id, (_, _, owner))) = self.accepted.iter_mut().nth(which) else {
            return;
        };
        if *owner == Owner::Task && !self.receipts.contains_key(&id) {
            *owner = Owner::Nobody;
            queue.detach(PublishId(id));
        }
    }

    fn poll(&mut self, queue: &mut Small) {
        while let Some((PublishId(id), receipt)) = queue.poll_receipt() {
            assert_eq!(self.accepted[&id].2, Owner::Poll);
            assert_eq!(self.receipts.insert(id, receipt), None, "one receipt");
        }
        for (&id, (_, _, owner)) in &self.accepted {
            if let Some(receipt) = queue.take_receipt(PublishId(id)) {
                assert_eq!(*owner, Owner::Task);
                assert_eq!(self.receipts.insert(id, receipt), None, "one receipt");
            }
        }
    }

    /// The bridge answers everything.
    fn drain(&mut self, queue: &mut Small) {
        for _ in 0..20 {
            self.send(queue);
            if let Some(number) = self.pick(0) {
                assert!(queue.answer(number, Outcome::Delivered, Reason::None));
            }
        }
        self.poll(queue);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_publication_has_one_receipt(steps in proptest::collection::vec(step(), 0..120)) {
        let (mut queue, mut model) = (Small::new(), Model { now: u32::MAX - 50, ..Model::default() });
        for step in steps {
            model.apply(&mut queue, step);
        }
        model.drain(&mut queue);
        for (id, (_, _, owner)) in &model.accepted {
            prop_assert_eq!(model.receipts.contains_key(id), *owner != Owner::Nobody);
        }
        prop_assert!(queue.entries.is_empty());
        prop_assert_eq!(queue.bytes.free(), 60);
    }
}

#[test]
fn a_new_publication_supersedes_only_if_that_makes_room() {
    let mut queue = Small::new();
    let latest = Publish::qos1().latest_only();
    let first = queue
        .accept(0, "t", &[0; 30], latest, Owner::Poll)
        .expect("there is room");
    queue
        .accept(0, "u", &[0; 20], latest, Owner::Poll)
        .expect("there is room");
    assert_eq!(
        queue.accept(0, "t", &[0; 40], latest, Owner::Poll),
        Err(PublishError::Full)
    );
    assert_eq!(queue.poll_receipt(), None);
    assert!(queue.accept(0, "t", &[0; 38], latest, Owner::Poll).is_ok());
    assert_eq!(queue.poll_receipt(), Some((first, Receipt::Superseded)));
}
