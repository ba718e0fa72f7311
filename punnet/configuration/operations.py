"""The operations of an HTTP service: declared by hand, and what is said about any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from punnet.catalog.endpoints import ParameterPlace, ParameterStyle
from punnet.catalog.joins import DEFAULT_MAX_KEYS, Batch
from punnet.configuration.problems import Finding
from punnet.configuration.section import MemberPath, Section, refuse
from punnet.configuration.type_references import parse_type_reference

STYLES: Mapping[ParameterPlace, tuple[ParameterStyle, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject", "json"),
    "header": ("simple",),
    "cookie": ("form",),
    "body": ("json", "urlencoded"),
}
"""The styles that a place knows, the usual one first."""

BODY = "body"
"""The name of the parameter that is the body: joins and batches reach its members as `body.skus`."""


def _type_text(text: str) -> str:
    parse_type_reference(text)
    return text


def _path_template(text: str) -> str:
    if not text.startswith("/"):
        raise ValueError("wants a path that begins with '/', below the service's url")
    if any(character in text for character in "?# "):
        raise ValueError("wants a path alone: what comes after '?' is a parameter with in = \"query\"")
    without = text
    for name in template_names(text):
        without = without.replace(f"{{{name}}}", "")
    if "{" in without or "}" in without:
        raise ValueError("wants braces in pairs, around the name of a parameter")
    return text


def template_names(path: str) -> tuple[str, ...]:
    """The names in the braces of a path, in order."""
    pieces = path.split("{")[1:]
    return tuple(dict.fromkeys(name for piece in pieces if (name := piece.partition("}")[0]) and "}" in piece))


def _batch_key(value: object) -> object:
    is_table = isinstance(value, Mapping) and value and all(isinstance(each, str) for each in value.values())
    if value is None or is_table or (isinstance(value, str) and value):
        return value
    raise ValueError("wants the member of each item that bears the key, or a table from parameters to members")


TypeText = Annotated[str, AfterValidator(_type_text)]
PathTemplate = Annotated[str, AfterValidator(_path_template)]
BatchKey = Annotated[str | Mapping[str, str] | None, BeforeValidator(_batch_key)]


class BatchConfiguration(Section):
    """How an operation answers many keys in one call."""

    key: BatchKey = Field(
        default=None,
        description="The member of each item of the answer that bears the key; of several, by parameter.",
    )
    order: bool = Field(
        default=False,
        description="Whether the answer has an item for each key, in their order, and null where there is none.",
    )
    parameter: str | None = Field(
        default=None,
        description="The parameter that takes the keys as a list of objects. "
        "Without it each parameter of `match` takes a list of values.",
    )
    max: int = Field(default=DEFAULT_MAX_KEYS, ge=1, le=100_000, description="The most keys in one call.")

    def batch(self, parameters: Iterable[str]) -> Batch:
        """What this says about a call by keys that these parameters take."""
        members: tuple[str, ...] = ()
        if isinstance(self.key, Mapping):
            members = tuple(self.key[name] for name in parameters)
        elif self.key is not None:
            members = (self.key,)
        return Batch(key=members, parameter=self.parameter, in_order=self.order, max_keys=self.max)

    @model_validator(mode="after")
    def _has_one_way_to_match(self) -> BatchConfiguration:
        if (self.key is not None) == self.order:
            refuse([Finding(location=(), what="wants either key, or order = true")])
        return self


class DocumentOperationConfiguration(Section):
    """What is said about an operation that a document declares."""

    batch: BatchConfiguration | None = Field(default=None, description="How it answers many keys in one call.")


class ParameterConfiguration(Section):
    """Something that a call is given; its type alone is enough."""

    type: TypeText = Field(description="Its GraphQL type.")
    place: ParameterPlace | None = Field(
        default=None,
        validation_alias="in",
        description="Where it goes. Without it `path` for a name in the path's braces, else `query`.",
    )
    style: ParameterStyle | None = Field(
        default=None,
        description="How it is written, as in OpenAPI. Without it `simple` in path and headers, `form` in query "
        "and cookies, `json` as a body.",
    )
    explode: bool | None = Field(
        default=None,
        description="Whether each element of a list stands for itself. Without it only in style `form`.",
    )
    description: str | None = Field(default=None, description="What it means.")

    @model_validator(mode="before")
    @classmethod
    def _from_type(cls, value: object) -> object:
        return {"type": value} if isinstance(value, str) else value


class OperationConfiguration(Section):
    """An operation declared by hand."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(default="GET", description="The HTTP method.")
    path: PathTemplate = Field(description="Below the source's url, with `{name}` for each path parameter.")
    parameters: Mapping[str, ParameterConfiguration] = Field(
        default_factory=dict, description="What a call is given, by name: a GraphQL type, or a table."
    )
    result: TypeText | None = Field(default=None, description="Its GraphQL type; none where nothing comes back.")
    result_path: MemberPath = Field(
        default=(), description="The members that lead from the answer's JSON to the result."
    )
    batch: BatchConfiguration | None = Field(default=None, description="How it answers many keys in one call.")
    description: str | None = Field(default=None, description="What it does.")

    def place_of(self, name: str) -> ParameterPlace:
        """Where a parameter goes."""
        return self.parameters[name].place or ("path" if name in template_names(self.path) else "query")

    def style_of(self, name: str) -> ParameterStyle:
        """How a parameter is written."""
        return self.parameters[name].style or STYLES[self.place_of(name)][0]

    def explodes(self, name: str) -> bool:
        """Whether each element of a list stands for itself."""
        explode = self.parameters[name].explode
        return self.style_of(name) == "form" if explode is None else explode

    def findings(self) -> Iterator[Finding]:
        """What path and parameters do not agree in; locations begin at the operation."""
        yield from self._template_findings()
        yield from self._parameter_findings()

    def _template_findings(self) -> list[Finding]:
        return [
            Finding(location=("path",), what="no parameter is declared for", value=name, choices=tuple(self.parameters))
            for name in template_names(self.path)
            if name not in self.parameters
        ]

    def _parameter_findings(self) -> Iterator[Finding]:
        for name in self.parameters:
            at = ("parameters", name)
            if (wrong := self._place_is_wrong(name)) is not None:
                yield Finding(location=at, what=wrong)
            style, styles = self.parameters[name].style, STYLES[self.place_of(name)]
            if style is not None and style not in styles:
                what = f"is no style of a parameter in {self.place_of(name)}"
                yield Finding(location=(*at, "style"), what=what, value=style, choices=styles)

    def _place_is_wrong(self, name: str) -> str | None:
        place, type_text = self.place_of(name), self.parameters[name].type
        is_in_template = name in template_names(self.path)
        if place == "path" and not is_in_template:
            return f"is not in the path '{self.path}'"
        if place != "path" and is_in_template:
            return f"is in the path '{self.path}' and nowhere else"
        if place == "path" and not parse_type_reference(type_text).required:
            return f"cannot be null, as it is in the path: '{type_text}!'"
        if place == "body" and self.method == "GET":
            return "cannot be in the body, which a GET has not"
        if place == "body" and name != BODY:
            return f"is the body, so it has to be called '{BODY}'"
        return None
