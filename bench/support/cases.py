"""The load cases, made to fit the data that is there."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from .database import Postgres
from .options import OUTPUT, Failure


@dataclass
class Request:
    path: str
    method: str = "GET"
    body: dict | None = None


@dataclass
class Case:
    name: str
    about: str
    requests: list[Request]
    # Answers take so long that requests are counted one by one, instead of for a fixed time.
    heavy: bool = False
    # How many of the requests the answers are compared for.
    compared: int = 3
    # Requests whose statements make up the ceiling of PostgreSQL, with their weights.
    ceiling: list[tuple[Request, int]] = field(default_factory=list)

    def __post_init__(self):
        if not self.ceiling:
            self.ceiling = [(self.requests[0], 1)]

    @property
    def writes(self) -> bool:
        return any(request.method != "GET" for request in self.requests)

    def file(self) -> Path:
        """The requests as `wrk/replay.lua` reads them."""
        folder = OUTPUT / "requests"
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for at, request in enumerate(self.requests):
            line = f"{request.method}\t{request.path}"
            if request.body is not None:
                body = folder / f"{self.name}-{at}.json"
                body.write_text(json.dumps(request.body))
                line += f"\t{body}"
            lines.append(line)
        path = folder / f"{self.name}.txt"
        path.write_text("\n".join(lines) + "\n")
        return path


NAMES = {
    "list100": "100 wells with all their children",
    "location": "one location",
    "well": "one well",
    "details": "one well's details",
    "filter": "filter + sort, page of 50",
    "query": "text search",
    "box": "things within a box of some 300",
    "list10000": "page of 10,000 wells",
    "geojson": "10,000-feature GeoJSON",
    "readings": "100 readings of the longest series, with its total",
    "series": "the whole longest series",
    "post": "POST of a well with children",
    "mixed": "90 % reads of a well, 10 % POSTs",
}


def get(path: str, **parameters) -> Request:
    pairs = [(key, one) for key, value in parameters.items() for one in (value if isinstance(value, list) else [value])]
    return Request(f"{path}?{urlencode(pairs)}" if pairs else path)


def filter_text(field_name: str, operator: str, value) -> str:
    return json.dumps({"field": field_name, "operator": operator, "value": value})


def well_ids(database: Postgres, most: int = 200) -> list[int]:
    """Wells spread over the whole table."""
    rows = database.rows(
        f"""SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS wells
                            FROM thing WHERE thing_type = 'water well') AS t
            WHERE n % greatest(wells / {most}, 1) = 0 ORDER BY id LIMIT {most}"""
    )
    if not rows:
        raise Failure(f"{database.name} holds no wells")
    return [int(row[0]) for row in rows]


def location_ids(database: Postgres, most: int = 200) -> list[int]:
    rows = database.rows(f"SELECT id FROM location ORDER BY id LIMIT {most}")
    return [int(row[0]) for row in rows]


def visited_wells(database: Postgres) -> list[int]:
    """The wells with most visits: the details of the others say little."""
    rows = database.rows(
        """SELECT t.id FROM thing t LEFT JOIN field_event e ON e.thing_id = t.id
           WHERE t.thing_type = 'water well' GROUP BY t.id ORDER BY count(e.id) DESC, t.id LIMIT 50"""
    )
    return [int(row[0]) for row in rows]


def longest_series(database: Postgres) -> tuple[int, int]:
    """The thing with most readings, and how many."""
    rows = database.rows(
        """SELECT d.thing_id, sum(o.readings) FROM deployment d
           JOIN (SELECT deployment_id, count(*) AS readings FROM transducer_observation GROUP BY 1) AS o
             ON o.deployment_id = d.id
           GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"""
    )
    return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)


def box(database: Postgres, things: int = 300) -> str:
    """A square around the middle of all places that holds about so many of them."""
    lon, lat, half = map(
        float,
        database.rows(
            f"""WITH middle AS (
                    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY longitude) AS lon,
                           percentile_disc(0.5) WITHIN GROUP (ORDER BY latitude) AS lat FROM location),
                away AS (
                    SELECT greatest(abs(longitude - lon), abs(latitude - lat)) AS half FROM location, middle
                    ORDER BY 1 LIMIT {things})
                SELECT lon, lat, max(half) + 1e-6 FROM middle, away GROUP BY 1, 2"""
        )[0],
    )
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return "POLYGON ((" + ", ".join(f"{x:.7f} {y:.7f}" for x, y in corners) + "))"


def texts(database: Postgres) -> tuple[str, str, float]:
    """The beginning that most names share, the first letters of one name, and the median depth."""
    shared = database.value(
        "SELECT substr(name, 1, 3) FROM thing WHERE thing_type = 'water well' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    word = database.value(
        """SELECT left(split_part(name, ' ', 1), 7) FROM thing WHERE thing_type = 'water well'
           ORDER BY id OFFSET (SELECT count(*) / 2 FROM thing WHERE thing_type = 'water well') LIMIT 1"""
    )
    depth = database.value("SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY well_depth), 0) FROM thing")
    return shared, word, float(depth)


def new_well(database: Postgres) -> dict:
    """A body for POST /thing/water-well that fills every table around it."""
    body = {
        "name": "Bench well",
        "first_visit_date": "2024-05-06",
        "notes": [
            {"note_type": "General", "content": "Made by the bench"},
            {"note_type": "Access", "content": "Second gate on the left"},
        ],
        "alternate_ids": [{"relation": "same_as", "alternate_id": "B-1", "alternate_organization": "USGS"}],
        "monitoring_frequencies": [{"monitoring_frequency": "Monthly", "start_date": "2024-05-06"}],
        "well_depth": 350.5,
        "hole_depth": 360.0,
        "well_casing_diameter": 6.0,
        "well_casing_depth": 340.0,
        "measuring_point_height": 1.5,
        "measuring_point_description": "Top of casing",
        "well_completion_date": "2001-02-03",
        "well_driller_name": "Example Drilling",
        "well_pump_depth": 300.0,
        "is_suitable_for_datalogger": True,
        "is_open": True,
    }
    lists = {"well_purposes": ("well_purpose", 2), "well_casing_materials": ("casing_material", 2)}
    for key, (category, count) in lists.items():
        body[key] = terms(database, category)[:count]
    for key, category in (("well_pump_type", "well_pump_type"), ("well_construction_method", "well_construction_method")):
        body[key] = terms(database, category)[0]
    body["alternate_ids"][0]["relation"] = terms(database, "relation")[0]
    body["monitoring_frequencies"][0]["monitoring_frequency"] = terms(database, "monitoring_frequency")[0]
    location = database.value("SELECT min(id) FROM location")
    if location:
        body["location_id"] = int(location)
    return body


def terms(database: Postgres, category: str) -> list[str]:
    rows = database.rows(
        f"""SELECT t.term FROM lexicon_term t
            JOIN lexicon_term_category_association a ON a.term_id = t.id
            JOIN lexicon_category c ON c.id = a.category_id WHERE c.name = '{category}' ORDER BY t.id"""
    )
    if not rows:
        raise Failure(f"the vocabulary has no terms of {category}")
    return [row[0] for row in rows]


def all_cases(database: Postgres) -> dict[str, Case]:
    wells = "/thing/water-well"
    ids = well_ids(database)
    series, readings = longest_series(database)
    shared, word, depth = texts(database)
    one_well = [get(f"{wells}/{key}") for key in ids]
    post = Request(wells, "POST", new_well(database))
    filters = [filter_text("well_depth", "gt", depth), filter_text("name", "contains", shared)]
    transducer = "/observation/transducer-groundwater-level"
    pages = max(1, -(-readings // 10000))
    cases = [
        Case("list100", NAMES["list100"], [get(wells, size=100)]),
        Case("location", NAMES["location"], [get(f"/location/{key}") for key in location_ids(database)]),
        Case("well", NAMES["well"], one_well),
        Case("details", NAMES["details"], [get(f"{wells}/{key}/details") for key in visited_wells(database)]),
        Case("filter", NAMES["filter"], [get(wells, filter=filters, sort="well_depth", order="desc", page=2, size=50)]),
        Case("query", NAMES["query"], [get(wells, query=word, size=25)]),
        Case("box", NAMES["box"], [get("/thing", within=box(database), size=300)]),
        Case("list10000", NAMES["list10000"], [get(wells, size=10000)], heavy=True),
        Case("geojson", NAMES["geojson"], [get("/geospatial")], heavy=True),
        Case("readings", NAMES["readings"], [get(transducer, thing_id=series, size=100)]),
        Case(
            "series",
            NAMES["series"],
            [get(transducer, thing_id=series, size=10000, page=page) for page in range(1, pages + 1)],
            heavy=True,
        ),
        Case("post", NAMES["post"], [post]),
        Case("mixed", NAMES["mixed"], mixed(one_well, post), compared=1, ceiling=[(one_well[0], 9), (post, 1)]),
    ]
    return {case.name: case for case in cases}


def mixed(reads: list[Request], write: Request) -> list[Request]:
    """Nine reads, one write, and so on."""
    requests = []
    for at in range(0, min(len(reads), 90) // 9 * 9 or len(reads), 9):
        requests += [*reads[at : at + 9], write]
    return requests
