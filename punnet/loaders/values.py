"""Values inside of what a service gave."""

from __future__ import annotations

from punnet.errors import ValueNotRepresentable


def value_in(answer: object, path: tuple[str, ...], *, is_list: bool) -> object:
    """The member that a path leads to, or with `is_list` that of each item.

    Args:
        answer: JSON of a service.
        path: the names of members, the outermost first; none: the answer itself.
        is_list: whether the answer is a list whose items have the member.

    Raises:
        ValueNotRepresentable: there is something else where an object or a list has to be.
    """
    if not path or answer is None:
        return answer
    if not is_list:
        return _member(answer, path)
    if not isinstance(answer, list):
        raise ValueNotRepresentable(what="A source gave something else where a list has to be.")
    return [_member(item, path) for item in answer]


def _member(value: object, path: tuple[str, ...]) -> object:
    for name in path:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise ValueNotRepresentable(what="A source gave something else where an object has to be.")
        value = value.get(name)
    return value
