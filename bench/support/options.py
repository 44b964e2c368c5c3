"""Flags that both scripts take."""

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
OUTPUT = TARGET / "bench"
# Real data, next to the project: no part of it.
USGS = ROOT.parent / "shared" / "data"


class Failure(Exception):
    """Ends the script with this message."""


def parser(description: str) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=description)
    options.add_argument(
        "--database-url",
        default=os.environ.get("DATABASE_URL"),
        metavar="URL",
        help="PostgreSQL database with data (default: DATABASE_URL). It is copied first and never written to. "
        "With --usgs, --sites or --synthetic only its server is used",
    )
    options.add_argument("--usgs", action="store_true", help=f"as --sites and --levels, with the files in {USGS}")
    options.add_argument("--sites", metavar="FILE", help="import these sites (CSV) into ocotillo_bench, replacing it")
    options.add_argument("--levels", metavar="FILE", help="import these water levels (CSV) as well")
    options.add_argument(
        "--synthetic", type=int, metavar="WELLS", help="make so many wells with all kinds of children in ocotillo_bench"
    )
    options.add_argument(
        "--binary", "--ours", dest="binary", type=Path, metavar="FILE", help="use this ocotillo instead of building one"
    )
    options.add_argument(
        "--case", action="append", default=[], metavar="NAME", help="only this case (may be given several times)"
    )
    options.add_argument("--list", action="store_true", help="list the cases and exit")
    return options


def chosen(wanted: list[str], known: list[str]) -> list[str]:
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise Failure(f"unknown case {', '.join(unknown)}; known: {', '.join(known)}")
    return [name for name in known if not wanted or name in wanted]
