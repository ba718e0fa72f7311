from __future__ import annotations

import pytest
from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema

from punnet.execution.bounded import Bounded
from punnet.execution.run import ready
from punnet.planning.plan import Plan
from punnet.planning.plannable import MOST_FIELDS
from punnet.server.documents import LONGEST_KEPT, MAX_CHARACTERS, MAX_INTROSPECTED, Documents, NoPlan, shape_of
from punnet.server.refusal import RequestRefused

SCHEMA = build_schema("input Where { id: Int name: String } type Query { rows(where: Where): [Int] }")


class Counted:
    """Validates nothing, and counts how often it is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _schema: GraphQLSchema, _document: DocumentNode) -> list[GraphQLError]:
        self.count += 1
        return []


def documents(size: int = 10, plans: int = 10) -> tuple[Documents, Counted]:
    validate = Counted()
    return Documents(SCHEMA, size, plans, validate), validate


def padded(number: int, length: int) -> str:
    return f"query Q{number} {{ rows }} #".ljust(length, "x")


def test_a_document_is_parsed_and_validated_once() -> None:
    kept, validate = documents()
    assert kept.document("{ rows }") is kept.document("{ rows }")
    assert validate.count == 1


def test_of_ten_thousand_documents_the_last_ones_are_kept() -> None:
    kept, validate = documents(size=10)
    texts = [f"query Q{number} {{ rows }}" for number in range(10_000)]
    assert all(kept.document(text) for text in texts)
    assert [kept.document(text).node.loc for text in texts[-10:]]
    assert len(kept._documents) == 10
    assert validate.count == 10_000


def test_long_documents_are_kept_up_to_a_length_of_all_together() -> None:
    kept, validate = documents(size=1000)
    texts = [padded(number, LONGEST_KEPT) for number in range(100)]
    assert all(kept.document(text) for text in texts)
    assert len(kept._documents) == MAX_CHARACTERS // LONGEST_KEPT
    assert kept.document(texts[-1])
    assert validate.count == 100


def test_a_document_too_long_to_be_kept_is_answered_and_drives_nothing_out() -> None:
    kept, validate = documents()
    short = kept.document("{ rows }")
    assert kept.document(padded(1, LONGEST_KEPT + 1)) is not kept.document(padded(1, LONGEST_KEPT + 1))
    assert kept.document("{ rows }") is short
    assert validate.count == 3


def test_of_a_refused_document_nothing_of_its_request_is_kept() -> None:
    kept, _ = documents()
    with pytest.raises(RequestRefused) as refused:
        kept.document("{ rows")
    [error] = refused.value.errors
    assert (error.__traceback__, error.__context__) == (None, None)


def test_all_operations_share_the_places_for_plans() -> None:
    kept, _ = documents(plans=3)
    first, second = (kept.document(f"query Q{number} {{ rows }}").operation(None) for number in (1, 2))
    first.keep_plan("role", NoPlan("first"))
    second.keep_plan("role", NoPlan("second"))
    assert (first.plans.get("role"), second.plans.get("role")) == (NoPlan("first"), NoPlan("second"))
    second.keep_plan("a", NoPlan("a"))
    second.keep_plan("b", NoPlan("b"))
    assert first.plans.get("role") is None
    assert len(kept._plans) == 3


def test_plans_are_kept_up_to_a_length_of_their_documents_and_shapes() -> None:
    kept, _ = documents(size=1000, plans=1000)
    operations = [kept.document(padded(number, LONGEST_KEPT - 10)).operation(None) for number in range(100)]
    for operation in operations:
        operation.keep_plan("role", NoPlan("why"))
    assert len(kept._plans) == MAX_CHARACTERS // LONGEST_KEPT
    assert operations[-1].plans.get("role") == NoPlan("why")


def test_a_plan_of_a_long_document_or_shape_is_not_kept() -> None:
    kept, _ = documents()
    long, short = (kept.document(padded(1, length)).operation(None) for length in (LONGEST_KEPT + 1, 50))
    long.keep_plan("role", NoPlan("why"))
    short.keep_plan(("role", ("value",) * LONGEST_KEPT), NoPlan("why"))
    assert len(kept._plans) == 0


def test_a_plan_weighs_more_than_its_document_where_fragments_make_more_of_it() -> None:
    kept, _ = documents(size=1000, plans=1000)
    operations = [kept.document(f"query Q{number} {{ rows }}").operation(None) for number in range(100)]
    plan = ready(Plan((), (), MOST_FIELDS), {})
    for operation in operations:
        operation.keep_plan("role", plan)
    assert len(kept._plans) == MAX_CHARACTERS // (plan.weight + len(repr("role"))) < 100
    assert operations[-1].plans.get("role") is plan


def test_answers_about_the_schema_are_kept_up_to_a_size_of_all_together() -> None:
    kept, _ = documents(size=1000)
    operation = kept.document("{ __typename }").operation(None)
    answer = bytes(MAX_INTROSPECTED // 10)
    for number in range(30):
        operation.introspected.put(number, answer, len(answer))
    operation.introspected.put("too large", b"", MAX_INTROSPECTED)
    assert operation.introspected.get("too large") is None
    assert len(kept._introspected) == 10


def test_the_shape_of_variables_tells_which_members_they_have() -> None:
    kept, _ = documents()
    operation = kept.document("query Q($where: Where) { rows(where: $where) }").operation("Q")
    assert shape_of(operation, {"where": {"id": 1}}) == shape_of(operation, {"where": {"id": 2}})
    assert shape_of(operation, {"where": {"id": 1}}) != shape_of(operation, {"where": {"name": "x"}})


def test_a_value_put_again_weighs_once() -> None:
    kept: Bounded[str, str] = Bounded(10, 10)
    kept.put("a", "light", 2)
    kept.put("a", "heavy", 8)
    kept.put("b", "other", 2)
    assert (kept.get("a"), kept.get("b")) == ("heavy", "other")


def test_what_is_used_stays_longest() -> None:
    kept: Bounded[str, str] = Bounded(2)
    kept.put("a", "1")
    kept.put("b", "2")
    assert kept.get("a") == "1"
    kept.put("c", "3")
    assert (kept.get("a"), kept.get("b")) == ("1", None)
