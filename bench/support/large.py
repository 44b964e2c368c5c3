"""Requests that are as large as they may be, and cost their sender nothing."""

import json
import math
from urllib.parse import quote

from .database import Postgres

BODY_BYTES = 2_000_000
# A request line may have 65,534 bytes.
VERTICES = 2500
WELLS = "/thing/water-well"


def filled(head: str, item, tail: str) -> bytes:
    """`head`, as many items as fit, `tail`."""
    items, size, at = [], len(head) + len(tail), 0
    while True:
        text = item(at)
        size += len(text) + 1
        if size > BODY_BYTES:
            return (head + ",".join(items) + tail).encode()
        items.append(text)
        at += 1


def unknown_terms() -> list[tuple[str, str, bytes]]:
    """A new well with a list of terms that nobody knows, all of them different."""
    body = filled('{"name":"Bench large","well_purposes":[', lambda at: f'"unknown term {at:06}"', "]}")
    return [(WELLS, "POST", body)]


def junk() -> list[tuple[str, str, bytes]]:
    """JSON that is no well: nested deeper than any parser goes; many nested notes; a key that nobody knows, and no name."""
    deep = b"[" * (BODY_BYTES // 2) + b"]" * (BODY_BYTES // 2)
    nested = '{"a":' * 100 + "1" + "}" * 100
    notes = filled('{"name":"Bench large","notes":[', lambda at: nested, "]}")
    key = json.dumps([1, "x", None, {"b": [[]]}])
    unknown = filled('{"junk":{', lambda at: f'"{at:06}":{key}', "}}")
    return [(WELLS, "POST", body) for body in (deep, notes, unknown)]


def polygons(database: Postgres) -> list[tuple[str]]:
    """Things within stars around most of the places, in the query string."""
    lon, lat, away = map(
        float,
        database.rows(
            """WITH middle AS (
                   SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY longitude) AS lon,
                          percentile_disc(0.5) WITHIN GROUP (ORDER BY latitude) AS lat FROM location)
               SELECT lon, lat, percentile_disc(0.8) WITHIN GROUP (
                   ORDER BY sqrt((longitude - lon) ^ 2 + (latitude - lat) ^ 2)) FROM location, middle GROUP BY 1, 2"""
        )[0],
    )
    return [(f"/thing?within={quote(star(lon, lat, max(away, 0.1), turn), safe='(),').replace('%20', '+')}",) for turn in range(4)]


def star(lon: float, lat: float, away: float, turn: int) -> str:
    """Each a little different, so that nothing is gained by remembering one."""
    corners = []
    for at in range(VERTICES):
        angle = 2 * math.pi * (at + turn / 4) / VERTICES
        reach = away * (1.0 if at % 2 else 0.8)
        corners.append(f"{lon + reach * math.cos(angle):.7f} {lat + reach * math.sin(angle):.7f}")
    return "POLYGON ((" + ",".join([*corners, corners[0]]) + "))"
