"""What a client accepts, and how much: the weights of Accept-Language and Accept-Encoding (RFC 9110, 12.4.2)."""

import re


def accepted(header: str) -> dict[str, float]:
    """Return what a header names, in lower case and the order of its weights, and those: 1 where none can be read."""
    named = [one.partition(";") for one in header.split(",")]
    weighed = {name.strip().lower(): _weight(parameter) for name, _, parameter in named}
    return dict(sorted(weighed.items(), key=lambda one: one[1], reverse=True))


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    found = re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", value.strip()) if name.strip().lower() == "q" else None
    return float(found[0]) if found else 1.0
