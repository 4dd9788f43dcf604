//! Two applications that send each other numbered bodies and check what arrives.

use fivewire_link::Event;

use crate::Rng;
use crate::pair::Pair;

/// What one application has done.
#[derive(Default)]
pub(crate) struct App {
    /// Marks the bodies it sends in this session.
    mark: u32,
    /// Bodies sent in this session, of the goal for each.
    pub(crate) sent: u32,
    pub(crate) goal: u32,
    /// Bodies received in this session, and the mark they bear.
    pub(crate) received: u32,
    peer_mark: Option<u32>,
    pub(crate) is_up: bool,
    pub(crate) ups: u32,
    pub(crate) downs: Vec<String>,
    /// Until then it looks at nothing.
    busy_until: u32,
}

impl App {
    /// A session ended; what to say again is for the layer above, and this one says everything again.
    pub(crate) fn forget(&mut self) {
        (self.is_up, self.sent, self.received, self.peer_mark) = (false, 0, 0, None);
    }

    fn has_all_of(&self, peer: &App) -> bool {
        self.is_up && self.received == peer.goal && self.peer_mark.is_none_or(|mark| mark == peer.mark)
    }
}

/// The body that a mark and a place in the session lead to: op, mark, place, then bytes of which some are zero.
fn body(mark: u32, place: u32, max_len: u32) -> Vec<u8> {
    let mut rng = Rng::new(u64::from(mark) << 32 | u64::from(place));
    let (len, zeros) = (rng.below(max_len), rng.below(4));
    let mut body = vec![0x08 | rng.next() as u8];
    body.extend(mark.to_le_bytes());
    body.extend(place.to_le_bytes());
    body.extend((0..len).map(|_| if rng.chance(zeros) { 0 } else { rng.next() as u8 }));
    body
}

/// Two applications on a pair.
pub(crate) struct Traffic {
    pub(crate) pair: Pair,
    pub(crate) apps: [App; 2],
    rng: Rng,
    /// Most bytes of a body behind its first nine.
    pub(crate) max_body: u32,
    /// Longest time, in milliseconds, that an application looks away.
    pub(crate) slow_ms: u32,
}

impl Traffic {
    pub(crate) fn new(pair: Pair, seed: u64, goals: [u32; 2]) -> Self {
        let apps = goals.map(|goal| App {
            goal,
            ..App::default()
        });
        Traffic {
            pair,
            apps,
            rng: Rng::new(seed ^ 0xABCD),
            max_body: 120,
            slow_ms: 0,
        }
    }

    pub(crate) fn tick(&mut self) {
        self.pair.tick();
        for end in 0..2 {
            self.take_events(end);
            if self.pair.now.wrapping_sub(self.apps[end].busy_until) < u32::MAX / 2 {
                self.work(end);
            }
        }
    }

    fn take_events(&mut self, end: usize) {
        while let Some(event) = self.pair.ends[end].poll_event() {
            let app = &mut self.apps[end];
            match event {
                Event::Up(_) => {
                    assert!(!app.is_up, "up twice");
                    app.is_up = true;
                    app.ups += 1;
                    app.mark = self.rng.next();
                }
                Event::Down(cause) => {
                    app.downs.push(format!("{cause}"));
                    app.forget();
                }
            }
        }
    }

    fn work(&mut self, end: usize) {
        self.receive(end);
        self.send(end);
        if self.slow_ms > 0 && self.rng.chance(20) {
            self.apps[end].busy_until = self.pair.now.wrapping_add(self.rng.below(self.slow_ms));
        }
    }

    fn receive(&mut self, end: usize) {
        let app = &mut self.apps[end];
        while let Some((number, got)) = self.pair.ends[end].receive() {
            assert_eq!(number, app.received as u8, "numbers have no gap");
            let mark = u32::from_le_bytes(got[1..5].try_into().expect("a mark"));
            assert_eq!(*app.peer_mark.get_or_insert(mark), mark, "of one session");
            assert_eq!(
                got,
                body(mark, app.received, self.max_body),
                "in order and uncorrupted"
            );
            app.received += 1;
            self.pair.ends[end].release();
        }
    }

    fn send(&mut self, end: usize) {
        let app = &mut self.apps[end];
        while app.sent < app.goal {
            let body = body(app.mark, app.sent, self.max_body);
            if !self.pair.ends[end].can_send(body.len()) {
                return;
            }
            let sent = self.pair.ends[end].send(|slot| {
                slot[..body.len()].copy_from_slice(&body);
                Ok::<_, ()>(body.len())
            });
            assert_eq!(sent, Ok(app.sent as u8));
            app.sent += 1;
        }
    }

    /// Whether all that was to be sent has been received and acknowledged.
    pub(crate) fn is_done(&self) -> bool {
        let [a, b] = &self.apps;
        a.has_all_of(b) && b.has_all_of(a) && self.pair.ends.iter().all(|end| end.in_flight() == 0)
    }

    /// Runs until all is done; fails when it is not within `ms`.
    #[track_caller]
    pub(crate) fn finish(&mut self, ms: u32, what: &str) {
        for _ in 0..ms {
            if self.is_done() {
                return;
            }
            self.tick();
        }
        for (end, app) in self.pair.ends.iter().zip(&self.apps) {
            let App {
                sent, goal, received, ..
            } = app;
            println!(
                "sent {sent} of {goal}, received {received}, {:?}, {:?}",
                end.phase(),
                end.stats()
            );
        }
        unreachable!("{what}: wedged");
    }
}
