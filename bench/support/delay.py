"""A proxy on loopback that holds every packet back, as a network between a server and its database would."""

import contextlib
import ctypes
import multiprocessing
import os
import queue
import signal
import socket
import statistics
import threading
import time

from .options import Failure
from .probe import with_priority

# What one proxy bears: connections at once, and pieces of up to 64 KB that one direction of one of them holds back.
MOST_CONNECTIONS = 200
MOST_HELD = 1024
PIECE = 1 << 16
# It ends after so long, also when nobody tells it to.
LONGEST_LIFE = 3600.0
PINGS = 60
PR_SET_TIMERSLACK = 29


class Delay:
    """Forwards connections, in a process of its own, and holds what it reads back for `hold` seconds in each direction.

    Order is kept, and nothing waits for what came before it: what is sent at once arrives at once, later.
    """

    def __init__(self, upstream: tuple[str, int], hold: float):
        self.upstream, self.hold = upstream, hold

    def __enter__(self) -> "Delay":
        # A forked process would hold on to every socket of this one.
        context = multiprocessing.get_context("spawn")
        self.control, theirs = context.Pipe()
        self.process = context.Process(target=forward, args=(self.upstream, self.hold, theirs), daemon=True)
        self.process.start()
        theirs.close()
        if not self.control.poll(20):
            self.__exit__()
            raise Failure("the proxy did not start")
        self.port = self.control.recv()
        return self

    def __exit__(self, *_) -> None:
        self.control.close()
        self.process.join(5)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(5)

    def set(self, hold: float) -> None:
        """From now on."""
        self.control.send(hold)


class Hold:
    """Seconds, the same for all connections."""

    def __init__(self, seconds: float):
        self.seconds = seconds


def forward(upstream: tuple[str, int], seconds: float, control) -> None:
    # Whoever started it ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is measured is the delay, not this process's turn at the processor, nor the kernel's leisure to wake a sleeper
    # 50 us late. Threads inherit both.
    with_priority(-10)
    ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
    hold = Hold(seconds)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=accept, args=(listener, upstream, hold), daemon=True).start()
    control.send(listener.getsockname()[1])
    ending = time.monotonic() + LONGEST_LIFE
    # A closed pipe means that the bench has ended, in whatever way.
    with contextlib.suppress(EOFError, OSError):
        while control.poll(max(0.0, ending - time.monotonic())):
            hold.seconds = control.recv()
    os._exit(0)


def accept(listener: socket.socket, upstream: tuple[str, int], hold: Hold) -> None:
    free = threading.BoundedSemaphore(MOST_CONNECTIONS)
    while True:
        client, _ = listener.accept()
        if free.acquire(blocking=False):
            threading.Thread(target=connect, args=(client, upstream, hold, free), daemon=True).start()
        else:
            client.close()


def connect(client: socket.socket, upstream: tuple[str, int], hold: Hold, free: threading.BoundedSemaphore) -> None:
    """One connection, until both directions have ended."""
    try:
        with client, contextlib.suppress(OSError), socket.create_connection(upstream, timeout=20) as server:
            server.settimeout(None)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=carry, args=(server, client, hold), daemon=True)
            back.start()
            carry(client, server, hold)
            back.join()
    finally:
        free.release()


def carry(source: socket.socket, sink: socket.socket, hold: Hold) -> None:
    """One direction: reads here, and writes in a thread that waits until each piece is due."""
    held: queue.Queue[tuple[float, bytes]] = queue.Queue(MOST_HELD)
    writer = threading.Thread(target=release, args=(held, source, sink), daemon=True)
    writer.start()
    data = b"..."
    while data:
        try:
            data = source.recv(PIECE)
        except OSError:
            data = b""
        held.put((time.monotonic() + hold.seconds, data))
    writer.join()


def release(held: queue.Queue, source: socket.socket, sink: socket.socket) -> None:
    """Writes until the empty piece, which is the end."""
    data, broken = b"...", False
    while data:
        due, data = held.get()
        early = due - time.monotonic()
        if early > 0 and not broken:
            time.sleep(early)
        try:
            if data and not broken:
                sink.sendall(data)
        except OSError:
            broken = True
            # Nobody listens any more: no more is read either.
            with contextlib.suppress(OSError):
                source.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def calibrated(round_trip_ms: float) -> tuple[float, float]:
    """How long to hold a packet back so that a proxy adds so much to a round trip, its own work included; and what it then
    really adds, in ms."""
    with Echo() as echo:
        bare = ping(echo.port)
        with Delay(("127.0.0.1", echo.port), round_trip_ms / 2000) as proxy:
            hold = max(0.0, proxy.hold - (ping(proxy.port) - bare - round_trip_ms) / 2000)
            proxy.set(hold)
            # Once more: the correction is as exact as the first look was.
            ping(proxy.port, 5)
            return hold, ping(proxy.port) - bare


class Echo:
    """Sends back what it gets."""

    def __enter__(self) -> "Echo":
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        # Wakes the thread that waits for connections.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with connection, contextlib.suppress(OSError):
                    while data := connection.recv(PIECE):
                        connection.sendall(data)


def ping(port: int, pings: int = PINGS) -> float:
    """The median round trip in ms."""
    times = []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(pings):
            began = time.perf_counter()
            connection.sendall(b"?")
            connection.recv(1)
            times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
