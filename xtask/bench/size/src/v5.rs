//! A program that connects, subscribes, publishes at QoS 1 and passes on what it receives, in MQTT 5.0: as `v311`, with
//! the other client.
//!
//! It is only ever linked; on a computer it does nothing.
#![cfg_attr(target_os = "none", no_std, no_main)]

mod board;

use fivewire_mqtt::{
    QoS,
    v5::{Client, ConnectOptions, Event, Publication, Subscription},
};

use board::{now_ms, read, write};

type Bridge = Client<512, 1024, 8>;

#[cfg(target_os = "none")]
#[cortex_m_rt::entry]
fn entry() -> ! {
    static mut CLIENT: Bridge = Bridge::new();
    loop {
        connection(CLIENT);
    }
}

#[cfg(not(target_os = "none"))]
fn main() {
    // Compiled everywhere, so that no change of the client leaves it behind unnoticed.
    let _: fn(&mut Bridge) = connection;
}

/// From CONNECT to the end of the transport.
fn connection(client: &mut Bridge) {
    let connected = client.connect(now_ms(), &ConnectOptions::new("bridge"));
    while connected.is_ok() && serve(client) {}
    client.transport_closed();
}

/// One turn; false when the connection is lost.
fn serve(client: &mut Bridge) -> bool {
    let written = write(client.output());
    client.consume_output(written);
    let mut bytes = [0; 64];
    let mut unread = read(&mut bytes);
    while !unread.is_empty() {
        let taken = client.handle_input(now_ms(), unread);
        unread = unread.get(taken..).unwrap_or_default();
        if !events(client) {
            return false;
        }
    }
    client.handle_timeout(now_ms());
    let payload = read(&mut bytes);
    let publication = Publication::new("out/t", payload, QoS::AtLeastOnce);
    let published = client.publish(now_ms(), &publication);
    // One that was not taken the application offers again.
    write(&[u8::from(published.is_ok())]);
    events(client)
}

/// Passes on what came; false when the connection is lost.
fn events(client: &mut Bridge) -> bool {
    let mut subscribed = true;
    while let Some(event) = client.poll_event() {
        match event {
            Event::Connected { session_present, .. } if session_present => {}
            Event::Connected { .. } => subscribed = subscribe(client),
            Event::Message {
                topic,
                payload,
                packet_id,
                ..
            } => {
                write(topic.as_bytes());
                write(payload);
                // It came on this connection, so it can be acknowledged.
                let _ = packet_id.map(|id| client.acknowledge(id));
            }
            Event::Published { packet_id, .. } => _ = write(&packet_id.get().to_be_bytes()),
            Event::Refused { .. } | Event::Disconnected { .. } | Event::Lost(_) => return false,
            Event::Subscribed { .. }
            | Event::Unsubscribed { .. }
            | Event::Discarded { .. }
            | Event::Received { .. }
            | Event::Released { .. } => {}
        }
    }
    subscribed
}

fn subscribe(client: &mut Bridge) -> bool {
    let subscription = Subscription::new("in/#", QoS::AtLeastOnce);
    client.subscribe(now_ms(), &subscription).is_ok()
}
