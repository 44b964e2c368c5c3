"""How fast PostgreSQL alone is: the statements of a case, recorded from our service, run by `pgbench`."""

import json
import re
import subprocess
from pathlib import Path

from .cases import Case
from .database import Postgres
from .load import fetch
from .options import OUTPUT, Failure
from .servers import Server
from .wire import Recorder

CLIENTS = 4


def record(server: Server, recorder: Recorder, case: Case) -> list[tuple[Path, int]]:
    """The case's statements as scripts with weights. `server` must reach its database through the recorder."""
    scripts = []
    folder = OUTPUT / "sql"
    folder.mkdir(parents=True, exist_ok=True)
    for at, (request, weight) in enumerate(case.ceiling):
        # The first time it also prepares, and asks for the types.
        fetch(server.port, request)
        recorder.statements.clear()
        recorder.recording = True
        status, _, answer = fetch(server.port, request)
        recorder.recording = False
        if recorder.failure:
            raise recorder.failure
        if status >= 400:
            raise Failure(f"{case.name}: {request.method} {request.path} answered {status} while it was recorded")
        script = folder / (f"{case.name}.sql" if at == 0 else f"{case.name}-{at}.sql")
        statements = "".join(statement.rstrip("; ") + ";\n" for statement in recorder.statements)
        script.write_text(with_new_keys(statements, answer) if request.method == "POST" else statements)
        scripts.append((script, weight))
    return scripts


def with_new_keys(statements: str, answer: bytes) -> str:
    """Each run of the script stores a thing of its own and its children, not ever more children of one thing."""
    key = json.loads(answer)["id"]
    for name in ("integer", "text"):
        statements = statements.replace(f"E'{key}'::{name}", f":new_id::{name}")
    return statements.replace('RETURNING "thing"."id";\n', 'RETURNING "thing"."id" \\gset new_\n')


def measure(database: Postgres, scripts: list[tuple[Path, int]], seconds: float) -> dict:
    command = ["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-T", str(max(1, round(seconds)))]
    for script, weight in scripts:
        command += ["-f", f"{script}@{weight}"]
    done = subprocess.run([*command, database.url], capture_output=True, text=True, timeout=seconds + 120)
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    latency = re.search(r"^latency average = ([\d.]+) ms", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not rate or not latency:
        raise Failure(f"pgbench: {done.stderr.strip()[-500:]}")
    statements = [len(script.read_text().splitlines()) for script, _ in scripts]
    return {"rate": float(rate.group(1)), "latency_ms": float(latency.group(1)), "statements": statements}
