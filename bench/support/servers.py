"""The two servers. Each is started here, on loopback, and ended by its own process id."""

import contextlib
import hashlib
import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .options import BENCH, OUTPUT, ROOT, TARGET, Failure

PEER = BENCH / "peer"
LONGEST_START = 60


def build() -> Path:
    """The release binary."""
    print("building the release binary ...", flush=True)
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
    return TARGET / "release" / "ocotillo"


def peer_environment() -> Path:
    """A virtual environment with exactly the peer's packages; made anew when they change."""
    venv, wanted = OUTPUT / "peer-venv", PEER / "requirements.txt"
    mark = venv / "installed"
    key = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()
    if not (mark.exists() and mark.read_text() == key):
        print("installing the peer's packages ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        install = [venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted]
        subprocess.run(install, check=True)
        mark.write_text(key)
    return venv


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server."""

    def __init__(self, name: str, process: subprocess.Popen, port: int):
        self.name, self.process, self.port = name, process, port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pids(self) -> list[int]:
        """The process and the workers that it has forked."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def memory(self) -> float:
        """Resident memory in MB. What several processes share counts once."""
        pids, total = self.pids(), 0
        for pid in pids:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if len(pids) == 1:
                    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
                else:
                    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
                total += int(found.group(1)) if found else 0
        return total / 1024

    def cpu(self) -> float:
        """Seconds of processor time that all its processes have used."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def require_alive(self) -> None:
        if self.process.poll() is not None:
            raise Failure(f"{self.name} has ended with status {self.process.returncode}; see {log_path(self.name)}")


def log_path(name: str) -> Path:
    return OUTPUT / f"{name}.log"


@contextlib.contextmanager
def ours(binary: Path, database_url: str, name: str = "ours") -> Iterator[Server]:
    """The Rust service, as it comes."""
    with started([binary, "serve"], {"DATABASE_URL": database_url}, name) as server:
        yield server


@contextlib.contextmanager
def started(command: list, variables: dict[str, str], name: str) -> Iterator[Server]:
    """A service of ours that says on which port it listens."""
    environment = os.environ | variables
    environment.setdefault("OCOTILLO_LOG_FILTER", "warn")
    with open(log_path(name), "wb") as log:
        process = subprocess.Popen(
            [*command, "--bind", "127.0.0.1:0"], env=environment, stdout=subprocess.PIPE, stderr=log
        )
    try:
        # A server that hangs at its start says nothing.
        said, _, _ = select.select([process.stdout], [], [], LONGEST_START)
        line = process.stdout.readline().decode() if said else ""
        ready = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not ready:
            raise Failure(f"{name} did not start; see {log_path(name)}")
        yield Server(name, process, int(ready.group(1)))
    finally:
        stop(process)


@contextlib.contextmanager
def peer(database_url: str, name: str = "peer") -> Iterator[Server]:
    """The Python service behind gunicorn."""
    venv, port = peer_environment(), free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "PEER_BIND": f"127.0.0.1:{port}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with open(log_path(name), "wb") as log:
        process = subprocess.Popen(
            [venv / "bin" / "gunicorn", "-c", "gunicorn.conf.py"], cwd=PEER, env=environment, stdout=log, stderr=log
        )
    server = Server(name, process, port)
    try:
        deadline = time.monotonic() + LONGEST_START
        while not answers(port):
            server.require_alive()
            if time.monotonic() > deadline:
                raise Failure(f"{name} did not start; see {log_path(name)}")
            time.sleep(0.1)
        yield server
    finally:
        stop(process)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(35)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


def end_on_signals() -> None:
    """SIGTERM and SIGHUP unwind like Ctrl-C, so that servers and databases are cleaned up."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
