//! The faults under way: what begins when, until when it lasts, and what it does to the world.

use std::collections::VecDeque;

use fivewire_host::wire::command::{Command, Restart};
use fivewire_wire::ResetCause;

use crate::application::Application;
use crate::ends::Life;
use crate::ledger::Verdict;
use crate::network::{Cut, Reach};
use crate::plan::Fault;
use crate::time_server::TimeMood;
use crate::wires::Noise;
use crate::world::{World, new_host};

/// How the bridge dies next.
#[derive(Clone, Copy, Debug)]
enum Death {
    Crash { bit: u32, down_ms: u32 },
    Hang { bit: u32 },
}

/// What is wrong now, and what will be.
#[derive(Debug)]
pub(crate) struct Weather {
    coming: VecDeque<(u64, Fault)>,
    death: Option<Death>,
    wifi_off_until: u64,
    broker_away_until: u64,
    broker_slow_until: u64,
    slow_until: u64,
    noise_until: u64,
    noise: Noise,
}

impl Weather {
    pub(crate) fn new(faults: Vec<(u64, Fault)>) -> Self {
        Self {
            coming: faults.into(),
            death: None,
            wifi_off_until: 0,
            broker_away_until: 0,
            broker_slow_until: 0,
            slow_until: 0,
            noise_until: 0,
            noise: Noise::default(),
        }
    }

    pub(crate) const fn broker_is_away(&self, now_ms: u64) -> bool {
        now_ms < self.broker_away_until
    }

    pub(crate) const fn application_is_slow(&self, now_ms: u64) -> bool {
        now_ms < self.slow_until
    }

    pub(crate) const fn noise(&self, now_ms: u64) -> Noise {
        if now_ms < self.noise_until {
            self.noise
        } else {
            Noise { flips: 0, slips: 0 }
        }
    }

    /// The bit at which the bridge dies, if it is to die now.
    pub(crate) const fn death_bit(&self) -> Option<u32> {
        match self.death {
            Some(Death::Crash { bit, .. } | Death::Hang { bit }) => Some(bit),
            None => None,
        }
    }

    fn next(&mut self, now_ms: u64) -> Option<Fault> {
        let (at_ms, _) = self.coming.front()?;
        if *at_ms <= now_ms {
            self.coming.pop_front().map(|(_, fault)| fault)
        } else {
            None
        }
    }
}

impl World {
    /// A fault begins now, besides those of the plan.
    ///
    /// # Errors
    /// The host could not be started again.
    pub fn strike(&mut self, fault: Fault) -> Verdict {
        self.trace
            .line(self.now_ms, "world", format_args!("fault: {fault}"));
        let until = |ms: u32| self.now_ms + u64::from(ms);
        match fault {
            Fault::BridgeCrash { bit, down_ms } => self.weather.death = Some(Death::Crash { bit, down_ms }),
            Fault::BridgeHang { bit } => self.weather.death = Some(Death::Hang { bit }),
            Fault::BridgePause { ms } => {
                self.bridge.paused_until = until(ms);
                self.board.network.hurt_current();
            }
            Fault::HostPause { ms } => self.host.paused_until = until(ms),
            Fault::HostRestart => return self.restart_host(),
            Fault::WifiDrop { ms } => self.weather.wifi_off_until = until(ms),
            Fault::BrokerRestart { ms, keeps, silent } => {
                self.weather.broker_away_until = until(ms);
                self.board
                    .network
                    .cut(if silent { Cut::Void } else { Cut::Reset }, &mut self.broker);
                self.board.network.reach = if silent { Reach::Silent } else { Reach::Refuses };
                self.broker.restart(keeps);
            }
            Fault::BrokerSlow { ms, delay_ms } => {
                self.weather.broker_slow_until = until(ms);
                self.broker.manners.ack_delay_ms = delay_ms;
            }
            Fault::TcpCut(cut) => self.board.network.cut(cut, &mut self.broker),
            Fault::TcpStall { ms } => self.board.network.stall(ms),
            Fault::Noise { ms, flips, slips } => {
                self.weather.noise_until = until(ms);
                self.weather.noise = Noise { flips, slips };
            }
            Fault::SlowApplication { ms } => self.weather.slow_until = until(ms),
            Fault::ResetRequest => self.host.host.reset_bridge(),
            // Refused when the bridge is not there; then there is nothing to restart.
            Fault::RestartCommand => drop(self.host.host.call(&Command::Restart(Restart {}))),
            Fault::Reconfigure => return self.reconfigure(),
        }
        Ok(())
    }

    /// What begins, lasts and ends at this millisecond.
    pub(crate) fn weather(&mut self) -> Verdict {
        while let Some(fault) = self.weather.next(self.now_ms) {
            self.strike(fault)?;
        }
        self.board.air.on = self.now_ms >= self.weather.wifi_off_until;
        if self.now_ms >= self.weather.broker_away_until {
            self.board.network.reach = Reach::Open;
        }
        if self.now_ms >= self.weather.broker_slow_until {
            self.broker.manners.ack_delay_ms = 0;
        }
        Ok(())
    }

    /// Everything is whole again.
    pub(crate) fn heal(&mut self) {
        self.weather = Weather::new(Vec::new());
        self.board.network.stall(0);
        self.board.network.time_server.mood = TimeMood::Right;
        self.host.paused_until = 0;
        self.bridge.paused_until = 0;
    }

    /// The bridge's program dies.
    pub(crate) fn kill_bridge(&mut self) {
        let death = self.weather.death.take();
        if !self.bridge.is_running() {
            return;
        }
        self.trace.line(self.now_ms, "world", format_args!("bridge dies"));
        self.board.network.hurt_current();
        match death {
            Some(Death::Crash { down_ms, .. }) => self.start_bridge_after(ResetCause::Crash, down_ms),
            Some(Death::Hang { .. }) | None => self.bridge.life = Life::Hung,
        }
    }

    fn reconfigure(&mut self) -> Verdict {
        let config = &mut self.setup.config;
        config.ping_interval = if config.ping_interval == 0 { 3 } else { 0 };
        self.host
            .host
            .reconfigure(*config)
            .map_err(|error| format!("the configuration: {error}"))
    }

    fn restart_host(&mut self) -> Verdict {
        self.host.host = new_host(&self.setup, &mut self.random, self.now_ms)?;
        self.host.served(self.now_ms);
        self.ledger.host_restarted();
        self.with_desk(Application::start)
    }
}
