"""Apollo's message `Trace`, read by protobuf's own library.

Names, numbers and types are those of Apollo's reports.proto, as far as a subgraph writes them.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    OneofDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import DESCRIPTOR as TIMESTAMP_FILE
from google.protobuf.unknown_fields import UnknownFieldSet

_TEXT = FieldDescriptorProto.TYPE_STRING
_UINT32 = FieldDescriptorProto.TYPE_UINT32
_UINT64 = FieldDescriptorProto.TYPE_UINT64
_TIMESTAMP = ".google.protobuf.Timestamp"


def _field(
    name: str, number: int, kind: FieldDescriptorProto.Type.ValueType | str, *, many: bool = False
) -> FieldDescriptorProto:
    is_message = isinstance(kind, str)
    return FieldDescriptorProto(
        name=name,
        number=number,
        label=FieldDescriptorProto.LABEL_REPEATED if many else FieldDescriptorProto.LABEL_OPTIONAL,
        type=FieldDescriptorProto.TYPE_MESSAGE if isinstance(kind, str) else kind,
        type_name=kind if isinstance(kind, str) else None,
        oneof_index=0 if not is_message and name in ("response_name", "index") else None,
    )


_LOCATION = DescriptorProto(name="Location", field=[_field("line", 1, _UINT32), _field("column", 2, _UINT32)])
_ERROR = DescriptorProto(
    name="Error",
    field=[
        _field("message", 1, _TEXT),
        _field("location", 2, ".Trace.Location", many=True),
        _field("time_ns", 3, _UINT64),
        _field("json", 4, _TEXT),
    ],
)
_NODE = DescriptorProto(
    name="Node",
    oneof_decl=[OneofDescriptorProto(name="id")],
    field=[
        _field("response_name", 1, _TEXT),
        _field("index", 2, _UINT32),
        _field("type", 3, _TEXT),
        _field("start_time", 8, _UINT64),
        _field("end_time", 9, _UINT64),
        _field("error", 11, ".Trace.Error", many=True),
        _field("child", 12, ".Trace.Node", many=True),
        _field("parent_type", 13, _TEXT),
        _field("original_field_name", 14, _TEXT),
    ],
)
_TRACE = DescriptorProto(
    name="Trace",
    nested_type=[_LOCATION, _ERROR, _NODE],
    field=[
        _field("end_time", 3, _TIMESTAMP),
        _field("start_time", 4, _TIMESTAMP),
        _field("duration_ns", 11, _UINT64),
        _field("root", 14, ".Trace.Node"),
    ],
)


def _trace_class() -> Any:
    pool = DescriptorPool()
    pool.AddSerializedFile(TIMESTAMP_FILE.serialized_pb)
    file = FileDescriptorProto(
        name="trace.proto", syntax="proto3", dependency=[TIMESTAMP_FILE.name], message_type=[_TRACE]
    )
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName("Trace"))


_Trace = _trace_class()


def trace_of(answer: Any) -> Any:
    """The trace in an answer's extensions."""
    trace = _Trace.FromString(b64decode(answer["extensions"]["ftv1"], validate=True))
    assert not len(UnknownFieldSet(trace))
    return trace


def fields_of(node: Any) -> list[Any]:
    """The nodes below a node that are fields, in the order in which they stand."""
    below = [each for child in node.child for each in (child, *fields_of(child))]
    return [each for each in below if each.type]


def shape_of(node: Any) -> Any:
    """What a tree tells but for its times: by name or index, what is told of a field, and what is below it."""
    return {name_of(child): (*said_of(child), shape_of(child)) for child in node.child}


def name_of(node: Any) -> str | int:
    name: str | int = getattr(node, node.WhichOneof("id"))
    return name


def said_of(node: Any) -> tuple[str, ...]:
    return tuple(filter(None, (node.parent_type, node.original_field_name, node.type)))
