"""How fast PostgreSQL alone is: `pgbench` sends the statements of a case, recorded from our service, prepared like the
service's and with the same values."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .cases import Case
from .database import Postgres
from .load import fetch
from .options import OUTPUT, Failure
from .servers import Server
from .wire import Recorder, Statement

CLIENTS = 4
# The key of the thing that a script has stored itself.
NEW_THING = ":new_id"


@dataclass
class Script:
    """One request's statements for `pgbench`, with the values of their variables."""

    path: Path
    variables: dict[str, str]
    weight: int


def record(server: Server, recorder: Recorder, case: Case) -> list[Script]:
    """Notes the case's statements. `server` must reach its database through the recorder."""
    folder = OUTPUT / "statements"
    folder.mkdir(parents=True, exist_ok=True)
    scripts = []
    for number, (request, weight) in enumerate(case.ceiling):
        # The first time it also prepares, and asks for the types.
        fetch(server.port, request)
        recorder.statements.clear()
        recorder.recording = True
        status, _, answer = fetch(server.port, request)
        recorder.recording = False
        if status >= 400:
            raise Failure(f"{case.name}: {request.method} {request.path} answered {status} while it was recorded")
        name = case.name if number == 0 else f"{case.name}-{number}"
        (folder / f"{name}.sql").write_text("".join(f"{statement.text()}\n" for statement in recorder.statements))
        stored = json.loads(answer)["id"] if request.method == "POST" else None
        scripts.append(script(folder / f"{name}.pgbench", number, weight, recorder.statements, stored))
    return scripts


def script(path: Path, number: int, weight: int, statements: list[Statement], stored: int | None) -> Script:
    """Each run of a script that stores a thing stores children of its own thing, not ever more of one thing."""
    lines, variables = [], {}
    new = None
    for at, statement in enumerate(statements):

        def variable(name: str, value: str | None, at=at) -> str:
            if not value:
                # pgbench has no empty variables.
                return "NULL" if value is None else "''"
            if new is not None and value == str(stored):
                return NEW_THING
            variables[f"v{number}_{at}_{name}"] = value
            return f":v{number}_{at}_{name}"

        stores = stored is not None and new is None and 'INSERT INTO "thing" ' in statement.sql
        if stores and str(stored) in statement.plain_values():
            # The key was taken before; a script cannot take it out of what another statement gave.
            lines.append("SELECT nextval(pg_get_serial_sequence('thing', 'id')) AS id \\gset new_\n")
            new = stored
        line = statement.text(variable)
        if stores and new is None:
            line = line.rstrip(";") + " \\gset new_"
            new = stored
        lines.append(line + "\n")
    path.write_text("".join(lines))
    return Script(path, variables, weight)


def measure(database: Postgres, scripts: list[Script], seconds: float) -> dict:
    command = ["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", str(os.cpu_count() or 1), "-T", str(max(1, round(seconds)))]
    for one in scripts:
        command += ["-f", f"{one.path}@{one.weight}"]
        command += [part for name, value in one.variables.items() for part in ("-D", f"{name}={value}")]
    session = {"PGOPTIONS": "-c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC"}
    command.append(database.url)
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, env=os.environ | session)
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not rate:
        raise Failure(f"pgbench, {scripts[0].path.name}: {done.stderr.strip()[-500:]}")
    return {"rate": float(rate.group(1))}
