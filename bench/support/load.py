"""Puts load on a server and says how it did."""

import http.client
import json
import subprocess
import threading
import time

from .cases import Case
from .options import BENCH, Failure
from .servers import Server

CLIENTS = 8
HEAVY_CLIENTS = 2
LONGEST_ANSWER = 90


def run(server: Server, case: Case, seconds: float) -> dict:
    cpu = server.cpu()
    result = counted(server, case, seconds) if case.heavy else timed(server, case, seconds)
    server.require_alive()
    result["cpu_ms"] = 1000 * (server.cpu() - cpu) / max(1, result["requests"])
    result["rate"] = result["requests"] / result["seconds"] if result["seconds"] else 0.0
    return result


def timed(server: Server, case: Case, seconds: float) -> dict:
    """`wrk` with eight connections for a fixed time."""
    return wrk(server.address, str(case.file()), seconds)


def wrk(address: str, requests: str, seconds: float, authorization: str | None = None) -> dict:
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{max(1, round(seconds))}s", "--timeout", "20s"]
    command += ["-s", str(BENCH / "wrk" / "replay.lua"), address, "--", requests]
    command += [authorization] if authorization else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise Failure(f"wrk: {done.stderr.strip() or done.stdout.strip()}")
    return json.loads(lines[-1])


def counted(server: Server, case: Case, seconds: float) -> dict:
    """Two clients, each sending until the time is over, at least once; the rate counts whole answers only."""
    lock, latencies, totals = threading.Lock(), [], {"bytes": 0, "bad_status": 0, "dropped": 0}
    began = time.perf_counter()
    ended = [began]

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LONGEST_ANSWER)
        at = number
        while True:
            request = case.requests[at % len(case.requests)]
            at += 1
            sent = time.perf_counter()
            try:
                status, size = fetch_size(connection, request)
            except (OSError, http.client.HTTPException):
                connection.close()
                status, size = 0, 0
            now = time.perf_counter()
            with lock:
                latencies.append(now - sent)
                totals["bytes"] += size
                totals["bad_status"] += status >= 400
                totals["dropped"] += status == 0
                ended[0] = max(ended[0], now)
            if now - began >= seconds:
                connection.close()
                return

    threads = [threading.Thread(target=client, args=(number,)) for number in range(HEAVY_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    latencies.sort()
    return {
        "requests": len(latencies),
        "seconds": ended[0] - began,
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[-1],
        "max_ms": 1000 * latencies[-1],
        **totals,
    }


def fetch_size(connection: http.client.HTTPConnection, request) -> tuple[int, int]:
    connection.request(request.method, request.path)
    answer = connection.getresponse()
    size, buffer = 0, bytearray(1 << 18)
    while read := answer.readinto(buffer):
        size += read
    return answer.status, size


def fetch(port: int, request, timeout: float = LONGEST_ANSWER) -> tuple[int, str, bytes]:
    """Status, media type and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = None if request.body is None else json.dumps(request.body)
        headers = {} if body is None else {"content-type": "application/json"}
        connection.request(request.method, request.path, body, headers)
        answer = connection.getresponse()
        media_type = (answer.getheader("content-type") or "").partition(";")[0].strip()
        return answer.status, media_type, answer.read()
    finally:
        connection.close()


def total_ms(port: int, path: str, authorization: str) -> float:
    """Milliseconds of one request, as the server times it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_ANSWER)
    try:
        connection.request("GET", path, headers={"authorization": authorization})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise Failure(f"{path} answered {answer.status}")
        timing = answer.getheader("server-timing") or ""
        return float(timing.partition("total;dur=")[2].partition(",")[0])
    finally:
        connection.close()
