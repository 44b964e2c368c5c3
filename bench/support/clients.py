"""Clients that put too much on a server: thousands of sockets in one process, and every answer's fate noted."""

import asyncio
import collections
import contextlib
import json
import multiprocessing
import resource
import statistics
import time
from dataclasses import dataclass, field

from .probe import with_priority

TIMEOUT = 60.0


@dataclass
class Fate:
    """What came of one request."""

    # On the machine's monotonic clock.
    ended: float
    # The status, or the name of the error for an answer that never came whole.
    status: str
    seconds: float
    retry_after: bool = False


@dataclass
class Outcome:
    """What came of all requests of a load."""

    fates: list[Fate] = field(default_factory=list)
    # Names of wells whose POST was answered 201.
    stored: list[str] = field(default_factory=list)
    notes: dict = field(default_factory=dict)

    def statuses(self) -> dict[str, int]:
        return dict(collections.Counter(fate.status for fate in self.fates))

    def rate(self) -> float:
        """Requests a second, from the first one's beginning to the last one's end."""
        if not self.fates:
            return 0.0
        return len(self.fates) / (max(fate.ended for fate in self.fates) - min(fate.ended - fate.seconds for fate in self.fates))

    def median(self) -> float:
        """Seconds."""
        return statistics.median(fate.seconds for fate in self.fates) if self.fates else 0.0


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int):
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    def close(self, abort: bool = False) -> None:
        if self.writer:
            self.writer.transport.abort() if abort else self.writer.close()
        self.reader = self.writer = None

    async def send(self, path: str, method: str = "GET", body: bytes = b"") -> None:
        if not self.writer:
            await self.open()
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n"
        if body:
            head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        await self.writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        return int(lines[0].split()[1]), headers

    async def drop_body(self, headers: dict[str, str]) -> None:
        if "content-length" in headers:
            await self._drop(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                await self._drop(size + 2)
            await self.reader.readuntil(b"\r\n")

    async def _drop(self, size: int) -> None:
        while size:
            read = await self.reader.read(min(size, 1 << 18))
            if not read:
                raise ConnectionResetError("ended in the middle of a body")
            size -= len(read)

    async def begin(self, path: str, method: str, body: bytes) -> tuple[int, dict[str, str]]:
        """Sends a request and reads the head of its answer."""
        reused = self.writer is not None
        try:
            await self.send(path, method, body)
            return await self.head()
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            # Closed while it was idle: like any HTTP client, ask once more on a new connection.
            if not reused or method != "GET" or getattr(error, "partial", b""):
                raise
            self.close(abort=True)
        await self.send(path, method, body)
        return await self.head()

    async def ask(self, path: str, method: str = "GET", body: bytes = b"") -> Fate:
        began = time.monotonic()
        retry_after = False
        try:
            async with asyncio.timeout(TIMEOUT):
                status, headers = await self.begin(path, method, body)
                await self.drop_body(headers)
            status, retry_after = str(status), "retry-after" in headers
            if headers.get("connection") == "close":
                self.close()
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self.close(abort=True)
            status = type(error).__name__
        ended = time.monotonic()
        return Fate(ended, status, ended - began, retry_after)


def in_a_process(load, *arguments):
    """Runs an async load in a process of its own; returns a function that waits for its outcome."""
    # A forked process would hold on to every socket of this one.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(sender, load, arguments), daemon=True)
    process.start()
    receiver.recv()

    def wait(timeout: float) -> Outcome:
        if not receiver.poll(timeout):
            process.terminate()
            raise TimeoutError("the load did not end")
        outcome = receiver.recv()
        process.join(5)
        return outcome

    return wait


def work(sender, load, arguments: tuple) -> None:
    # The load's own work must not take the processor from the server that is looked at.
    with_priority(10)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    sender.send("ready")
    sender.send(asyncio.run(load(*arguments)))


async def repeated(port: int, requests: list[tuple], clients: int, seconds: float) -> Outcome:
    """Clients that each send one request after another, at least one. A request: path, and perhaps method and body."""
    outcome = Outcome()
    until = time.monotonic() + seconds

    async def client(number: int) -> None:
        connection, at = Connection(port), number
        while True:
            fate = await connection.ask(*requests[at % len(requests)])
            outcome.fates.append(fate)
            at += 1
            if time.monotonic() >= until:
                break
            await pause_after(fate)
        connection.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return outcome


async def pause_after(fate: Fate) -> None:
    """A client that was turned away comes back, but does not hammer. One whose request is wrong may be wrong again."""
    if not fate.status.startswith(("2", "4")):
        await asyncio.sleep(0.1)


async def idle(port: int, path: str, clients: int, seconds: float) -> Outcome:
    """Connections that are opened, used once, left alone, and used once more."""
    outcome = Outcome()
    connections = [Connection(port) for _ in range(clients)]

    async def use(connection: Connection) -> None:
        outcome.fates.append(await connection.ask(path))

    async def all_of_them() -> None:
        for at in range(0, clients, 50):
            await asyncio.gather(*map(use, connections[at : at + 50]))

    await all_of_them()
    opened = sum(connection.writer is not None for connection in connections)
    await asyncio.sleep(seconds)
    kept = sum(connection.writer is not None and not connection.reader.at_eof() for connection in connections)
    await all_of_them()
    outcome.notes = {"connections opened": opened, "still open at the end": kept}
    # Closed as they were opened: two thousand at one moment would be another case.
    for at in range(0, clients, 50):
        for connection in connections[at : at + 50]:
            connection.close(abort=True)
        await asyncio.sleep(0.002)
    return outcome


async def aborting(port: int, path: str, clients: int, seconds: float) -> Outcome:
    """Clients that leave in the middle of a large answer, again and again."""
    outcome = Outcome()
    until = time.monotonic() + seconds

    async def client() -> None:
        while time.monotonic() < until:
            connection, began = Connection(port), time.monotonic()
            status, retry_after = "left", False
            try:
                async with asyncio.timeout(TIMEOUT):
                    await connection.send(path)
                    answered, headers = await connection.head()
                    if answered != 200:
                        status, retry_after = str(answered), "retry-after" in headers
                    else:
                        await connection._drop(1 << 16)
            except (OSError, EOFError, TimeoutError) as error:
                status = type(error).__name__
            connection.close(abort=True)
            ended = time.monotonic()
            outcome.fates.append(Fate(ended, status, ended - began, retry_after))
            if status != "left":
                await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    outcome.notes = {"left in the middle": sum(fate.status == "left" for fate in outcome.fates)}
    return outcome


async def reads_and_writes(port: int, wells: list[str], body: dict, prefix: str, clients: int, seconds: float) -> Outcome:
    """Seven reads of a well, two short pages and one POST in turn; the names of acknowledged wells are kept."""
    outcome = Outcome()
    until = time.monotonic() + seconds

    async def client(number: int) -> None:
        connection, at = Connection(port), number
        while time.monotonic() < until:
            at += 1
            if at % 10 == 0:
                name = f"{prefix}-{number}-{at}"
                new = json.dumps(body | {"name": name}).encode()
                fate = await connection.ask("/thing/water-well", "POST", new)
                if fate.status == "201":
                    outcome.stored.append(name)
            elif at % 10 in (3, 6):
                fate = await connection.ask("/thing/water-well?size=25")
            else:
                fate = await connection.ask(wells[at % len(wells)])
            outcome.fates.append(fate)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01 if fate.status.startswith("2") else 0.05)
        connection.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return outcome
