"""How long single requests take, one after another: what one user waits, where the database is near and where it is not."""

import json
import re
import socket
import statistics
import time
from dataclasses import dataclass, field

from .cases import Case, Request
from .options import Failure
from .servers import Server

# The pools and the prepared statements of a server are filled by then: psycopg prepares what it sees for the sixth time, and
# ours has four connections that take turns.
WARM_UPS = 24
LEAST = 5
LONGEST_ANSWER = 60
QUERIES = re.compile(rb"^server-timing:.*\bqueries;desc=\"?(\d+)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Sample:
    """What one server did."""

    milliseconds: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    def summary(self) -> dict:
        ordered = sorted(self.milliseconds)
        return {
            "p10_ms": ordered[int(0.1 * (len(ordered) - 1))],
            "p50_ms": statistics.median(ordered),
            "p90_ms": ordered[int(0.9 * (len(ordered) - 1))],
            "requests": len(ordered),
            "statements": statistics.mode(self.statements) if self.statements else None,
            "all_ms": [round(one, 3) for one in self.milliseconds],
        }


class Client:
    """A keep-alive connection that does little besides, so that it is the server that is measured."""

    def __init__(self, server: Server):
        self.server = server
        self.answers = self.socket = None

    def close(self) -> None:
        if self.socket:
            self.answers.close()
            self.socket.close()
        self.answers = self.socket = None

    def ask(self, request: bytes) -> tuple[int, int | None]:
        """The status, and how many statements the server says that it sent."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.server.port), timeout=LONGEST_ANSWER)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.answers = self.socket.makefile("rb", 1 << 18)
        self.socket.sendall(request)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.answers.readline()
            if not line:
                raise Failure(f"{self.server.name} closed the connection instead of answering")
            head += line
        names = head.lower()
        if length := re.search(rb"\ncontent-length: *(\d+)", names):
            self._drop(int(length.group(1)))
        elif b"\ntransfer-encoding: chunked" in names:
            while size := int(self.answers.readline().split(b";")[0], 16):
                self._drop(size + 2)
            self.answers.readline()
        if b"\nconnection: close" in names:
            self.close()
        statements = QUERIES.search(head)
        return int(head.split(None, 2)[1]), int(statements.group(1)) if statements else None

    def _drop(self, size: int) -> None:
        if len(self.answers.read(size)) < size:
            raise Failure(f"{self.server.name} ended in the middle of an answer")


def on_the_wire(request: Request) -> bytes:
    head = f"{request.method} {request.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
    body = b""
    if request.body is not None:
        body = json.dumps(request.body).encode()
        head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def measure(case: Case, under_test: list[Server], requests: int, seconds: float) -> dict[str, Sample]:
    """The servers take turns, request by request, so that whatever disturbs the machine disturbs all of them."""
    texts = [on_the_wire(request) for request in case.requests]
    clients = [Client(server) for server in under_test]
    samples = {server.name: Sample() for server in under_test}

    def send(client: Client, at: int) -> tuple[float, int | None]:
        began = time.perf_counter()
        status, statements = client.ask(texts[at % len(texts)])
        took = 1000 * (time.perf_counter() - began)
        if status >= 400:
            raise Failure(f"{client.server.name} answered {status} to {case.name}")
        return took, statements

    try:
        for client in clients:
            for at in range(2 if case.heavy else WARM_UPS):
                send(client, at)
        began = time.monotonic()
        for at in range(requests):
            if at >= LEAST and time.monotonic() - began > seconds:
                break
            first = at % len(clients)
            for client in clients[first:] + clients[:first]:
                took, statements = send(client, at)
                sample = samples[client.server.name]
                sample.milliseconds.append(took)
                if statements is not None:
                    sample.statements.append(statements)
    finally:
        for client in clients:
            client.close()
    return samples


def add_trips(results: list[dict]) -> None:
    """How often a server waits for the database in turn: what a request takes longer, by what the proxy adds. That of the
    fast requests: the slow ones waited for the processor too."""
    near = {result["case"]: result for result in results if result["delay_ms"] == 0}
    for result in results:
        if result["delay_ms"] and result["case"] in near:
            for name, server in result["servers"].items():
                longer = server["p10_ms"] - near[result["case"]]["servers"][name]["p10_ms"]
                if longer > 0:
                    server["trips"] = longer / result["added_ms"]


def table(results: list[dict]) -> str:
    """One row a case and delay, in Markdown; columns of servers that did not run are left out."""
    names = {name for result in results for name in result["servers"]}
    heads = ["request", "delay ms"]
    for name in ("ours", "other", "peer"):
        if name in names:
            heads += [f"{name} ms"] + ["statements"] * (name != "peer") + ["trips"]
            heads += [f"{name}/ours"] * (name != "ours")
    rows = []
    for result in results:
        ours = result["servers"]["ours"]
        row = [result["about"], f"{result['delay_ms']:g}"]
        for name in ("ours", "other", "peer"):
            if name in names:
                server = result["servers"][name]
                row.append(f"{server['p50_ms']:.1f}" if server["p50_ms"] >= 10 else f"{server['p50_ms']:.2f}")
                if name != "peer":
                    row.append("" if server["statements"] is None else str(server["statements"]))
                row.append(f"{server['trips']:.1f}" if "trips" in server else "")
                if name != "ours":
                    row.append(f"{server['p50_ms'] / ours['p50_ms']:.2f} x")
        rows.append(row)
    widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    justify = [str.ljust] + [str.rjust] * (len(heads) - 1)
    lines = ["| " + " | ".join(put(cell, width) for put, cell, width in zip(justify, row, widths)) + " |" for row in [heads, *rows]]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
