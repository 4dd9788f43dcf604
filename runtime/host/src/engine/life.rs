//! What time and the link do to the state: reset, start-up, watchdog, recovery, and everything that expires.

use fivewire_link::{Cause, Event as LinkEvent, Messages};
use fivewire_wire::config::Config;
use fivewire_wire::{Phase, Recovery, Status};

use super::{Answer, Bridge, Engine};
use crate::event::Event;
use crate::policy::{Consent, Question};
use crate::state::{Crash, State, Step, Why};
use crate::time::{Backoff, earlier, reached};

/// How long the reset wire is asserted, in milliseconds: as in the MicroPython system.
const RESET_MS: u32 = 100;
/// How long will and configuration may at least take to be answered, in milliseconds: the spec's 2 s and two retries,
/// which a reliable link need not send. On slow wires the watchdog's time counts.
const CONFIGURE_MS: u32 = 6_000;
/// Half the period of the heartbeat LED, in milliseconds.
const LED_MS: u32 = 500;

impl<
    'a,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    /// Does everything there is to do at `now_ms`: takes what the link received, lets time act, gives the link what
    /// there is to send. Call it when the link moved frames, when the application called, and by
    /// [`poll_timeout`](Self::poll_timeout).
    #[inline(never)]
    pub fn service(&mut self, link: &mut impl Messages, now_ms: u32) {
        self.now = now_ms;
        if matches!(self.state, State::Off) {
            link.stop();
            return;
        }
        link.handle_timeout(now_ms);
        self.take_link_events(link);
        self.take_frames(link);
        self.handle_timeout(link);
        if let Some(crash) = self.crash.take() {
            self.handle_crash(link, crash);
        }
        self.send(link);
    }

    /// When [`service`](Self::service) has something to do at the latest, should nothing else happen.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u32> {
        let now = self.now;
        let own = match self.state {
            State::Off => return None,
            State::Pausing { until }
            | State::Resetting { until }
            | State::Listening { until }
            | State::Configuring { until, .. } => Some(until),
            State::Misconfigured | State::Joining | State::Running => Some(self.next_ping()),
        };
        let waiting = earlier(now, self.queue.next_deadline(now), self.calls.next_deadline(now));
        let linked = if self.state.is_linked() {
            self.next_linked()
        } else {
            None
        };
        let first = earlier(
            now,
            earlier(now, own, waiting),
            earlier(now, linked, Some(self.lamp.toggle_at)),
        );
        earlier(now, first, self.clock.next_deadline(now))
    }

    fn next_linked(&self) -> Option<u32> {
        let consent = self
            .consent
            .map(|answer| answer.at)
            .filter(|at| !reached(self.now, *at));
        earlier(self.now, consent, self.bridge.hold_until)
    }

    fn take_link_events(&mut self, link: &mut impl Messages) {
        while let Some(event) = link.poll_event() {
            match event {
                LinkEvent::Up(hello) => self.link_up(hello.revision, link.is_text()),
                LinkEvent::Down(cause) => self.link_down(link, cause),
            }
        }
    }

    fn link_up(&mut self, revision: u8, text: bool) {
        self.bridge = Bridge {
            revision,
            text,
            heard: self.now,
            ..Bridge::new()
        };
        self.begin_configuring(Why::LinkUp);
    }

    fn link_down(&mut self, link: &mut impl Messages, cause: Cause) {
        let crash = match cause {
            // A pause ends by itself; that there is still no bridge is why it is one.
            Cause::Silent if matches!(self.state, State::Pausing { .. }) => return,
            Cause::Silent if self.state.is_linked() => Crash::Silent,
            Cause::Silent => Crash::NoHello,
            Cause::PeerRestarted => Crash::Restarted,
            Cause::OutOfStep => Crash::OutOfStep,
            Cause::Garbled => Crash::Garbled,
            Cause::ResetWanted => Crash::Requested,
            Cause::PeerIncompatible {
                revision,
                min_revision,
                wire_hash,
            } => Crash::Incompatible {
                revision,
                min_revision,
                wire_hash,
            },
        };
        self.handle_crash(link, crash);
    }

    /// Sends will and configuration (again).
    pub(super) fn begin_configuring(&mut self, why: Why) {
        let will = if self.will.is_some() {
            Step::Due
        } else {
            Step::Done
        };
        let until = self.now.wrapping_add(self.watchdog_ms().max(CONFIGURE_MS));
        self.transition(
            State::Configuring {
                until,
                will,
                configure: Step::Due,
            },
            why,
        );
    }

    pub(super) fn begin_reset(&mut self, why: Why) {
        self.stats.resets = self.stats.resets.wrapping_add(1);
        self.transition(
            State::Resetting {
                until: self.now.wrapping_add(RESET_MS),
            },
            why,
        );
    }

    fn listen(&mut self, link: &mut impl Messages, why: Why) {
        link.start(self.now);
        self.transition(
            State::Listening {
                until: self.now.wrapping_add(self.watchdog_ms()),
            },
            why,
        );
    }

    // ---------------------------------------------------------------------------------------------------- time

    fn handle_timeout(&mut self, link: &mut impl Messages) {
        self.clock.handle_timeout(self.now);
        self.changed |= self.queue.expire(self.now) | self.calls.expire(self.now);
        self.blink();
        match self.state {
            State::Pausing { until } if reached(self.now, until) => {
                link.stop();
                self.begin_reset(Why::TimeUp);
            }
            State::Resetting { until } if reached(self.now, until) => self.listen(link, Why::TimeUp),
            State::Listening { until } if reached(self.now, until) => {
                self.crash = self.crash.or(Some(Crash::NoHello))
            }
            State::Configuring { until, .. } if reached(self.now, until) => {
                self.crash = self.crash.or(Some(Crash::NotConfigured))
            }
            State::Joining | State::Running | State::Misconfigured => self.watch_program(),
            State::Off
            | State::Pausing { .. }
            | State::Resetting { .. }
            | State::Listening { .. }
            | State::Configuring { .. } => {}
        }
    }

    fn blink(&mut self) {
        if reached(self.now, self.lamp.toggle_at) {
            self.lamp.lit = !self.lamp.lit;
            self.lamp.toggle_at = self.now.wrapping_add(LED_MS);
        }
    }

    /// The link watches the wires; this watches the program behind them. After the watchdog time without a word it
    /// is asked for a sign of life, after once more that time it counts as dead.
    fn watch_program(&mut self) {
        if self
            .bridge
            .pinged
            .is_some_and(|ping| reached(self.now, ping.until))
        {
            self.crash = self.crash.or(Some(Crash::Unresponsive));
        }
    }

    /// When the program is to be asked for a sign of life; or, once it was, when it is given up.
    pub(super) fn next_ping(&self) -> u32 {
        let due = self.bridge.heard.wrapping_add(self.watchdog_ms());
        self.bridge.pinged.map_or(due, |ping| ping.until)
    }

    pub(super) fn watchdog_ms(&self) -> u32 {
        u32::from(self.settings().timeout) * 1_000
    }

    pub(super) fn settings(&self) -> &Config<'a> {
        self.config.as_ref().unwrap_or(&Config::DEFAULT)
    }

    // ----------------------------------------------------------------------------------------------- recovery

    /// The bridge is lost: says so, and begins to mend it.
    fn handle_crash(&mut self, link: &mut impl Messages, crash: Crash) {
        let phase = if self.running() { Phase::Run } else { Phase::Init };
        self.forget_bridge();
        if let Some(status) = status_of(crash, phase) {
            self.tell(Event::Status { status, detail: 0 });
        }
        self.tell(Event::Crashed(crash));
        match crash {
            // It has just started, or is alive, and needs no pulse; the link finds it by itself.
            Crash::Restarted | Crash::OutOfStep => {
                let until = self.now.wrapping_add(self.watchdog_ms());
                self.transition(State::Listening { until }, Why::Crash(crash));
            }
            Crash::NoHello | Crash::Silent => self.reset_after_pause(link, crash, true),
            Crash::Unresponsive
            | Crash::NotConfigured
            | Crash::Garbled
            | Crash::Incompatible { .. }
            | Crash::Fatal(_)
            | Crash::Requested => {
                self.reset_after_pause(link, crash, false);
            }
        }
    }

    /// The first reset comes at once; repeated ones wait, and listen meanwhile if the bridge may come by itself.
    fn reset_after_pause(&mut self, link: &mut impl Messages, crash: Crash, listen: bool) {
        link.stop();
        let wait = self.backoff.next();
        if wait == 0 {
            self.begin_reset(Why::Crash(crash));
            return;
        }
        if listen {
            link.start(self.now);
        }
        self.transition(
            State::Pausing {
                until: self.now.wrapping_add(wait),
            },
            Why::Crash(crash),
        );
    }

    /// Makes ready to tell a bridge everything anew.
    pub(super) fn forget_bridge(&mut self) {
        self.queue.give_back_all();
        self.subscriptions.give_back_all();
        self.calls.link_lost();
        self.inbox.link_lost();
        self.clock.link_lost(self.now);
        self.consent = None;
        let wifi = self.bridge.wifi;
        self.bridge = Bridge::new();
        if wifi {
            self.tell(Event::Wifi(false));
        }
    }

    // ------------------------------------------------------------------------------------------------ statuses

    /// The bridge reported a status. No arm stands for several without naming them: a new one must be thought about.
    pub(super) fn handle_status(&mut self, status: Status, detail: u8) {
        self.tell(Event::Status { status, detail });
        match status {
            Status::BrokerOk => self.broker_up(detail != 0),
            Status::BrokerDown
            | Status::BrokerRefused
            | Status::TlsUnknownCa
            | Status::TlsWrongName
            | Status::TlsExpired
            | Status::TlsFailed => self.bridge.broker = false,
            Status::SpecifiedNetwork => self.ask_policy(),
            Status::Running => self.bridge_runs(),
            Status::WifiUp => self.set_wifi(true),
            Status::WifiDown => self.set_wifi(false),
            // Progress and findings; the bridge goes on by itself, and replies say what they mean for a command.
            Status::BrokerCheck
            | Status::StoredNetwork
            | Status::PublishOk
            | Status::WillOk
            | Status::NetworkFailed
            | Status::SubscribeRefused
            | Status::ConfigRejected => {}
            // A stock bridge's dead ends, and what later revisions may bring.
            Status::UnknownCommand | Status::BrokerFail | Status::Unknown(_) => {}
            // Born here; a bridge that says them means nothing.
            Status::LinkFailed | Status::BridgeDead => return,
        }
        let phase = if self.running() { Phase::Run } else { Phase::Init };
        if status.is_fatal_in(phase) && status.recovery() == Recovery::ResetBridge {
            self.crash = Some(Crash::Fatal(status));
        }
    }

    fn broker_up(&mut self, session_present: bool) {
        self.bridge.broker = true;
        // While it is being configured it may speak of the connection that is about to end.
        self.resumed |= self.state.is_configured();
        if !session_present {
            self.inbox.session_lost();
        }
    }

    fn ask_policy(&mut self) {
        self.asked = self.asked.saturating_add(1);
        let answer = |at, consent| Some(Answer { at, consent });
        self.consent = match (self.policy)(Question { asked: self.asked }) {
            Consent::Join => answer(self.now, true),
            Consent::JoinAfter { wait_ms } => answer(self.now.wrapping_add(wait_ms), true),
            Consent::Refuse => answer(self.now, false),
            Consent::LeaveToApplication => None,
        };
    }

    fn bridge_runs(&mut self) {
        match self.state {
            State::Joining => {}
            // It comes once after each configuration; a bridge that repeats it starts nothing.
            State::Off
            | State::Pausing { .. }
            | State::Resetting { .. }
            | State::Listening { .. }
            | State::Configuring { .. }
            | State::Misconfigured
            | State::Running => return,
        }
        self.backoff = Backoff::new();
        self.bridge.ran = true;
        self.stats.starts = self.stats.starts.wrapping_add(1);
        let resync = self.settings().rtc_resync;
        self.clock.bridge_runs(self.now, resync);
        self.transition(State::Running, Why::SaidRunning);
        self.tell(Event::Started {
            count: self.stats.starts,
        });
        if self.bridge.wifi {
            self.tell(Event::Wifi(true));
        }
    }

    /// The application hears of Wi-Fi once it was started, then of each change.
    fn set_wifi(&mut self, up: bool) {
        let changes = self.bridge.wifi != up;
        self.bridge.wifi = up;
        if changes && self.running() {
            self.tell(Event::Wifi(up));
        }
    }
}

/// The status that a MicroPython host reported in the same place.
fn status_of(crash: Crash, phase: Phase) -> Option<Status> {
    match crash {
        Crash::NoHello | Crash::Silent | Crash::Unresponsive | Crash::NotConfigured | Crash::Garbled => {
            Some(match phase {
                Phase::Init => Status::LinkFailed,
                Phase::Run => Status::BridgeDead,
            })
        }
        Crash::Restarted
        | Crash::OutOfStep
        | Crash::Incompatible { .. }
        | Crash::Fatal(_)
        | Crash::Requested => None,
    }
}
