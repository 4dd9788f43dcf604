//! [`Runner`]: the one future that owns the transport. It connects, again and again, moves bytes between transport and
//! engine, lets time act, and wakes the tasks.
//!
//! Not here: what the bytes mean (see `engine`).

use core::future::{Future, pending};
use core::pin::pin;

use embassy_futures::select::{Either, Either3, select, select3};
use embassy_sync::blocking_mutex::raw::RawMutex;
use embedded_io_async::{Read, Write};
use fivewire_mqtt::{Error, Session};

use crate::backoff::Pauses;
use crate::clock::{Clock, earlier, reached, sleep};
use crate::connect::Connect;
use crate::engine::{CHUNK, Engine, Input, Turn, Wish};
use crate::event::Cause;
use crate::options::Options;
use crate::protocol::Protocol;
use crate::shared::Shared;

/// Bytes of the session that a connection only for forgetting needs: one DISCONNECT.
const SCRATCH: usize = 32;

/// Drives a [`Shared`] client over a network.
///
/// ```no_run
/// # use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
/// # use fivewire_client::{Clock, Connect, Engine, Options, Runner, Shared};
/// # async fn example(network: impl Connect, clock: impl Clock) {
/// static MQTT: Shared<CriticalSectionRawMutex, Engine> = Shared::new();
/// let mut runner = Runner::new(&MQTT, Options::new("kitchen"), network, clock, 0x5eed);
/// let ended = runner.run().await; // in a task of its own, or joined with those of the clients
/// # }
/// ```
pub struct Runner<'a, M: RawMutex, E, N, C> {
    shared: &'a Shared<M, E>,
    options: Options<'a>,
    network: N,
    clock: C,
    pauses: Pauses,
}

impl<
    'a,
    M: RawMutex,
    V: Protocol,
    N: Connect,
    C: Clock,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Runner<'a, M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>, N, C>
{
    /// `seed` spreads the pauses between attempts: a number that differs from device to device, such as a serial number or
    /// anything random.
    pub const fn new(
        shared: &'a Shared<M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>,
        options: Options<'a>,
        network: N,
        clock: C,
        seed: u32,
    ) -> Self {
        Self {
            shared,
            options,
            network,
            clock,
            pauses: Pauses::new(options.backoff, seed),
        }
    }

    /// Runs until [`close`](crate::Client::close). Dropping the future cuts the connection, without a goodbye; run it
    /// again, or another runner, and everything goes on with the same session. A runner that is started while another one
    /// runs takes its place.
    ///
    /// # Errors
    /// No broker could accept the options, or the session has requests in the other version of MQTT.
    pub async fn run(&mut self) -> Result<(), Error> {
        let helm = Helm::take(self.shared, &self.clock, self.options.response_time_ms);
        loop {
            let wish = helm.command(|engine| engine.wish);
            let ended = match wish {
                Ok(Wish::On) => helm.attempt(&self.options, &mut self.network).await,
                // It ends when the wish is another one.
                Ok(Wish::Off) => helm.attended(pending(), None, &[Wish::Off]).await,
                Ok(Wish::Closed) | Err(_) => return Ok(()),
            };
            let cause = match ended {
                // The broker forgot an earlier session: the connection that lasts follows at once.
                Ok(Ok(())) => Cause::Asked,
                Ok(Err(error)) => return Err(error),
                Err(cause) => cause,
            };
            self.pauses.ended(helm.hang_up(cause));
            match cause {
                Cause::Asked | Cause::NoRunner => continue,
                Cause::Unreachable
                | Cause::TimedOut
                | Cause::Refused(_)
                | Cause::Disconnected(_)
                | Cause::Ended
                | Cause::Lost(_) => {}
            }
            let until_ms = helm.in_ms(self.pauses.next_ms());
            // It ends with the pause, or when the application wants something else.
            let _ = helm.attended(pending::<()>(), Some(until_ms), &[Wish::On]).await;
        }
    }
}

/// A runner's hold on the engine; letting go of it hangs up.
struct Helm<
    'r,
    M: RawMutex,
    V: Protocol,
    C: Clock,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> {
    shared: &'r Shared<M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>,
    clock: &'r C,
    /// Which runner this is.
    runner: u32,
    response_time_ms: u32,
}

impl<
    'r,
    M: RawMutex,
    V: Protocol,
    C: Clock,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Helm<'r, M, V, C, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>
{
    fn take(
        shared: &'r Shared<M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>,
        clock: &'r C,
        response_time_ms: u32,
    ) -> Self {
        let now_ms = clock.now_ms();
        let runner = shared.act(|inner| inner.engine.appoint(now_ms, response_time_ms));
        Self {
            shared,
            clock,
            runner,
            response_time_ms,
        }
    }

    /// The instant so many milliseconds from now.
    fn in_ms(&self, ms: u32) -> u32 {
        self.clock.now_ms().wrapping_add(ms)
    }

    /// The response time from now, if there is one.
    fn limit_ms(&self) -> Option<u32> {
        (self.response_time_ms > 0).then(|| self.in_ms(self.response_time_ms))
    }

    /// Does something with the engine, while this runner is in charge of it.
    fn command<R>(
        &self,
        f: impl FnOnce(&mut Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>) -> R,
    ) -> Result<R, Cause> {
        self.shared.act(|inner| {
            let in_charge = inner.engine.is_run_by(self.runner);
            in_charge.then(|| f(&mut inner.engine)).ok_or(Cause::NoRunner)
        })
    }

    /// How long the connection stood, if it did.
    fn hang_up(&self, cause: Cause) -> Option<u32> {
        let now_ms = self.clock.now_ms();
        self.command(|engine| engine.hang_up(cause, now_ms))
            .ok()
            .flatten()
    }

    /// Drives a future while time and tasks are attended to: until `limit_ms`, or until the application wants something
    /// else than it is `expected` to.
    async fn attended<F: Future>(
        &self,
        future: F,
        limit_ms: Option<u32>,
        expected: &[Wish],
    ) -> Result<F::Output, Cause> {
        let mut future = pin!(future);
        loop {
            let now_ms = self.clock.now_ms();
            let next_ms = self.shared.act(|inner| {
                inner.kicked = false;
                inner.engine.tick(self.runner, now_ms, expected)
            })?;
            if limit_ms.is_some_and(|limit_ms| reached(now_ms, limit_ms)) {
                return Err(Cause::TimedOut);
            }
            let until_ms = earlier(next_ms, limit_ms);
            // The future comes last: it must not go on for a runner that is in charge no more.
            let other = self.shared.work(self.runner);
            let waiting = select3(other, sleep(self.clock, until_ms), future.as_mut());
            if let Either3::Third(output) = waiting.await {
                return Ok(output);
            }
        }
    }

    /// One connection, from opening the transport to its end. The inner error is [`run`](Runner::run)'s.
    async fn attempt<N: Connect>(
        &self,
        options: &Options<'_>,
        network: &mut N,
    ) -> Result<Result<(), Error>, Cause> {
        self.command(Engine::reach_out)?;
        let opening = self.attended(network.connect(), self.limit_ms(), &[Wish::On]);
        let mut stream = opening.await?.map_err(|_| Cause::Unreachable)?;
        if self.command(|engine| engine.has_to_wipe(options))? {
            return self.wipe(options, &mut stream).await;
        }
        let now_ms = self.clock.now_ms();
        match self.command(|engine| engine.connect(now_ms, options))? {
            Ok(()) => Err(self.converse(&mut stream).await),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Moves bytes both ways until the connection ends.
    async fn converse<S: Read + Write>(&self, stream: &mut S) -> Cause {
        let (mut input, mut output) = (Input::new(), [0; CHUNK]);
        loop {
            let turn = self.turn(&mut input, &mut output);
            let written = match output.get(..turn.len) {
                Some(bytes) if !bytes.is_empty() => self.write(stream, bytes, turn.over).await,
                Some(_) | None => turn.over.map_or(Ok(false), Err),
            };
            match written {
                Ok(true) => {}
                Ok(false) => {
                    if let Err(cause) = self.read(stream, &mut input, turn.next_ms).await {
                        return cause;
                    }
                }
                Err(cause) => return cause,
            }
        }
    }

    fn turn(&self, input: &mut Input, output: &mut [u8]) -> Turn {
        let now_ms = self.clock.now_ms();
        self.shared.act(|inner| {
            inner.kicked = false;
            inner.engine.turn(self.runner, now_ms, input, output)
        })
    }

    /// Writes; true when that is done. The last words of a connection that is over have the response time for it.
    async fn write<S: Write>(
        &self,
        stream: &mut S,
        bytes: &[u8],
        over: Option<Cause>,
    ) -> Result<bool, Cause> {
        let written = match over {
            Some(cause) => match select(send(stream, bytes), sleep(self.clock, self.limit_ms())).await {
                Either::First(written) => written,
                Either::Second(()) => return Err(cause),
            },
            None => {
                self.attended(send(stream, bytes), None, &[Wish::On, Wish::Off])
                    .await?
            }
        };
        written.map(|()| true).map_err(|_| over.unwrap_or(Cause::Ended))
    }

    /// Waits for input, for the application, or for time to act.
    async fn read<S: Read>(
        &self,
        stream: &mut S,
        input: &mut Input,
        next_ms: Option<u32>,
    ) -> Result<(), Cause> {
        let other = || select(self.shared.work(self.runner), sleep(self.clock, next_ms));
        if !input.is_empty() {
            // The connection takes no more until the application took a message.
            other().await;
            return Ok(());
        }
        match select(stream.read(input.room()), other()).await {
            Either::First(Ok(0) | Err(_)) => Err(Cause::Ended),
            Either::First(Ok(len)) => {
                input.fill(len);
                Ok(())
            }
            Either::Second(_) => Ok(()),
        }
    }

    /// A clean connection that ends at once, so that the broker forgets an earlier session. The requests of the session
    /// here do not go out on it: they would have to go out again on the next one, as something new.
    async fn wipe<S: Read + Write>(
        &self,
        options: &Options<'_>,
        stream: &mut S,
    ) -> Result<Result<(), Error>, Cause> {
        let mut scratch = Session::<SCRATCH, IN_FLIGHT>::new();
        let options = Options {
            will: None,
            ..*options
        };
        let now_ms = self.clock.now_ms();
        let opened =
            self.command(|engine| V::connect(&mut engine.connection, &mut scratch, now_ms, &options, true))?;
        if opened.is_err() {
            return Ok(opened);
        }
        let forgetting = self.forget(&mut scratch, stream);
        self.attended(forgetting, self.limit_ms(), &[Wish::On]).await??;
        Ok(Ok(()))
    }

    async fn forget<S: Read + Write>(
        &self,
        scratch: &mut Session<SCRATCH, IN_FLIGHT>,
        stream: &mut S,
    ) -> Result<(), Cause> {
        let mut buffer = [0; CHUNK];
        let mut forgotten = false;
        loop {
            let len = self.command(|engine| engine.wipe_output(scratch, &mut buffer))?;
            if len > 0 {
                let bytes = buffer.get(..len).unwrap_or_default();
                send(stream, bytes).await.map_err(|_| Cause::Ended)?;
            } else if forgotten {
                return Ok(());
            } else {
                let len = stream.read(&mut buffer).await.ok().filter(|&len| len > 0);
                let bytes = buffer.get(..len.ok_or(Cause::Ended)?).unwrap_or_default();
                let now_ms = self.clock.now_ms();
                forgotten = self.command(|engine| engine.wipe_input(scratch, now_ms, bytes))??;
            }
        }
    }
}

impl<
    M: RawMutex,
    V: Protocol,
    C: Clock,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Drop for Helm<'_, M, V, C, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>
{
    fn drop(&mut self) {
        self.shared.act(|inner| inner.engine.dismiss(self.runner));
    }
}

/// All of it, and out.
async fn send<S: Write>(stream: &mut S, bytes: &[u8]) -> Result<(), S::Error> {
    stream.write_all(bytes).await?;
    stream.flush().await
}
