"""Load: clients that ask one after the other over connections kept open, as little Python as can be.

One process, one loop, sockets without a client library, so that the machine's time goes to the servers. What it
costs itself is told as `client_ms`: processor milliseconds of the generator per answer.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_END = b"\r\n\r\n"
_LAST = b"\r\n0\r\n\r\n"
"""Ends an answer that is sent in parts."""


@dataclass
class Told:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0
    octets: int = 0


class Client(asyncio.Protocol):
    """Sends the next request as soon as the last answer is whole, or after a pause of the mean length `pause`."""

    def __init__(
        self, requests: Iterator[bytes], until: float, told: Told, pause: float = 0
    ) -> None:
        self.requests, self.until, self.told, self.pause = requests, until, told, pause
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = bytearray()
        self.needed = 0
        self.sent_at = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.needed:
            self.needed = _length(self.buffer)
        if not self.needed or len(self.buffer) < self.needed:
            return
        now = time.perf_counter()
        self.told.milliseconds.append((now - self.sent_at) * 1000)
        self.told.octets += self.needed
        self.told.failed += self.buffer[9:12] != b"200"
        self.buffer.clear()
        self.needed = 0
        self._go_on()

    def _go_on(self) -> None:
        if not self.pause:
            self._ask()
            return
        wait = random.expovariate(1 / self.pause)
        asyncio.get_running_loop().call_later(wait, self._ask)

    def _ask(self) -> None:
        if time.perf_counter() < self.until:
            self._send()
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()

    def _send(self) -> None:
        self.sent_at = time.perf_counter()
        self.transport.write(next(self.requests))


def _length(buffer: bytearray) -> int:
    """Length of the whole answer; 0 while its head, or its last part, is not there."""
    head = buffer.find(_END)
    if head < 0:
        return 0
    told = dict(line.partition(b":")[::2] for line in bytes(buffer[:head]).lower().split(b"\r\n"))
    if b"content-length" in told:
        return head + len(_END) + int(told[b"content-length"])
    if told.get(b"transfer-encoding", b"").strip() != b"chunked":
        raise ValueError("an answer without a length")
    return len(buffer) if buffer.endswith(_LAST) else 0


def request(address: str, **headers: str) -> bytes:
    """A GET request as it goes over the wire."""
    lines = [
        f"GET {address} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{n}: {v}" for n, v in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _all(
    port: int, requests: Sequence[bytes], seconds: float, clients: int, pause: float
) -> Told:
    told, loop = Told(), asyncio.get_running_loop()
    shared = itertools.cycle(requests)
    until = time.perf_counter() + seconds
    made = [
        await loop.create_connection(lambda: Client(shared, until, told, pause), "127.0.0.1", port)
        for _ in range(clients)
    ]
    await asyncio.gather(*(client.done for _transport, client in made))
    return told


def measured(
    port: int, requests: Sequence[bytes], *, seconds: float, clients: int, pause: float = 0
) -> dict[str, Any]:
    """Requests a second and milliseconds of the slowest half, 5 % and 1 %; AssertionError when one failed."""
    started, busy = time.perf_counter(), time.process_time()
    told = asyncio.run(_all(port, requests, seconds, clients, pause))
    took, busy = time.perf_counter() - started, time.process_time() - busy
    assert not told.failed, f"{told.failed} of {len(told.milliseconds)} answers are not 200"
    cuts = statistics.quantiles(told.milliseconds, n=100)
    count = len(told.milliseconds)
    return {
        "per_second": round(count / took, 1),
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "p99_ms": round(cuts[98], 2),
        "kib": round(told.octets / count / 1024, 1),
        "client_ms": round(busy / count * 1000, 3),
    }
