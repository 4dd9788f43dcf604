"""The MicroPython system's host over a wires file: brings its bridge up, does what it is told, and prints what it
receives as JSON lines.

What to do comes as JSON lists, one for each --do, once the bridge is running: ["s", topic, qos], ["p", topic,
message, retain, qos] (waits for the publication to be complete), ["i"], ["m"], ["raw", string], ["wait", seconds],
["await", first field of a string, how many of them].
"""

import argparse
import json
import sys

sys.dont_write_bytecode = True

import wires
from syncom import SynCom
from tasks import Clock, advance, log, run, strings, turn

DEL = "\x7f"
INIT = ["lab", "secret", "127.0.0.1", "", "", "{}", 1, 1883, 0, 1, 60, 0, 1, 4, 10, 0, "pool.ntp.org"]
PUBOK, RUNNING, SPECNET, WIFI_UP, WIFI_DOWN = 4, 5, 3, 9, 10
FATAL_AT_START, FATAL = (6, 8, 10), (6, 8)


class Host:
    """The host for as long as it lives; `session` is one turn with the bridge, from sync byte to crash."""

    def __init__(self, link, clock, args):
        self._link, self._clock, self._args = link, clock, args
        self._running = self._wifi = self._published = False
        self._said_go_ahead = False
        self._subscribed, self._counts = [], {}

    def _say(self, *fields):
        self._link.send(DEL.join(map(str, fields)))

    def _take(self, string):
        """The status number that a string holds, if it does."""
        fields = string.split(DEL)
        log("string", fields=fields)
        self._counts[fields[0]] = self._counts.get(fields[0], 0) + 1
        if fields[0] != "t":
            return None
        number = int(fields[1]) if fields[1:] and fields[1].isdigit() else 6
        self._published = self._published or number == PUBOK
        self._running = self._running or number == RUNNING
        if number in (WIFI_UP, WIFI_DOWN):
            self._wifi = number == WIFI_UP
        return number

    def session(self):
        self._published, self._running = True, False
        if not (yield from self._begin()):
            return
        for topic, qos in self._subscribed:
            self._say("s", topic, qos)
        log("running")
        while True:
            string = yield from strings(self._link)
            if string is None:
                log("failed", status=12)
                break
            if self._take(string) in FATAL or string.split(DEL)[0] not in ("t", "u", "i", "m"):
                break
        self._running = False

    def _begin(self):
        if self._args.will:
            self._say("w", *json.loads(self._args.will))
            if not (yield from self._status()):
                return False
        self._say("init", *self._init())
        while not self._running:
            if not (yield from self._status()):
                return False
        return True

    def _status(self):
        """Waits for a string; whether the start may go on."""
        string = yield from strings(self._link)
        if string is None:
            log("failed", status=11)
            return False
        number = self._take(string)
        return number not in FATAL_AT_START and (number != SPECNET or self._go_ahead())

    def _init(self):
        fields = list(INIT)
        for place, value in json.loads(self._args.init).items():
            fields[int(place) - 1] = value
        return fields

    def _go_ahead(self):
        """Only the first time in the host's life, as the original's default handler does."""
        if self._said_go_ahead:
            return False
        self._said_go_ahead = True
        self._say(1)
        return True

    def work(self):
        for text in self._args.do:
            action, *fields = json.loads(text)
            if action == "wait":
                yield from self._clock.wait(fields[0])
            elif action == "await":
                while self._counts.get(fields[0], 0) < fields[1]:
                    yield
            else:
                yield from self._ready()
                yield from self._command(action, fields)
        log("done")

    def _ready(self):
        while not (self._running and self._wifi):
            yield

    def _command(self, action, fields):
        if action == "raw":
            self._link.send(fields[0])
            return
        if action == "s":
            self._subscribed.append(fields)
        if action != "p":
            self._say(action, *fields)
            return
        topic, message, retain, qos = fields
        self._published = False
        self._say("p", topic, message, int(retain), qos)
        while not self._published:
            yield
        log("published", topic=topic)


class Board:
    """The host's board: resets the bridge, waits for its sync byte, and begins again when a session ends."""

    def __init__(self, levels, clock, args):
        self._levels, self._clock, self._args = levels, clock, args
        # Never scaled: a bridge that is a process may take a while to look at the reset wire.
        self._pulse = Clock(1)
        self._link = SynCom(wires.Pins(levels, wires.HOST), active=True, timeout=args.timeout)
        self._host = Host(self._link, clock, args)
        self._work = self._host.work()
        self._life, self._looks = self._begin(), 0

    def _begin(self):
        self._link.start()
        log("reset")
        self._levels[wires.RESET] = 0
        yield from self._pulse.wait(0.1)
        self._levels[wires.RESET] = 1
        yield from self._clock.wait(1)
        self._link.go(self._clock.now())
        while not self._link.synchronised:
            yield
        log("synchronised")
        yield from self._host.session()
        self._link.stop()
        log("crash")

    def step(self):
        self._looks = turn(self._link, self._clock, self._looks)
        self._life = advance(self._life) or self._begin()
        if self._work:
            self._work = advance(self._work)
            if not self._work and not self._args.stay:
                return 0
        return None


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wires", help="the wires file; made when it is not there")
    parser.add_argument("--scale", type=float, default=1.0, help="0.01: all times a hundredth")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="S", help="per bit")
    parser.add_argument("--will", metavar="JSON", help='["topic", "message", "False", 0]')
    parser.add_argument("--init", default="{}", metavar="JSON", help='init\'s arguments by place: {"3": "broker"}')
    parser.add_argument("--do", action="append", default=[], metavar="JSON")
    parser.add_argument("--stay", action="store_true", help="go on when all is done")
    return parser.parse_args()


def main():
    args = parse()
    return run(Board(wires.open_or_create(args.wires), Clock(args.scale), args).step)


if __name__ == "__main__":
    sys.exit(main())
