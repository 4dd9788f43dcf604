//! One millisecond of the world: who has a turn, in which order, and how far the bits get. What faults do is in
//! `weather`, what is thought of it all in `judge`.

use fivewire_wire::ResetCause;

use crate::application::{Application, Desk};
use crate::ends::{Life, SimBridge};
use crate::ledger::Verdict;
use crate::world::World;

/// Longest time that a bridge takes to start, in milliseconds.
const BOOT_MS: u32 = 400;

impl World {
    /// One millisecond: everything has its turn once.
    pub(crate) fn step(&mut self) -> Verdict {
        self.now_ms += 1;
        self.weather()?;
        self.board.step(self.now_ms);
        self.board.network.step(self.now_ms, &mut self.broker);
        self.other_clients();
        self.broker.tick(self.now_ms);
        self.judge_broker()?;
        self.start_bridge();
        self.exchange();
        self.serve_host()?;
        self.serve_bridge();
        self.judge_broker()?;
        self.check_bounds()
    }

    fn other_clients(&mut self) {
        let awake = self.now_ms < self.setup.plan.heal_ms && !self.weather.broker_is_away(self.now_ms);
        let message = awake
            .then(|| self.application.send(self.now_ms, &mut self.ledger))
            .flatten();
        if let Some(message) = message {
            self.deliver(&message);
        }
    }

    /// A millisecond's bits, and the end of a bridge whose time has come.
    fn exchange(&mut self) {
        let host_moves = self.now_ms >= self.host.paused_until && !self.host.host.reset_asserted();
        if !host_moves || self.now_ms < self.bridge.paused_until {
            return;
        }
        self.wires.noise = self.weather.noise(self.now_ms);
        let last_bit = self.weather.death_bit().unwrap_or(u32::MAX);
        self.exchange_bits(last_bit.min(self.setup.bits_per_ms));
        if self.weather.death_bit().is_some() {
            self.kill_bridge();
        }
    }

    /// So many exchanges, or fewer: an end that is quiet takes one step a millisecond.
    fn exchange_bits(&mut self, most: u32) {
        let Life::Running(bridge) = &mut self.bridge.life else {
            return;
        };
        let (host, bridge) = (self.host.host.link_mut(), bridge.link_mut());
        for _ in 0..most {
            let bits = self.wires.exchange(host, bridge);
            self.trace.digest(&[bits]);
            if host.is_quiet() || bridge.is_quiet() {
                return;
            }
        }
    }

    fn serve_host(&mut self) -> Verdict {
        if self.now_ms < self.host.paused_until {
            return Ok(());
        }
        let clock = self.clock();
        if !self.setup.lazy || self.host.is_due(clock) {
            self.host.host.handle_timeout(clock);
            self.host.served(self.now_ms);
            self.reset_wire();
        }
        let (verdict, acted) = self.with_desk(|application, desk| {
            application.listen(desk);
            (application.look(desk), desk.acted)
        });
        self.host.kicked |= acted;
        verdict
    }

    /// Lends the application what it works with.
    pub(crate) fn with_desk<R>(&mut self, work: impl FnOnce(&mut Application, &mut Desk<'_>) -> R) -> R {
        let mut desk = Desk {
            now_ms: self.now_ms,
            host_ms: self.host.served_ms,
            takes: !self.weather.application_is_slow(self.now_ms),
            acts: self.now_ms < self.setup.plan.heal_ms,
            acted: false,
            host: &mut self.host.host,
            ledger: &mut self.ledger,
            trace: &mut self.trace,
        };
        work(&mut self.application, &mut desk)
    }

    fn reset_wire(&mut self) {
        let low = self.host.host.reset_asserted();
        let is_reset = matches!(self.bridge.life, Life::Reset);
        if low && !is_reset {
            self.trace
                .line(self.now_ms, "world", format_args!("reset wire low"));
            self.board.power_cycle(ResetCause::ResetWire);
            self.bridge.life = Life::Reset;
            self.bridge.paused_until = 0;
        }
        if !low && is_reset {
            self.resets += 1;
            self.start_bridge_after(ResetCause::ResetWire, BOOT_MS);
        }
    }

    pub(crate) fn start_bridge_after(&mut self, cause: ResetCause, longest_ms: u32) {
        let at_ms = self.now_ms + u64::from(self.random.between(1, longest_ms.max(1)));
        self.bridge.life = Life::Starting { at_ms, cause };
    }

    fn start_bridge(&mut self) {
        let Life::Starting { at_ms, cause } = self.bridge.life else {
            return;
        };
        if self.now_ms < at_ms {
            return;
        }
        self.board.power_cycle(cause);
        self.bridge.incarnation += 1;
        let (epoch, seed) = (self.random.bits() as u16, self.random.bits() as u32);
        self.trace.line(
            self.now_ms,
            "world",
            format_args!("bridge starts: {}", cause.name()),
        );
        let mut bridge = Box::new(SimBridge::new(epoch.max(1), seed));
        bridge.link_mut().start(self.clock());
        self.bridge.life = Life::Running(bridge);
    }

    fn serve_bridge(&mut self) {
        let clock = self.clock();
        let regular = self.now_ms.is_multiple_of(self.setup.bridge_every_ms.into());
        if self.now_ms < self.bridge.paused_until || !(regular || self.bridge.is_due(clock)) {
            return;
        }
        let Life::Running(bridge) = &mut self.bridge.life else {
            return;
        };
        bridge.poll(clock, &mut self.board);
        self.bridge.served();
        for note in std::mem::take(&mut self.board.notes) {
            self.trace.line(self.now_ms, "bridge", format_args!("{note}"));
        }
        if std::mem::take(&mut self.board.restart) {
            self.board.power_cycle(ResetCause::Restart);
            self.start_bridge_after(ResetCause::Restart, BOOT_MS);
        }
    }
}
