//! A program that connects, subscribes, publishes at QoS 1 and passes on what it receives, in MQTT 5.0: as `v311`, with
//! the other client.
//!
//! It is only ever linked; on a computer it is empty.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod board;

#[cfg(target_os = "none")]
mod program {
    use cortex_m_rt::entry;
    use fivewire_mqtt::{
        QoS,
        v5::{Client, ConnectOptions, Event, Publication, Subscription},
    };

    use crate::board::{now_ms, read, write};

    type Bridge = Client<512, 1024, 8>;

    #[entry]
    fn main() -> ! {
        static mut CLIENT: Bridge = Bridge::new();
        loop {
            let connected = CLIENT.connect(now_ms(), &ConnectOptions::new("bridge"));
            while connected.is_ok() && serve(CLIENT) {}
            CLIENT.transport_closed();
        }
    }

    /// One turn; false when the connection is lost.
    fn serve(client: &mut Bridge) -> bool {
        let written = write(client.output());
        client.consume_output(written);
        let mut bytes = [0; 64];
        client.handle_input(now_ms(), read(&mut bytes));
        let mut greeted = false;
        while let Some(event) = client.poll_event() {
            let message = match event {
                Event::Connected { session_present, .. } => {
                    greeted = !session_present;
                    None
                }
                Event::Message {
                    topic,
                    payload,
                    packet_id,
                    ..
                } => {
                    write(topic.as_bytes());
                    write(payload);
                    packet_id
                }
                Event::Published { packet_id, .. } => {
                    write(&packet_id.get().to_be_bytes());
                    None
                }
                Event::Refused { .. } | Event::Disconnected { .. } | Event::Lost(_) => return false,
                Event::Subscribed { .. } | Event::Unsubscribed { .. } | Event::Discarded { .. } => None,
            };
            // One that came on an earlier connection needs none.
            let _ = message.map(|id| client.acknowledge(id));
        }
        client.handle_timeout(now_ms());
        let subscribed = !greeted || client.subscribe(now_ms(), &Subscription::new("in/#", QoS::AtLeastOnce)).is_ok();
        let payload = read(&mut bytes);
        let published = client.publish(now_ms(), &Publication::new("out/t", payload, QoS::AtLeastOnce));
        subscribed && published.is_ok()
    }
}

#[cfg(not(target_os = "none"))]
fn main() {}
