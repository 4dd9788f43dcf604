"""The MicroPython system's link, either end, written from its description: sync byte, characters, strings, and the
timeout per bit. It knows nothing of what the strings say.

Deliberately as the original is: no limit on a string, no check of anything, and a timeout before the sync byte that
nobody hears of.
"""

from collections import deque

SYNC = 0x9D
BITS = 7


class SynCom:
    """One end. `poll` makes a step when the peer's clock allows it; it never waits."""

    def __init__(self, pins, active, timeout=0.0):
        self._pins = pins
        self._active = active
        self._timeout = timeout
        self.running = False
        self.stop()

    def stop(self):
        """Both lines low; nothing moves until `start`."""
        self._pins.put(0, 0)
        self.running = False
        self.synchronised = False
        self._may_step = False

    def start(self, stray=(), shift=0):
        """Both lines as they are before the first step. `stray` bits go out before the sync byte, and characters
        begin `shift` bits late: what a dying or damaged end does."""
        self._queue, self._strings, self._string = deque(), deque(), []
        self._sync = deque([*stray, *(SYNC >> bit & 1 for bit in range(8))])
        self._register = 0
        self._out = deque([0] * shift)
        # The passive end samples the last bit of a character when it puts the first of its own next one; before
        # the first character that is the filler bit.
        self._in = [0] * (BITS - 1) if not self._active else []
        self._skip = shift
        self.idle = 0
        self.synchronised, self.running = False, True
        if self._active:
            self._pins.put(self._sync.popleft(), 1)
        else:
            self._pins.put(0, 0)
        self._may_step = not self._active

    def go(self, now):
        """The active end's lines are up from `start` on; it looks at the peer only from here on."""
        self._may_step = True
        self._moved = now

    def freeze(self):
        """Stands still, lines as they are."""
        self._may_step = False

    def send(self, string):
        """Queues characters, of which seven bits go out; what is 0 among them ends a string there."""
        self._queue.extend(ord(character) & 0x7F for character in string)
        self._queue.append(0)

    def any(self):
        return len(self._strings) if self.running else None

    def receive(self):
        return self._strings.popleft()

    def poll(self, now):
        """Makes a step if it is this end's turn; returns whether it was."""
        if not self._may_step:
            return False
        is_same = self._pins.peer_clock() == self._pins.clock
        if is_same != self._active:
            self._look_at_time(now)
            return False
        came = self._pins.peer_data()
        self._pins.edge(self._text(came) if self.synchronised else self._opening(came))
        self._moved = now
        return True

    def _look_at_time(self, now):
        if self._timeout and now - self._moved > self._timeout:
            was_synchronised = self.synchronised
            self.stop()
            # The hole: before the sync byte nobody looks at `running`.
            self.running = not was_synchronised

    def _opening(self, came):
        self._register = self._register >> 1 | came << 7
        self.synchronised = self._register == SYNC
        return self._sync.popleft() if self._sync else 0

    def _text(self, came):
        if self._skip:
            self._skip -= 1
        else:
            self._sample(came)
        if not self._out:
            character = self._queue.popleft() if self._queue else 0
            self.idle = 0 if character or self._string else self.idle + 1
            self._out.extend(character >> bit & 1 for bit in range(BITS))
        return self._out.popleft()

    def _sample(self, came):
        self._in.append(came)
        if len(self._in) < BITS:
            return
        character = sum(bit << place for place, bit in enumerate(self._in))
        self._in.clear()
        if character:
            self._string.append(chr(character))
            self.idle = 0
        elif self._string:
            self._strings.append("".join(self._string))
            self._string.clear()
