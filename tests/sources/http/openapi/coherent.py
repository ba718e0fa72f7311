"""What holds of every catalog that a document gives, whatever the document."""

from __future__ import annotations

from punnet.catalog.endpoints import EnumShape, ListShape, NamedShape, ServiceCatalog, Shape


def check_catalog(catalog: ServiceCatalog) -> None:
    """All names are there, each once, and nothing is empty."""
    objects = {one.name for one in catalog.objects}
    named = objects | {one.name for one in catalog.unions}
    enums = {one.name: one for one in catalog.enums}
    names = [*named, *enums]
    assert len(named) == len(catalog.objects) + len(catalog.unions)
    assert len(names) == len(set(names))
    assert all(names)
    assert all(one.properties for one in catalog.objects)
    assert all(one.members for one in catalog.unions)
    assert all(one.values for one in catalog.enums)
    assert len({one.id for one in catalog.endpoints}) == len(catalog.endpoints)
    assert all(objects.issuperset(one.members) for one in catalog.unions)
    assert all(member in union.members for union in catalog.unions for _, member in union.mapping)
    for shape in _all_shapes(catalog):
        if isinstance(shape, NamedShape):
            assert shape.name in named
        if isinstance(shape, EnumShape):
            assert enums[shape.name] == shape


def _all_shapes(catalog: ServiceCatalog) -> list[Shape]:
    shapes: list[Shape] = [one.shape for found in catalog.objects for one in found.properties]
    for endpoint in catalog.endpoints:
        shapes += [one.shape for one in endpoint.parameters]
        shapes += [endpoint.result] if endpoint.result is not None else []
    return [_innermost(shape) for shape in shapes]


def _innermost(shape: Shape) -> Shape:
    while isinstance(shape, ListShape):
        shape = shape.element
    return shape
