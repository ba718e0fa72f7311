"""Headers, as they may be configured and sent."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, SecretStr

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What would end a header's value, or is not for a text at all."""
FRAMING = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""They say how a message is framed, or where it goes: the client's business, and a way to smuggle requests else."""


def _header_name(name: str) -> str:
    if not HEADER_NAME.fullmatch(name):
        raise ValueError("wants the name of a header")
    if name.lower() in FRAMING:
        raise ValueError("is a header that each connection sets for itself")
    return name


def _header_value(value: SecretStr) -> SecretStr:
    if CONTROL.search(value.get_secret_value()):
        raise ValueError("wants a single line without control characters")
    return value


HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[SecretStr, AfterValidator(_header_value)]
