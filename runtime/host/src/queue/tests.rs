//! The queue under random use: whatever happens, what goes out is what came in, in order and under its packet
//! identifier, each publication has exactly one receipt, and what the broker may hold is released.

extern crate std;

use super::*;
use crate::packet_ids::PacketIds;
use fivewire_wire::Outcome;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
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
        qos: QoS,
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
        prop_oneof![Just(QoS::AtLeastOnce), Just(QoS::ExactlyOnce)],
        proptest::option::of(0..20_u8),
        owner,
    )
        .prop_map(|(topic, len, latest, qos, ttl, owner)| Step::Publish {
            topic,
            len,
            latest,
            qos,
            ttl,
            owner,
        });
    let outcome = prop_oneof![
        Just(Outcome::Delivered),
        Just(Outcome::Received),
        Just(Outcome::Rejected)
    ];
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

/// What is at the bridge: a frame's number, and whether it is a release.
type Sent = (u8, bool);

/// What should hold, kept beside the queue.
struct Model {
    now: u32,
    ids: PacketIds,
    /// Accepted publications: text and owner.
    accepted: BTreeMap<u32, (String, StdVec<u8>, Owner)>,
    receipts: BTreeMap<u32, Receipt>,
    /// Packet identifiers under which QoS 2 publications went out whose handshakes have not ended.
    held: BTreeMap<u16, u32>,
    /// Publications that the broker confirmed to have received.
    received: BTreeSet<u32>,
    at_bridge: StdVec<Sent>,
    next_number: u8,
}

impl Model {
    fn new() -> Self {
        Self {
            now: u32::MAX - 50,
            ids: PacketIds::new(),
            accepted: BTreeMap::new(),
            receipts: BTreeMap::new(),
            held: BTreeMap::new(),
            received: BTreeSet::new(),
            at_bridge: StdVec::new(),
            next_number: 0,
        }
    }

    fn apply(&mut self, queue: &mut Small, step: Step) {
        match step {
            Step::Publish {
                topic,
                len,
                latest,
                qos,
                ttl,
                owner,
            } => {
                let mut options = Publish::with_qos(qos);
                options.latest_only = latest;
                options.ttl_ms = ttl.map(u32::from);
                self.publish(queue, &format!("t{topic}"), len, options, owner);
            }
            Step::Send => self.send(queue),
            Step::Answer { which, outcome } => {
                if let Some(sent) = self.pick(which) {
                    self.answer(queue, sent, outcome);
                }
            }
            Step::GiveBack { which } => match self.pick(which) {
                Some((number, true)) => assert!(queue.give_release_back(number)),
                Some((number, false)) => self.give_back(queue, number),
                None => {}
            },
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

    fn pick(&mut self, which: usize) -> Option<Sent> {
        (which < self.at_bridge.len()).then(|| self.at_bridge.remove(which))
    }

    fn publish(&mut self, queue: &mut Small, topic: &str, len: usize, options: Publish, owner: Owner) {
        let payload = [self.next_number; 30][..len].to_vec();
        let (payload_part, properties) = payload.split_at(len / 2);
        let publication = Publication {
            topic,
            payload: payload_part,
            properties,
            options,
        };
        match queue.accept(self.now, publication, owner) {
            Ok(PublishId(id)) => {
                let accepted = (topic.into(), payload, owner);
                assert!(self.accepted.insert(id, accepted).is_none());
            }
            Err(error) => assert_eq!(error, PublishError::Full),
        }
    }

    fn answer(&mut self, queue: &mut Small, (number, is_release): Sent, outcome: Outcome) {
        if is_release {
            let index = queue.find_release(number).expect("it is at the bridge");
            self.held.remove(&queue.entries[index].packet_id);
            assert!(queue.release_answered(number, Outcome::Delivered, Reason::None));
            assert!(!queue.release_answered(number, Outcome::Delivered, Reason::None));
            return;
        }
        let index = queue.find(number).expect("it is at the bridge");
        let entry = queue.entries[index];
        if outcome == Outcome::Received && entry.options.qos == QoS::ExactlyOnce {
            self.received.insert(entry.id.0);
        } else {
            self.held.remove(&entry.packet_id);
        }
        assert!(queue.answer(number, outcome, Reason::None));
        assert!(
            !queue.answer(number, outcome, Reason::None),
            "an answer counts once"
        );
    }

    fn give_back(&mut self, queue: &mut Small, number: u8) {
        let index = queue.find(number).expect("it is at the bridge");
        let before = queue.entries[index];
        assert!(queue.give_back(number));
        if matches!(before.place, Place::AtBridge { as_new: true, .. }) {
            self.held.remove(&before.packet_id);
        }
    }

    fn send(&mut self, queue: &mut Small) {
        if let Some((index, packet_id)) = queue.next_release() {
            assert!(
                self.held.contains_key(&packet_id),
                "only what the broker may hold"
            );
            queue.release_sent(index, self.next_number);
            self.went(true);
        }
        let Some(next) = queue.next(WINDOW) else { return };
        let index = next.index;
        let id = queue.entries[index].id.0;
        let (topic, payload, _) = &self.accepted[&id];
        let sent = [next.payload, next.properties].concat();
        assert_eq!(
            (next.topic, &sent),
            (topic.as_str(), payload),
            "it goes out as it came in"
        );
        assert!(!self.received.contains(&id), "never again once it was received");
        let waiting = queue.entries.iter().filter(|entry| entry.place == Place::Waiting);
        assert!(waiting.clone().all(|entry| entry.id.0 >= id), "in order");
        let (given, qos) = (next.packet_id, next.qos);
        let new_id = (given == 0).then(|| self.ids.count());
        if qos == QoS::ExactlyOnce {
            let known = self.held.insert(new_id.unwrap_or(given), id);
            assert!(
                known.is_none() || known == Some(id),
                "one identifier, one publication"
            );
        }
        queue.sent(index, self.next_number, new_id);
        self.went(false);
        let (messages, bytes) = queue.at_bridge();
        assert!(messages <= WINDOW.messages && bytes <= WINDOW.bytes);
    }

    fn went(&mut self, is_release: bool) {
        self.at_bridge.push((self.next_number, is_release));
        self.next_number = self.next_number.wrapping_add(1);
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
        for _ in 0..40 {
            self.send(queue);
            if let Some(sent) = self.pick(0) {
                self.answer(queue, sent, Outcome::Received);
            }
        }
        self.poll(queue);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_publication_has_one_receipt(steps in proptest::collection::vec(step(), 0..120)) {
        let (mut queue, mut model) = (Small::new(), Model::new());
        for step in steps {
            model.apply(&mut queue, step);
        }
        model.drain(&mut queue);
        for (id, (_, _, owner)) in &model.accepted {
            prop_assert_eq!(model.receipts.contains_key(id), *owner != Owner::Nobody);
        }
        prop_assert!(queue.entries.is_empty());
        prop_assert_eq!(model.held, BTreeMap::new(), "all handshakes ended");
        prop_assert_eq!(queue.bytes.free(), 60);
    }
}

fn put(queue: &mut Small, topic: &str, len: usize, options: Publish) -> Result<PublishId, PublishError> {
    let publication = Publication {
        topic,
        payload: &[0; 60][..len],
        properties: &[],
        options,
    };
    queue.accept(0, publication, Owner::Poll)
}

#[test]
fn a_new_publication_supersedes_only_if_that_makes_room() {
    let mut queue = Small::new();
    let latest = Publish::qos1().latest_only();
    let first = put(&mut queue, "t", 30, latest).expect("there is room");
    put(&mut queue, "u", 20, latest).expect("there is room");
    assert_eq!(put(&mut queue, "t", 40, latest), Err(PublishError::Full));
    assert_eq!(queue.poll_receipt(), None);
    assert!(put(&mut queue, "t", 38, latest).is_ok());
    assert_eq!(queue.poll_receipt(), Some((first, Receipt::Superseded)));
}

#[test]
fn what_the_broker_may_hold_is_not_superseded() {
    let mut queue = Small::new();
    let latest = Publish::qos2().latest_only();
    let first = put(&mut queue, "t", 1, latest).expect("there is room");
    queue.sent(0, 0, Some(9));
    queue.give_back_all();
    put(&mut queue, "t", 2, latest).expect("there is room");
    let next = queue.next(WINDOW).map(|next| (next.index, next.packet_id));
    assert_eq!(next, Some((0, 9)), "publication {first:?} goes first");
    assert_eq!(queue.poll_receipt(), None);
}

#[test]
fn releases_go_out_as_they_were_received_also_a_second_time() {
    let mut queue = Small::new();
    for number in 0..3 {
        put(&mut queue, "t", 1, Publish::qos2()).expect("there is room");
        queue.sent(number.into(), number, Some(u16::from(number) + 1));
    }
    for number in [1, 2, 0] {
        assert!(queue.answer(number, Outcome::Received, Reason::None));
    }
    assert_eq!(queue.bytes.free(), 60, "payloads are no longer needed");
    let release_all = |queue: &mut Small| {
        let mut all = StdVec::new();
        while let Some((index, packet_id)) = queue.next_release() {
            queue.release_sent(index, 10 + all.len() as u8);
            all.push(packet_id);
        }
        all
    };
    assert_eq!(release_all(&mut queue), [2, 3, 1]);
    queue.give_back_all();
    assert_eq!(release_all(&mut queue), [2, 3, 1]);
    assert!(queue.holds(1) && queue.holds(3) && !queue.holds(4));
}
