"""Whether two answers say the same."""

import math
from typing import Any

TOLERANCE = 1e-9
# Differ between any two rows that are stored.
OF_THE_ROW = {"id", "created_at", "thing_id", "target_id"}


def difference(ours: Any, peers: Any, path: str = "$", ignore: frozenset | set = frozenset()) -> str | None:
    """Where and how the two differ first; None when they do not."""
    if is_number(ours) and is_number(peers):
        if math.isclose(ours, peers, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            return None
    elif type(ours) is not type(peers):
        pass
    elif isinstance(ours, dict):
        if ours.keys() != peers.keys():
            return f"{path}: keys only here {sorted(ours.keys() - peers)}, only there {sorted(peers.keys() - ours)}"
        found = (
            difference(ours[key], peers[key], f"{path}.{key}", ignore) for key in ours.keys() - set(ignore)
        )
        return next(filter(None, found), None)
    elif isinstance(ours, list):
        if len(ours) != len(peers):
            return f"{path}: {len(ours)} items here, {len(peers)} there"
        pairs = enumerate(zip(ours, peers))
        found = (difference(one, other, f"{path}[{at}]", ignore) for at, (one, other) in pairs)
        return next(filter(None, found), None)
    elif ours == peers:
        return None
    return f"{path}: {shown(ours)} here, {shown(peers)} there"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 120 else text[:117] + "..."
