"""What an HTTP service offers: its operations, and the shapes of the JSON that they take and give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarShape:
    """A single value, carried by one of the API's scalars."""

    scalar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumShape:
    """One of a few texts."""

    name: str
    """As the document names it, or made from where it stands; unique among the service's shapes."""
    values: tuple[str, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShape:
    """Any number of values of one shape."""

    element: Shape
    nullable_elements: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedShape:
    """An object or union of the service, by name: shapes may be recursive."""

    name: str


Shape = ScalarShape | EnumShape | ListShape | NamedShape

Direction = Literal["both", "output", "input"]
"""Which way a member travels: the service answers it (`output`), is given it (`input`), or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A member of an object."""

    name: str
    """As it stands in the JSON."""
    shape: Shape
    required: bool
    nullable: bool
    direction: Direction = "both"
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectShape:
    """An object with known members."""

    name: str
    properties: tuple[Property, ...]
    comment: str | None = None

    @property
    def output_properties(self) -> tuple[Property, ...]:
        """The members that an answer may have; none of an object that is only ever sent."""
        return tuple(member for member in self.properties if member.direction != "input")

    @property
    def input_properties(self) -> tuple[Property, ...]:
        """The members that a request may have; none of an object that is only ever answered."""
        return tuple(member for member in self.properties if member.direction != "output")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionShape:
    """One of several objects, told apart by a property or else by which members are there."""

    name: str
    members: tuple[str, ...]
    """Names of object shapes."""
    discriminator: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    """(value of the discriminator, member)."""
    comment: str | None = None


ParameterPlace = Literal["path", "query", "header", "cookie", "body"]
ParameterStyle = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "json", "urlencoded"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEncoding:
    """How one member of a form body is written."""

    name: str
    style: ParameterStyle
    explode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointParameter:
    """Something that a call is given. The request body is a parameter of place `body` as well."""

    name: str
    place: ParameterPlace
    shape: Shape
    required: bool
    style: ParameterStyle
    explode: bool = False
    media_type: str | None = None
    """Of a body, what it is sent as."""
    encodings: tuple[MemberEncoding, ...] = ()
    """Of a form body, the members that are not written as `form`, exploded."""
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EndpointId:
    """An operation's place: unique in a catalog."""

    source: str
    name: str
    """The document's operationId, else made from method and path."""

    def __str__(self) -> str:
        return f"{self.source}.{self.name}"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An operation of an HTTP service."""

    id: EndpointId
    method: str
    path: str
    """Below the service's base URL, with `{name}` for each path parameter."""
    parameters: tuple[EndpointParameter, ...]
    result: Shape | None
    """None where an answer has no body: all that it can say is that something is done."""
    result_path: tuple[str, ...] = ()
    """The members that lead from the answer's JSON to the result."""
    media_type: str | None = None
    """What the answer comes as, to be asked for; None where it has no body, or may come as anything."""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    comment: str | None = None

    def __hash__(self) -> int:
        # Plans and loaders are keyed by values that hold endpoints: hash the place, compare the whole.
        return hash(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An operation, or a part of one, that the API cannot express, and why."""

    place: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServiceCatalog:
    """What one HTTP service offers."""

    name: str
    base_url: str
    endpoints: tuple[Endpoint, ...]
    objects: tuple[ObjectShape, ...]
    unions: tuple[UnionShape, ...]
    enums: tuple[EnumShape, ...]
    left_out: tuple[LeftOut, ...] = ()
