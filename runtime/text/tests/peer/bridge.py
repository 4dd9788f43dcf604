"""The MicroPython system's bridge over a wires file: as its ESP8266 behaves, with a broker that is made up.

What it is told to publish comes back to whom has subscribed to it, and is logged as JSON lines together with what
else it does. Options make it crash, fall silent, begin off the alignment, or pass on messages that forge statuses.
"""

import argparse
import itertools
import sys

sys.dont_write_bytecode = True

import wires
from syncom import SynCom
from tasks import Clock, advance, log, run, strings, turn

DEL = "\x7f"
SECRETS = (2, 5)  # places in init
NOTHING_MORE = itertools.repeat(None)  # a task that only waits


def matches(topic_filter, topic):
    levels, names = topic_filter.split("/"), topic.split("/")
    for place, level in enumerate(levels):
        if level == "#":
            return True
        if place >= len(names) or level not in ("+", names[place]):
            return False
    return len(levels) == len(names)


class Bridge:
    """One life of the bridge, from the sync byte on. Commands are served strictly one after another."""

    def __init__(self, link, levels, clock, options):
        self._link, self._levels, self._clock, self._options = link, levels, clock, options
        self._subscribed = []
        self._is_up = False

    def _say(self, *fields):
        self._link.send(DEL.join(map(str, fields)))

    def _next(self):
        string = yield from strings(self._link)
        self._options.count_string()
        return string

    def life(self):
        if self._options.mute:
            return
        yield from self._configure()
        if not self._stored_network():
            yield from self._clock.wait(16)
        yield from self._join()
        yield from self._clock.wait(5)
        self._say("t", 1)
        if self._options.no_broker:
            self._say("t", 8)
            return
        for status in (0, 5, 9):
            self._say("t", status)
        self._is_up = True
        while True:
            yield from self._serve()

    def _configure(self):
        while True:
            command, *fields = string = (yield from self._next()).split(DEL)
            if command == "w":
                log("will", fields=fields)
                self._say("t", 7)
            elif command == "init" and len(fields) == 17:
                shown = ["<redacted>" if place in SECRETS else field for place, field in enumerate(string)]
                log("init", fields=shown)
                self._uses_stored = fields[6] == "1"
                return
            else:
                log("unknown", fields=string)
                self._say("t", 6, "Expected init, got: ", *string)

    def _stored_network(self):
        if self._uses_stored:
            self._say("t", 2)
        return self._uses_stored and self._levels[wires.STORED_NETWORK]

    def _join(self):
        if self._uses_stored and self._levels[wires.STORED_NETWORK]:
            return
        self._say("t", 3)
        go_ahead = yield from self._next()
        log("go-ahead", text=go_ahead)
        while not self._levels[wires.ACCESS_POINT]:
            yield from self._clock.wait(1)

    def _watch_network(self):
        is_up = bool(self._levels[wires.ACCESS_POINT])
        if is_up != self._is_up:
            self._is_up = is_up
            self._say("t", 9 if is_up else 10)

    def _serve(self):
        while self._link.any() == 0:
            self._watch_network()
            yield
        command, *fields = (yield from self._next()).split(DEL)
        if command == "p" and len(fields) == 4:
            yield from self._publish(*fields)
        elif command == "s" and len(fields) == 2:
            yield from self._subscribe(*fields)
        elif command == "i":
            yield from self._clock.wait(self._options.time_takes)
            self._say("i", self._options.time)
        elif command == "m":
            self._say("m", 27000, 10000)
        else:
            log("unknown", fields=[command, *fields])
            self._say("t", 6, "Unknown command:", command, *fields)

    def _publish(self, topic, message, retain, qos):
        while not self._levels[wires.ACCESS_POINT]:
            self._watch_network()
            yield
        self._watch_network()
        yield from self._clock.wait(self._options.delivery_takes)
        # The text "0" counts as true, as everything but an empty one does: whatever it publishes is retained.
        log("publish", topic=topic, message=message, retain=retain, qos=qos, retained=bool(retain))
        self._deliver(topic, message)
        self._say("t", 4)

    def _subscribe(self, topic, qos):
        yield from self._clock.wait(self._options.delivery_takes)
        self._subscribed.append(topic)
        log("subscribe", topic=topic, qos=qos)
        for topic, message in self._options.take_messages():
            self._deliver(topic, message)

    def _deliver(self, topic, message):
        """Nobody looks at what is in it: 0x00 and 0x7F go out as they are."""
        if any(matches(topic_filter, topic) for topic_filter in self._subscribed):
            self._say("u", topic, message, False)


class Options:
    """What was asked for on the command line, and what of it has happened."""

    def __init__(self, args):
        vars(self).update(vars(args))
        self.boots = self.count = 0
        self.messages = [tuple(escaped(text).split("=", 1)) for text in args.deliver]

    def count_string(self):
        self.count += 1

    def take_messages(self):
        taken, self.messages = self.messages, []
        return taken

    def crash(self):
        """How the bridge crashes now, if it does; once each."""
        for kind in ("freeze", "reboot"):
            if self.count >= getattr(self, f"{kind}_after") > 0:
                setattr(self, f"{kind}_after", 0)
                return kind
        return None


def escaped(text):
    return text.encode().decode("unicode_escape")


class Board:
    """The bridge's board: obeys the reset wire, boots, and runs a life of the bridge."""

    def __init__(self, levels, clock, options):
        self._levels, self._clock, self._options = levels, clock, options
        self._link = SynCom(wires.Pins(levels, wires.BRIDGE), active=False)
        self._looks = 0
        self._boot = self._life = None
        self._in_reset = True

    def step(self):
        self._look_at_reset()
        self._boot = advance(self._boot)
        self._looks = turn(self._link, self._clock, self._looks)
        self._run()

    def _run(self):
        if self._link.synchronised and self._life is None:
            log("synchronised")
            self._life = Bridge(self._link, self._levels, self._clock, self._options).life()
        if self._life and not advance(self._life):
            self._life = NOTHING_MORE
        self._crash()

    def _look_at_reset(self):
        was_in_reset, self._in_reset = self._in_reset, not self._levels[wires.RESET]
        if self._in_reset and not was_in_reset:
            self._link.stop()
            self._boot = self._life = None
            # Whoever hears of it may let go at once, so the wires are quiet by now.
            log("reset")
        elif was_in_reset and not self._in_reset:
            self._boot = self._booting()

    def _booting(self):
        yield from self._clock.wait(0.3)
        self._options.boots += 1
        boot = self._options.boots
        log("boot", number=boot)
        if boot > self._options.silent_boots:
            stray = (1, 0, 1, 1) if boot <= self._options.stray_boots else ()
            self._link.start(stray, shift=2 if boot <= self._options.shifted_boots else 0)

    def _crash(self):
        kind = self._options.crash()
        if kind:
            log("crash", kind=kind)
            self._life = NOTHING_MORE
            if kind == "freeze":
                self._link.freeze()
            else:
                self._link.stop()
                self._life = None
                self._boot = self._booting()


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wires", help="the wires file; made when it is not there")
    parser.add_argument("--scale", type=float, default=1.0, help="0.01: all times a hundredth")
    parser.add_argument("--freeze-after", type=int, default=0, metavar="N", help="stand still after N strings, once")
    parser.add_argument("--reboot-after", type=int, default=0, metavar="N", help="reboot after N strings, once")
    parser.add_argument("--silent-boots", type=int, default=0, metavar="N", help="never clock in the first N boots")
    parser.add_argument("--stray-boots", type=int, default=0, metavar="N", help="stray bits before the sync byte")
    parser.add_argument("--shifted-boots", type=int, default=0, metavar="N", help="characters off their places")
    parser.add_argument("--mute", action="store_true", help="clock, but never answer")
    parser.add_argument("--no-broker", action="store_true", help="the broker cannot be reached")
    parser.add_argument("--time", default="848545395", help="seconds since 2000 that a time server says; 0 = none")
    parser.add_argument("--time-takes", type=float, default=5.0, metavar="S")
    parser.add_argument("--delivery-takes", type=float, default=0.1, metavar="S")
    parser.add_argument(
        "--deliver",
        action="append",
        default=[],
        metavar="TOPIC=MESSAGE",
        help="comes in after the first subscription; escapes as \\x00",
    )
    return parser.parse_args()


def main():
    args = parse()
    board = Board(wires.open_or_create(args.wires), Clock(args.scale), Options(args))
    return run(board.step)


if __name__ == "__main__":
    sys.exit(main())
