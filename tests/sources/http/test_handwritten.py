from __future__ import annotations

import pytest

from punnet.catalog.endpoints import (
    Endpoint,
    EndpointId,
    EndpointParameter,
    ListShape,
    NamedShape,
    ObjectShape,
    Property,
    ScalarShape,
    ServiceCatalog,
    Shape,
)
from punnet.configuration.operations import OperationConfiguration
from punnet.configuration.sources import HttpConfiguration
from punnet.configuration.type_references import parse_type_reference
from punnet.sources.http.handwritten import handwritten_service, shape_of

INT = ScalarShape(scalar="Int")
STRING = ScalarShape(scalar="String")
SHIPMENT = NamedShape(name="Shipment")


def parameters_of(operation: dict[str, object]) -> tuple[EndpointParameter, ...]:
    """The parameters of a service's only operation."""
    service = HttpConfiguration.model_validate({"url": "http://h", "operations": {"get": operation}})
    [endpoint] = handwritten_service("parcels", service).endpoints
    return endpoint.parameters


def test_a_service_offers_what_is_declared() -> None:
    service = HttpConfiguration.model_validate(
        {
            "url": "http://127.0.0.1:9000",
            "types": {"Shipment": {"order_id": "Int!", "next-stop": "Stop"}, "Stop": {"towns": "[String]!"}},
            "operations": {
                "shipment": {
                    "path": "/shipments/{order_id}",
                    "parameters": {"order_id": {"type": "Int!", "description": "Of the order."}},
                    "result": "Shipment",
                    "result_path": "data.shipment",
                    "description": "One parcel.",
                },
                "cancel": {"method": "DELETE", "path": "/shipments"},
            },
        }
    )
    assert handwritten_service("parcels", service) == ServiceCatalog(
        name="parcels",
        base_url="http://127.0.0.1:9000",
        endpoints=(
            Endpoint(
                id=EndpointId(source="parcels", name="shipment"),
                method="GET",
                path="/shipments/{order_id}",
                parameters=(
                    EndpointParameter(
                        name="order_id", place="path", shape=INT, required=True, style="simple", comment="Of the order."
                    ),
                ),
                result=SHIPMENT,
                result_path=("data", "shipment"),
                comment="One parcel.",
            ),
            Endpoint(
                id=EndpointId(source="parcels", name="cancel"),
                method="DELETE",
                path="/shipments",
                parameters=(),
                result=None,
            ),
        ),
        objects=(
            ObjectShape(
                name="Shipment",
                properties=(
                    Property(name="order_id", shape=INT, required=True, nullable=False),
                    Property(name="next-stop", shape=NamedShape(name="Stop"), required=False, nullable=True),
                ),
            ),
            ObjectShape(
                name="Stop",
                properties=(
                    Property(
                        name="towns",
                        shape=ListShape(element=STRING, nullable_elements=True),
                        required=True,
                        nullable=False,
                    ),
                ),
            ),
        ),
        unions=(),
        enums=(),
    )


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Int", INT),
        ("Int!", INT),
        ("Shipment!", SHIPMENT),
        ("[Shipment!]!", ListShape(element=SHIPMENT)),
        ("[Shipment]", ListShape(element=SHIPMENT, nullable_elements=True)),
        ("[[String!]]", ListShape(element=ListShape(element=STRING), nullable_elements=True)),
        (" [ Int ! ] ", ListShape(element=INT)),
    ],
)
def test_a_reference_to_a_type_is_a_shape(text: str, shape: Shape) -> None:
    assert shape_of(parse_type_reference(text)) == shape


@pytest.mark.parametrize(
    "text", ["", "!", "[Int", "Int!!", "Int Int", "[Int, String]", "{a}", "Int # x\n}", "[" * 9999]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="wants a GraphQL type"):
        parse_type_reference(text)


def test_a_parameter_is_in_the_path_where_the_path_has_it_and_else_in_the_query() -> None:
    order_id, expand = parameters_of(
        {"path": "/shipments/{order_id}", "parameters": {"order_id": "Int!", "expand": "[String!]"}}
    )
    assert (order_id.place, order_id.style, order_id.explode, order_id.required) == ("path", "simple", False, True)
    assert (expand.place, expand.style, expand.explode, expand.required) == ("query", "form", True, False)


def test_a_parameter_is_written_as_declared() -> None:
    [expand] = parameters_of(
        {"path": "/", "parameters": {"sku": {"in": "query", "type": "[String!]!", "style": "form", "explode": False}}}
    )
    assert (expand.style, expand.explode, expand.required) == ("form", False, True)


@pytest.mark.parametrize(
    ("place", "style", "explode"),
    [("query", "form", True), ("header", "simple", False), ("cookie", "form", True), ("body", "json", False)],
)
def test_a_place_has_a_usual_style(place: str, style: str, explode: bool) -> None:
    [parameter] = parameters_of(
        {"method": "POST", "path": "/", "parameters": {"body": {"in": place, "type": "[Int!]!"}}}
    )
    assert (parameter.style, parameter.explode) == (style, explode)


def test_a_member_with_a_dot_is_reached_by_a_list() -> None:
    assert OperationConfiguration.model_validate({"path": "/", "result_path": ["a.b", "c"]}).result_path == ("a.b", "c")
