"""Small requests sent every 20 ms while something else loads the server: a process of its own, so that the clients that make
the load do not delay it."""

import http.client
import multiprocessing
import os
import time
from dataclasses import dataclass, field

INTERVAL = 0.020
TIMEOUT = 20.0


@dataclass
class Seen:
    """What one kind of probe saw."""

    # Milliseconds, corrected: the probes that a slow answer kept from being sent count with the time they would have waited.
    times: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)

    def note(self, status: str, milliseconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        while milliseconds > 0:
            self.times.append(milliseconds)
            milliseconds -= INTERVAL * 1000

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    @property
    def worst(self) -> float:
        return max(self.times, default=float("nan"))

    def summary(self) -> dict:
        return {
            "p50_ms": self.percentile(0.5),
            "p99_ms": self.percentile(0.99),
            "worst_ms": self.worst,
            "statuses": self.statuses,
        }


class Probes:
    """Probes `/health` and single wells from entering to leaving the context."""

    def __init__(self, port: int, wells: list[str]):
        self.port, self.wells = port, wells
        self.found: dict[str, Seen] = {}

    def __enter__(self) -> "Probes":
        # A forked process would hold on to every socket of this one.
        context = multiprocessing.get_context("spawn")
        self.ending = context.Event()
        self.running = []
        for name, paths in (("health", ["/health"]), ("light", self.wells)):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=probe, args=(self.port, paths, self.ending, sender), daemon=True)
            process.start()
            self.running.append((name, process, receiver))
        for _, _, receiver in self.running:
            receiver.recv()
        return self

    def __exit__(self, *_) -> None:
        self.ending.set()
        for name, process, receiver in self.running:
            if receiver.poll(TIMEOUT + 5):
                self.found[name] = receiver.recv()
            process.join(5)
            if process.is_alive():
                process.terminate()


def probe(port: int, paths: list[str], ending, sender) -> None:
    # Prompt clients: what is measured is the server's delay, not this process's turn at the processor.
    with_priority(-10)
    seen, connection, at = Seen(), None, 0
    sender.send("ready")
    due = time.perf_counter()
    while not ending.is_set():
        time.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
            connection.request("GET", paths[at % len(paths)])
            answer = connection.getresponse()
            answer.read()
            status = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            status, connection = type(error).__name__, None
        at += 1
        ended = time.perf_counter()
        seen.note(status, 1000 * (ended - began))
        due = max(due + INTERVAL, ended)
    sender.send(seen)


def with_priority(level: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, level)
    except PermissionError:
        pass
