"""What pydantic finds, in the words of those who write settings and not Python."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_WANTED = {
    "bool": "wants true or false",
    "dict": "wants a table",
    "float": "wants a number",
    "int": "wants a whole number",
    "list": "wants a list",
    "mapping": "wants a table",
    "model": "wants a table",
    "string": "wants text",
    "tuple": "wants a list",
}
"""By the first word of an error's type."""


def wording(error: ErrorDetails) -> str:
    """What is wrong, as it goes on after the name of what is."""
    kind, _, what = error["type"].partition("_")
    if kind in _WANTED and what in ("attributes_type", "type", "parsing"):
        return _WANTED[kind]
    limits = error.get("ctx", {})
    match error["type"]:
        case "too_short" if limits["min_length"] == 1:
            return "is empty"
        case "greater_than_equal":
            return f"wants {limits['ge']:g} or more"
        case "less_than_equal":
            return f"wants {limits['le']} or less"
        case "greater_than":
            return f"wants more than {limits['gt']:g}"
    text = error["msg"].removeprefix("Value error, ").replace("Input should be ", "wants ")
    return text[:1].lower() + text[1:]
