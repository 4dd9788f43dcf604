//! A broker of a few lines that answers everything but QoS 1 publications; those only when it is told to. It is no
//! broker otherwise: one client, small packets.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::demo::wait_for;

#[derive(Default)]
struct Switches {
    published: AtomicBool,
    acknowledge: AtomicBool,
}

pub(crate) struct Stubborn {
    pub(crate) port: u16,
    switches: Arc<Switches>,
}

impl Stubborn {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let switches = Arc::new(Switches::default());
        let shared = Arc::clone(&switches);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // It ends with the connection or with the test.
                let _ = serve(stream, &shared);
            }
        });
        Self { port, switches }
    }

    /// Returns once a publication is here.
    pub(crate) fn wait_for_publish(&self) {
        wait_for("a publication", || self.switches.published.load(Ordering::SeqCst));
    }

    /// Lets the PUBACK go.
    pub(crate) fn acknowledge(&self) {
        self.switches.acknowledge.store(true, Ordering::SeqCst);
    }
}

fn serve(mut stream: TcpStream, switches: &Switches) -> std::io::Result<()> {
    loop {
        let mut start = [0; 2];
        stream.read_exact(&mut start)?;
        assert!(start[1] < 0x80, "a packet of these tests is short");
        let mut body = vec![0; start[1].into()];
        stream.read_exact(&mut body)?;
        match start[0] >> 4 {
            1 => stream.write_all(&[0x20, 2, 0, 0])?,
            8 => stream.write_all(&[0x90, 3, body[0], body[1], 1])?,
            12 => stream.write_all(&[0xD0, 0])?,
            3 => hold(&mut stream, &body, switches)?,
            _ => return Ok(()),
        }
    }
}

/// PUBACK with the packet identifier behind the topic, once allowed.
fn hold(stream: &mut TcpStream, body: &[u8], switches: &Switches) -> std::io::Result<()> {
    switches.published.store(true, Ordering::SeqCst);
    while !switches.acknowledge.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let id_at = 2 + usize::from(u16::from_be_bytes([body[0], body[1]]));
    stream.write_all(&[0x40, 2, body[id_at], body[id_at + 1]])
}
