"""What two reports of one estate must have alike, where one of them names single resources and the other counts."""

import json
import re
from collections import Counter

# What tells where something was read, and single resources by their names; a part of a service is called by those in it.
PLACES = {"from", "address", "place", "places", "name", "arn", "inputs", "resources_in_short", "scope", "names", "names_left_out",
          "supporting_names", "supporting_more", "unsettled"}


def told(report):
    """All that a report says, with resources counted by everything else that is told of them."""
    report = json.loads(report)
    counts = Counter()
    for one in report.pop("resources"):
        count = one.pop("count")
        counts[json.dumps({key: value for key, value in one.items() if key not in PLACES}, sort_keys=True)] += count
    return {"resources": dict(sorted(counts.items())), "report": without_names(report)}


def without_names(value):
    match value:
        case str():
            # A finding's id, which is made of names; what duties on a part of a service are called; of whom something is not told.
            value = re.sub(r"^[0-9a-f]{12}(-[0-9]+)?$", "id", value)
            value = re.sub(r" (of|on) `[^`]*`(, `[^`]*`)*( and [0-9]+ more)?(?=$|[;.,])", r" \1", value)
            value = re.sub(r"(it is not settled how ).* (runs?, shown )", r"\1\2", value)
            return re.sub(r"^([^; ]+);.*$", r"\1", value)
        case dict():
            # Lists of names are as long as names are known.
            return {key: without_names(inner) for key, inner in value.items() if key not in PLACES and not (key == "resources" and is_names(inner))}
        case list():
            return [without_names(inner) for inner in value]
    return value


def is_names(value):
    return isinstance(value, list) and all(isinstance(inner, str) for inner in value)


def differences(one, other, path=""):
    """Where two values differ, as far as a person wants to read it."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from differences(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other)):
            yield from differences(a, b, f"{path}[{number}]")
    elif one != other:
        yield f"{path}: {json.dumps(one)[:300]} against {json.dumps(other)[:300]}"
