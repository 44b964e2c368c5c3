"""Sends recorded statements to PostgreSQL, prepared once and with binary results, as our service does, and throws the rows
away: `python replay.py URL FILE SECONDS`, with the peer's environment. Prints the rate of whole requests as JSON."""

import itertools
import json
import struct
import sys
import threading
import time

import psycopg
from psycopg.pq import ExecStatus

CLIENTS = 4
GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class Request:
    """The statements of one request on one connection."""

    def __init__(self, connection, recorded: dict, number: int):
        self.link, self.stored = connection, recorded["stored"]
        self.steps = []
        for at, one in enumerate(recorded["statements"]):
            name = f"r{number}_{at}".encode() if one["prepared"] else b""
            values = [None if value is None else bytes.fromhex(value) for value in one["values"]]
            if name:
                require(self.link.prepare(name, one["sql"].encode(), one["types"]))
            self.steps.append((name, one["sql"].encode(), values, one["formats"], one["types"]))

    def send(self) -> None:
        new = None
        for name, sql, values, formats, types in self.steps:
            if not name:
                require(self.link.exec_(sql))
                continue
            if new is not None:
                values = [self.replaced(value, oid, new) for value, oid in zip(values, types)]
            result = require(self.link.exec_prepared(name, values, formats, 1))
            if self.stored is not None and new is None and sql.startswith(b'INSERT INTO "thing" '):
                new = struct.unpack("!i", result.get_value(0, 0))[0]

    def replaced(self, value: bytes | None, oid: int, new: int) -> bytes | None:
        """The key of the thing that was stored while it was recorded becomes that of the thing just stored."""
        if oid == 23 and value == struct.pack("!i", self.stored):
            return struct.pack("!i", new)
        return str(new).encode() if oid == 25 and value == str(self.stored).encode() else value


def require(result):
    if result.status not in GOOD:
        raise RuntimeError(result.error_message.decode(errors="replace"))
    return result


def main() -> None:
    url, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    with open(path) as file:
        recorded = json.load(file)
    order = [number for number, one in enumerate(recorded) for _ in range(one["weight"])]
    ready, counts, failures = threading.Barrier(CLIENTS + 1), [0] * CLIENTS, []

    def client(place: int) -> None:
        try:
            with psycopg.connect(url, autocommit=True, options="-c jit=off -c timezone=UTC") as connection:
                requests = [Request(connection.pgconn, one, number) for number, one in enumerate(recorded)]
                requests[0].send()
                ready.wait(60)
                until = time.perf_counter() + seconds
                for number in itertools.islice(itertools.cycle(order), place * len(order) // CLIENTS, None):
                    requests[number].send()
                    counts[place] += 1
                    if time.perf_counter() >= until:
                        return
        except Exception as error:
            failures.append(error)
            ready.abort()

    threads = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        ready.wait(60)
        began = time.perf_counter()
    except threading.BrokenBarrierError:
        began = float("nan")
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(str(failures[0]))
    elapsed = time.perf_counter() - began
    statements = sum(len(one["statements"]) * one["weight"] for one in recorded) / len(order)
    print(json.dumps({"rate": sum(counts) / elapsed, "requests": sum(counts), "statements": statements}))


main()
