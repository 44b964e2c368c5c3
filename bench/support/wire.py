"""A proxy to PostgreSQL on loopback: it can be cut, and it can write down what a client sends."""

import asyncio
import contextlib
import random
import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from .options import Failure

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104
# Ends a connection with a reset: what a client sees when the server is gone.
RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Forwards connections to a PostgreSQL server, in a thread of its own."""

    def __init__(self, upstream: tuple[str, int], recorder: "Recorder | None" = None):
        self.upstream, self.recorder = upstream, recorder
        self.loop = asyncio.new_event_loop()
        self.open: set[asyncio.StreamWriter] = set()
        self.server: asyncio.Server | None = None
        self.port = quiet_port()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "Proxy":
        self.thread.start()
        self.restore()
        return self

    def __exit__(self, *_) -> None:
        self._call(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def cut(self) -> None:
        """Resets every connection and refuses new ones."""
        self._call(self._cut())

    def restore(self) -> None:
        """Listens (again)."""
        self._call(self._listen())

    async def _listen(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, reuse_address=True)

    async def _cut(self) -> None:
        self.server.close()
        for writer in list(self.open):
            with contextlib.suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    async def _end(self) -> None:
        await self._cut()
        sessions = asyncio.all_tasks() - {asyncio.current_task()}
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    async def _serve(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        self.open.add(client_out)
        server_out = None
        try:
            first = await self._start(client_in, client_out)
            server_in, server_out = await asyncio.open_connection(*self.upstream)
            self.open.add(server_out)
            server_out.write(first)
            session = self.recorder.session() if self.recorder else None
            await asyncio.gather(pipe(client_in, server_out, session), pipe(server_in, client_out, None))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            for writer in filter(None, (client_out, server_out)):
                self.open.discard(writer)
                writer.transport.abort()

    @staticmethod
    async def _start(client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> bytes:
        """The start-up message; encryption is declined."""
        while True:
            head = await client_in.readexactly(8)
            length, code = struct.unpack("!ii", head)
            if code not in (SSL_REQUEST, GSS_REQUEST):
                return head + await client_in.readexactly(length - 8)
            client_out.write(b"N")
            await client_out.drain()


def quiet_port() -> int:
    """A free port that no outgoing connection is given: while the proxy is cut, nothing else may take it."""
    first_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(100):
        port = random.randrange(10_000, max(first_ephemeral, 10_001))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Failure("no free port was found")


async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter, session: "Callable | None") -> None:
    while data := await source.read(1 << 16):
        if session:
            session(data)
        sink.write(data)
        await sink.drain()
    sink.transport.abort()


@dataclass
class Statement:
    """One statement that a client sent, with its values."""

    sql: str
    types: list[int] = field(default_factory=list)
    formats: list[int] = field(default_factory=list)
    values: list[bytes | None] = field(default_factory=list)

    def plain_values(self) -> list[str | None]:
        """Values that are no arrays, as text."""
        oids = self.types + [0] * (len(self.values) - len(self.types))
        each = zip(oids, self.values, self.formats)
        return [plain(oid, value, binary)[1] for oid, value, binary in each if oid not in ARRAYS]

    def text(self, variable: "Callable[[str, str | None], str] | None" = None) -> str:
        """As one line of SQL with the values written in, or with what `variable` makes of a name and a value."""

        def written(place: re.Match) -> str:
            at = int(place.group(1)) - 1
            oid = self.types[at] if at < len(self.types) else 0
            if variable is None or oid in ARRAYS:
                return typed(oid, self.values[at], self.formats[at])
            name, value = plain(oid, self.values[at], self.formats[at])
            return f"{variable(f'p{at + 1}', value)}::{name}" if oid else variable(f"p{at + 1}", value)

        return " ".join(re.sub(r"\$(\d+)", written, self.sql).split("\n")).rstrip("; ") + ";"


class Recorder:
    """Notes the statements that clients send."""

    def __init__(self):
        self.recording = False
        self.statements: list[Statement] = []

    def session(self) -> Callable[[bytes], None]:
        """A reader of one connection's bytes."""
        buffer, prepared = bytearray(), {}

        def read(data: bytes) -> None:
            buffer.extend(data)
            while len(buffer) >= 5:
                kind, length = buffer[:1], struct.unpack("!i", buffer[1:5])[0]
                if len(buffer) < length + 1:
                    return
                message = bytes(buffer[5 : length + 1])
                del buffer[: length + 1]
                self._message(kind, message, prepared)

        return read

    def _message(self, kind: bytes, message: bytes, prepared: dict) -> None:
        if kind == b"P":
            name, sql, types = parse_message(message)
            prepared[name] = (sql, types)
        elif kind == b"B" and self.recording:
            name, formats, values = bind_message(message)
            sql, types = prepared[name]
            self.statements.append(Statement(sql, types, formats, values))
        elif kind == b"Q" and self.recording:
            self.statements.append(Statement(message.rstrip(b"\0").decode()))


def text_until_zero(message: bytes, at: int) -> tuple[str, int]:
    end = message.index(0, at)
    return message[at:end].decode(), end + 1


def parse_message(message: bytes) -> tuple[str, str, list[int]]:
    name, at = text_until_zero(message, 0)
    sql, at = text_until_zero(message, at)
    count = struct.unpack_from("!h", message, at)[0]
    return name, sql, list(struct.unpack_from(f"!{count}I", message, at + 2))


def bind_message(message: bytes) -> tuple[str, list[int], list[bytes | None]]:
    _portal, at = text_until_zero(message, 0)
    name, at = text_until_zero(message, at)
    count = struct.unpack_from("!h", message, at)[0]
    formats = list(struct.unpack_from(f"!{count}h", message, at + 2))
    at += 2 + 2 * count
    count = struct.unpack_from("!h", message, at)[0]
    at += 2
    values: list[bytes | None] = []
    for _ in range(count):
        length = struct.unpack_from("!i", message, at)[0]
        at += 4
        values.append(None if length < 0 else message[at : at + length])
        at += max(length, 0)
    if len(formats) < 2:
        formats = (formats or [0]) * count
    return name, formats, values


# By type: its name, and how its binary form is written as text. Times count from 2000-01-01, in days or microseconds.
TYPES: dict[int, tuple[str, Callable[[bytes], str]]] = {
    16: ("boolean", lambda raw: "true" if raw[0] else "false"),
    20: ("bigint", lambda raw: str(struct.unpack("!q", raw)[0])),
    21: ("smallint", lambda raw: str(struct.unpack("!h", raw)[0])),
    23: ("integer", lambda raw: str(struct.unpack("!i", raw)[0])),
    25: ("text", bytes.decode),
    700: ("real", lambda raw: repr(struct.unpack("!f", raw)[0])),
    701: ("double precision", lambda raw: repr(struct.unpack("!d", raw)[0])),
    1043: ("varchar", bytes.decode),
    1082: ("date", lambda raw: date_text(struct.unpack("!i", raw)[0])),
    1114: ("timestamp", lambda raw: time_text(struct.unpack("!q", raw)[0])),
    1184: ("timestamptz", lambda raw: time_text(struct.unpack("!q", raw)[0]) + "+00"),
}


def date_text(days: int) -> str:
    return str(date(2000, 1, 1) + timedelta(days=days))


def time_text(microseconds: int) -> str:
    return str(datetime(2000, 1, 1) + timedelta(microseconds=microseconds))


def literal(text: str) -> str:
    """A literal without colons: `pgbench` would take what follows one for a variable."""
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\r", "\\r")
    return "E'" + escaped.replace(":", "\\x3a") + "'"


# Arrays, by the type of their elements.
ARRAYS = {1005: 21, 1007: 23, 1009: 25, 1015: 1043, 1016: 20, 1022: 701}


def array_items(raw: bytes) -> list[bytes | None]:
    """The elements of a one-dimensional array in binary form."""
    dimensions = struct.unpack_from("!i", raw)[0]
    count = struct.unpack_from("!i", raw, 12)[0] if dimensions else 0
    items: list[bytes | None] = []
    at = 20
    for _ in range(count):
        length = struct.unpack_from("!i", raw, at)[0]
        at += 4
        items.append(None if length < 0 else raw[at : at + length])
        at += max(length, 0)
    return items


def typed(oid: int, raw: bytes | None, binary: int) -> str:
    """A value as an SQL expression. Without a type it stays a literal that PostgreSQL gives one."""
    if oid in ARRAYS:
        name = TYPES[ARRAYS[oid]][0]
        if raw is None or not binary:
            return "NULL" if raw is None else f"{literal(raw.decode())}::{name}[]"
        return f"ARRAY[{', '.join(typed(ARRAYS[oid], item, 1) for item in array_items(raw))}]::{name}[]"
    name, value = plain(oid, raw, binary)
    if value is None:
        return f"NULL::{name}"
    return f"{literal(value)}::{name}" if oid else literal(value)


def plain(oid: int, raw: bytes | None, binary: int) -> tuple[str, str | None]:
    """A value's type and its text."""
    if oid and oid not in TYPES:
        raise Failure(f"values of the type {oid} cannot be written as text")
    name, decode = TYPES.get(oid, ("text", bytes.decode))
    return name, None if raw is None else decode(raw) if binary else raw.decode()
