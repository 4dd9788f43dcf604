//! The ledger finds what it is there to find.

use super::*;
use crate::SimHost;
use crate::setup::Setup;

/// Ids as a host gives them.
fn ids() -> ([PublishId; 2], SubscriptionId) {
    let mut host = SimHost::new(Setup::quiet(0).config, 1, 0).unwrap();
    let publish = |host: &mut SimHost| host.publish("t", b"", Publish::qos1()).unwrap();
    let ids = [publish(&mut host), publish(&mut host)];
    (ids, host.subscribe("in/#", QoS::AtLeastOnce).unwrap())
}

fn message(topic: &str, payload: Vec<u8>) -> Message {
    Message {
        topic: topic.into(),
        payload,
        qos: 1,
        retain: false,
        properties: vec![],
    }
}

fn view(message: &Message) -> MessageView<'_> {
    let Message { topic, payload, .. } = message;
    MessageView {
        topic,
        payload,
        qos: QoS::AtLeastOnce,
        retained: false,
        dup: false,
        properties: &[],
    }
}

#[track_caller]
fn assert_says(verdict: Verdict, what: &str) {
    assert!(
        verdict.as_ref().is_err_and(|said| said.contains(what)),
        "{verdict:?}"
    );
}

/// A ledger with two accepted publications.
fn with_publications() -> (Ledger, [PublishId; 2], [Message; 2]) {
    let (ids, _) = ids();
    let mut ledger = Ledger::default();
    let messages = ids.map(|id| {
        let message = message("out", ledger.next_payload(20));
        assert_eq!(ledger.accepted(id, message.clone(), None, false), Ok(()));
        message
    });
    (ledger, ids, messages)
}

#[test]
fn a_publication_ends_once_and_as_it_may() {
    let (mut ledger, [first, second], [message, _]) = with_publications();
    assert_says(ledger.finish(), "no receipt");
    assert_eq!(ledger.arrived(&message, 1, false), Ok(()));
    assert_eq!(ledger.receipt(5, first, Receipt::Delivered), Ok(()));
    assert_says(ledger.receipt(5, first, Receipt::Delivered), "second receipt");
    assert_says(
        ledger.receipt(5, second, Receipt::Delivered),
        "the broker does not have it",
    );
    for (receipt, what) in [
        (Receipt::Expired, "time to live"),
        (Receipt::Superseded, "every one"),
    ] {
        let (mut ledger, [id, _], _) = with_publications();
        assert_says(ledger.receipt(5, id, receipt), what);
    }
}

#[test]
fn publications_arrive_whole_and_in_order() {
    let (mut ledger, _, [first, second]) = with_publications();
    assert_eq!(ledger.arrived(&second, 2, false), Ok(()));
    assert_says(ledger.arrived(&first, 1, false), "after 1 of the same topic");
    assert_says(
        ledger.arrived(
            &Message {
                retain: true,
                ..first
            },
            1,
            false,
        ),
        "changed",
    );
    assert_says(
        ledger.arrived(&message("out", b"stranger".to_vec()), 1, false),
        "nobody made",
    );
}

#[test]
fn messages_are_taken_before_they_are_acknowledged_whole_in_order_and_flagged() {
    let (_, id) = ids();
    let mut ledger = Ledger::default();
    ledger.subscribed(id, "in/#", QoS::AtLeastOnce);
    let [first, second] = [(); 2].map(|()| ledger.send("in/a", 300, 1, false, vec![]));
    assert_says(ledger.acknowledged(&first), "did not take it");
    assert_eq!(ledger.taken(id, &view(&second)), Ok(()));
    assert_eq!(ledger.acknowledged(&second), Ok(()));
    assert_says(ledger.taken(id, &view(&first)), "after 1 of one topic");
    assert_says(ledger.taken(id, &view(&second)), "without being flagged");
    assert_eq!(
        ledger.taken(
            id,
            &MessageView {
                dup: true,
                ..view(&second)
            }
        ),
        Ok(())
    );
    assert_says(
        ledger.taken(
            id,
            &MessageView {
                retained: true,
                ..view(&second)
            },
        ),
        "was not",
    );
    assert_says(
        ledger.taken(
            id,
            &MessageView {
                payload: b"i0:",
                ..view(&first)
            },
        ),
        "changed",
    );
    assert_eq!(
        first
            .payload
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        256
    );
}

#[test]
fn a_promised_message_must_come() {
    let mut ledger = Ledger::default();
    ledger.send("in/a", 10, 1, false, vec![]);
    ledger.promised();
    assert_says(ledger.finish(), "never came");
    ledger.forgotten();
    assert_eq!(ledger.finish(), Ok(()));
}

#[test]
fn a_packet_identifier_names_one_publication_for_as_long_as_that_is_open() {
    let (mut ledger, [id, _], [first, second]) = with_publications();
    assert_eq!(ledger.arrived(&first, 7, false), Ok(()));
    assert_eq!(ledger.arrived(&first, 7, false), Ok(()), "QoS 1 may come twice");
    assert_says(ledger.arrived(&first, 8, false), "before as 7");
    assert_says(ledger.arrived(&second, 7, false), "both packet 7");
    assert_eq!(ledger.receipt(5, id, Receipt::Delivered), Ok(()));
    assert_eq!(ledger.arrived(&second, 7, false), Ok(()));
}

#[test]
fn exactly_once_is_once_as_long_as_the_session_lasts() {
    let (ids, id) = ids();
    let mut ledger = Ledger::default();
    let publication = Message {
        qos: 2,
        ..message("out", ledger.next_payload(20))
    };
    ledger.accepted(ids[0], publication.clone(), None, false).unwrap();
    assert_eq!(ledger.arrived(&publication, 7, false), Ok(()));
    assert_eq!(ledger.arrived(&publication, 7, true), Ok(()));
    assert_says(ledger.arrived(&publication, 7, false), "came twice");
    ledger.session_lost();
    assert_eq!(ledger.arrived(&publication, 7, false), Ok(()));

    ledger.subscribed(id, "in/#", QoS::ExactlyOnce);
    let parcel = ledger.send("in/a", 9, 2, false, vec![]);
    let again = MessageView {
        qos: QoS::ExactlyOnce,
        dup: true,
        ..view(&parcel)
    };
    assert_eq!(ledger.taken(id, &again), Ok(()));
    assert_says(ledger.taken(id, &again), "came twice");
    ledger.host_restarted();
    ledger.subscribed(id, "in/#", QoS::ExactlyOnce);
    assert_eq!(ledger.taken(id, &again), Ok(()));
}
