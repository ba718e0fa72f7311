"""How much a plan may ask for: what fragments and aliases multiply counts in each place."""

from __future__ import annotations

import pytest
from graphql import FragmentDefinitionNode, GraphQLInterfaceType, Node, Visitor, visit

from punnet.planning import variables
from punnet.planning.choice import Choice
from punnet.planning.errors import NotPlannable
from punnet.planning.plan import Plan
from punnet.planning.plannable import MOST_FIELDS, MOST_OBJECTS
from punnet.planning.rules import rewrite
from punnet.schema.build import BuiltSchema, build_schema
from punnet.server.documents import Documents
from tests.plans import plan_of
from tests.schema.full_size import big_catalog

TABLES = 100


@pytest.fixture(scope="module")
def built() -> BuiltSchema:
    return build_schema(big_catalog(TABLES))


def aliased(count: int, field: str) -> str:
    return " ".join(f"a{number}: {field}" for number in range(count))


def node_with(fields: str) -> str:
    return f'node(nodeId: "x") {{ {fields} }}'


def types_of(built: BuiltSchema) -> list[str]:
    """The types of the tables' rows."""
    node = built.graphql.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return [each.name for each in built.graphql.get_possible_types(node)]


def nodes_of_all_types(built: BuiltSchema, count: int) -> str:
    """As many aliases, under each of which a fragment names all types."""
    named = " ".join(f"... on {name} {{ id }}" for name in types_of(built))
    return f"{{ {aliased(count, node_with('...All'))} }} fragment All on Node {{ {named} }}"


def choices(plan: Plan) -> list[Choice]:
    return [root.value for root in plan.roots if isinstance(root.value, Choice)]


# -- fields --------------------------------------------------------------------------------------


def test_a_plan_has_so_many_fields(built: BuiltSchema) -> None:
    assert plan_of(built.graphql, f"{{ {aliased(MOST_FIELDS, '__typename')} }}").fields == MOST_FIELDS
    with pytest.raises(NotPlannable, match="more than 10000 fields"):
        plan_of(built.graphql, f"{{ {aliased(MOST_FIELDS + 1, '__typename')} }}")


def test_the_fields_of_a_fragment_count_in_each_place(built: BuiltSchema) -> None:
    pages = aliased(50, "salesOrderDraftRecords(first: 1) { nodes { ...F } }")
    few, many = (f"{{ {pages} }} fragment F on SalesOrderDraftRecord {{ {aliased(n, 'title')} }}" for n in (100, 200))
    assert plan_of(built.graphql, few).fields == 50 * (1 + 1 + 100)
    with pytest.raises(NotPlannable, match="fields"):
        plan_of(built.graphql, many)


def test_fields_that_are_merged_into_one_count_each(built: BuiltSchema) -> None:
    with pytest.raises(NotPlannable, match="fields"):
        plan_of(built.graphql, f"{{ {'__typename ' * (MOST_FIELDS + 1)} }}")


def test_the_rules_keep_the_number_of_fields(built: BuiltSchema) -> None:
    plan = plan_of(built.graphql, "{ salesOrderDraftRecords(first: 1) { nodes { id } } }")
    assert rewrite(plan).fields == plan.fields == 3


# -- choices -------------------------------------------------------------------------------------


def test_a_choice_makes_no_read_before_a_request_names_its_type(built: BuiltSchema) -> None:
    plan = plan_of(built.graphql, f"{{ {aliased(50, node_with('... on Node { nodeId }'))} }}")
    assert [choice.reads for choice in choices(plan)] == [()] * 50


def test_each_type_that_a_fragment_names_counts_in_each_choice(built: BuiltSchema) -> None:
    most = MOST_OBJECTS // TABLES
    plan = plan_of(built.graphql, nodes_of_all_types(built, most))
    assert sum(len(choice.reads) for choice in choices(plan)) == MOST_OBJECTS
    with pytest.raises(NotPlannable, match="objects"):
        plan_of(built.graphql, nodes_of_all_types(built, most + 1))


def test_types_that_requests_name_later_count_each_for_itself(built: BuiltSchema) -> None:
    plan = plan_of(built.graphql, f"{{ {node_with('nodeId')} }}")
    [choice] = choices(plan)
    later = [choice.read_of_other(name) for name in types_of(built) * (MOST_OBJECTS // TABLES + 1)]
    assert len(later) > MOST_OBJECTS
    assert None not in later


# -- variables -----------------------------------------------------------------------------------


def test_the_fragments_of_a_document_are_looked_through_once_for_all_its_operations(
    built: BuiltSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = Visited()
    monkeypatch.setattr(variables, "visit", visited)
    operations = " ".join(f"query Q{number}($a: Boolean!) {{ ...F }}" for number in range(20))
    document = Documents(built.graphql, 10, 10).document(
        f"{operations} fragment F on Query {{ __typename @skip(if: $a) }}"
    )
    assert len(document.operations) == 20
    assert visited.fragments == 1
    assert all(operation.shapes[0].is_fixed for operation in document.operations.values())


class Visited:
    """Visits as graphql-core does, and counts the fragments that are visited."""

    def __init__(self) -> None:
        self.fragments = 0

    def __call__(self, node: Node, visitor: Visitor) -> None:
        self.fragments += isinstance(node, FragmentDefinitionNode)
        visit(node, visitor)
