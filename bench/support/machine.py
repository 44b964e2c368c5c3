"""What the numbers were measured on."""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path


def first_line(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except OSError:
        return None
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else None


def describe(binary: Path, database=None) -> dict:
    models = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    about = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "cpu": models[0] if models else platform.processor(),
        "memory_gb": round(int(memory.group(1)) / 2**20, 1) if memory else None,
        "load_before": os.getloadavg(),
        "kernel": platform.release(),
        "python": sys.version.split()[0],
        "rustc": first_line("rustc", "--version"),
        "ocotillo": first_line(str(binary), "--version"),
        "wrk": first_line("wrk", "-v"),
    }
    if database:
        about["postgresql"] = database.value("SHOW server_version")
        about["postgresql_settings"] = dict(
            database.rows(
                "SELECT name, setting FROM pg_settings WHERE name IN ('shared_buffers', 'fsync', 'synchronous_commit',"
                " 'max_connections', 'work_mem', 'jit')"
            )
        )
    return about
