"""The bytes of a wires file, as one end of the wires sees them. It knows no handshake.

Byte 0 data and 1 clock host to bridge, 2 data and 3 clock bridge to host, 4 reset (active low), 8 access point on
air, 9 the bridge's stored network is usable.
"""

import fcntl
import mmap
import os

SIZE = 4096
RESET, ACCESS_POINT, STORED_NETWORK = 4, 8, 9
HOST, BRIDGE = "host", "bridge"


def open_or_create(path):
    """Maps the file at `path`; one that is too short is made, under the lock that the Rust side takes too."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        if os.fstat(fd).st_size < SIZE:
            levels = bytearray(SIZE)
            for byte in (RESET, ACCESS_POINT, STORED_NETWORK):
                levels[byte] = 1
            os.pwrite(fd, levels, 0)
        fcntl.flock(fd, fcntl.LOCK_UN)
        return mmap.mmap(fd, SIZE)
    finally:
        os.close(fd)


class Pins:
    """The four wires of one end that carry bits. Data is put before the clock that tells of it."""

    def __init__(self, levels, end):
        self._levels = levels
        self._out, self._in = (0, 2) if end == HOST else (2, 0)
        # A program that begins anew goes on from the level that its clock had.
        self.clock = levels[self._out + 1]

    def put(self, data, clock):
        self._levels[self._out] = data
        self._levels[self._out + 1] = self.clock = clock

    def edge(self, data):
        self.put(data, 1 - self.clock)

    def peer_clock(self):
        return self._levels[self._in + 1]

    def peer_data(self):
        return self._levels[self._in]
