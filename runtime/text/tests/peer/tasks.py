"""What both programs share: a loop that steps a link and runs generators beside it, time that can be scaled, and
JSON lines. It knows neither end."""

import json
import os
import time

# So many idle characters, and the wires need no speed any more.
IDLE = 64
# So many looks in vain, and the peer is not there.
PATIENCE = 400


class Clock:
    """Seconds of the original's time: with a scale of 0.01 a second takes 10 ms."""

    def __init__(self, scale):
        self._scale = scale

    def now(self):
        return time.monotonic() / self._scale

    def wait(self, seconds):
        """A task's pause: `yield from clock.wait(1)`."""
        until = self.now() + seconds
        while self.now() < until:
            yield


def log(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def strings(link):
    """A task's next string, or None when the link is not running: `string = yield from strings(link)`."""
    while link.any() == 0:
        yield
    return link.receive() if link.any() else None


def turn(link, clock, looks):
    """Lets a link make steps, and gives the processor away as long as there is nothing to do; returns how often in
    a row it looked in vain."""
    is_idle = link.synchronised and link.idle > IDLE
    now, moved = clock.now(), 0
    while moved < (1 if is_idle else 64) and link.poll(now):
        moved += 1
    looks = 0 if moved else looks + 1
    # The other end may need this very processor.
    time.sleep(0.0005 if looks > PATIENCE else 0.0002 if is_idle and moved else 0)
    return looks


def advance(task):
    """Runs a task to its next pause; None when there is none or it has ended."""
    if task is None:
        return None
    try:
        next(task)
    except StopIteration:
        return None
    return task


def run(step):
    """Calls `step` until it returns an exit code, or whoever started this program is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        code = step()
        if code is not None:
            return code
    return 1
