"""How fast PostgreSQL alone is: the statements of a case, recorded from our service and sent again without it."""

import json
import subprocess
from pathlib import Path

from .cases import Case
from .database import Postgres
from .load import fetch
from .options import BENCH, OUTPUT, Failure
from .servers import Server
from .wire import Recorder


def record(server: Server, recorder: Recorder, case: Case) -> Path:
    """Notes the case's statements. `server` must reach its database through the recorder."""
    folder = OUTPUT / "statements"
    folder.mkdir(parents=True, exist_ok=True)
    requests = []
    for at, (request, weight) in enumerate(case.ceiling):
        # The first time it also prepares, and asks for the types.
        fetch(server.port, request)
        recorder.statements.clear()
        recorder.recording = True
        status, _, answer = fetch(server.port, request)
        recorder.recording = False
        if status >= 400:
            raise Failure(f"{case.name}: {request.method} {request.path} answered {status} while it was recorded")
        script = folder / (f"{case.name}.sql" if at == 0 else f"{case.name}-{at}.sql")
        script.write_text("".join(f"{statement.text()}\n" for statement in recorder.statements))
        requests.append(
            {
                "weight": weight,
                # Each replay stores a thing of its own and its children, not ever more children of one thing.
                "stored": json.loads(answer)["id"] if request.method == "POST" else None,
                "statements": [statement.as_json() for statement in recorder.statements],
            }
        )
    recorded = folder / f"{case.name}.json"
    recorded.write_text(json.dumps(requests))
    return recorded


def measure(python: Path, database: Postgres, recorded: Path, seconds: float) -> dict:
    command = [python, BENCH / "support" / "replay.py", database.url, recorded, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120)
    if done.returncode != 0:
        raise Failure(f"replay of {recorded.name}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)
