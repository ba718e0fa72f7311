"""Answers operations on one schema: by a compiled plan where there is one, else by the resolvers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLNonNull,
    OperationType,
    execute,
)
from graphql.execution.values import VariableValues

from punnet.access.policy import UNRESTRICTED, Policy, PolicyOf
from punnet.access.session import EMPTY_SESSION, Identity
from punnet.catalog.relations import Relation
from punnet.errors import BadUserInput, ClientCode, PunnetError, ValueNotRepresentable
from punnet.execution.project import NotProjectable
from punnet.execution.reads import RowSources
from punnet.execution.ready_reads import ReadyReads
from punnet.execution.run import ReadyPlan, Run, ready
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.loaders.reads import ReadLoaders
from punnet.planning.compile import Compiler
from punnet.planning.errors import NotPlannable
from punnet.planning.rules import rewrite
from punnet.planning.selection import Selected, Selection
from punnet.resolvers.context import RequestContext
from punnet.resolvers.executor import SourceTextExecutor
from punnet.resolvers.mutations import MutationExecutor
from punnet.resolvers.output import data_json, error_json
from punnet.schema.build import BuiltSchema
from punnet.schema.introspection import introspection_bytes
from punnet.server.documents import Documents, NoPlan, Operation, shape_of
from punnet.server.errors import NotCompiled, format_error
from punnet.server.failures import log_failures
from punnet.server.mutations import Mutations
from punnet.server.refusal import RequestRefused
from punnet.server.settings import Way
from punnet.server.tracing import FederatedTrace
from punnet.sources.errors import StatementFailed, ValueRefused
from punnet.sources.services import Service

# What a compiled read fails with where the resolvers find out which fields it is.
_DECIDED_BY_RESOLVERS = (BadUserInput, ValueNotRepresentable, ValueRefused, StatementFailed, NotProjectable)
_NO_CALLS = Calls({})
_TRACED = NoPlan("a plan has no fields whose time could be told")


# Made for each request, and so neither frozen nor made by keywords: either would cost a microsecond.
@dataclass(slots=True)
class GraphQLRequest:
    """One operation to answer."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""
    queries_only: bool = False
    """Whether it came by a method that must not change anything."""
    headers: Sequence[tuple[bytes, bytes]] = ()
    """As the request brought them; services are given some of them."""
    trace: FederatedTrace | None = None
    """Is told how long each field took, and what failed; None: nobody has asked."""


@dataclass(slots=True)
class Answer:
    """The JSON of an answer."""

    body: bytes
    is_executed: bool = True
    """False where the request was refused before anything ran."""
    needs_post: bool = False
    """Whether it was refused for its method alone."""
    status: int = 200
    """What HTTP says of an answer that is no GraphQL error: 400, or 500."""


class Engine:
    """Everything that answers requests on one schema. A new schema is a new engine."""

    def __init__(
        self,
        built: BuiltSchema,
        sources: RowSources,
        *,
        way: Way,
        document_cache_size: int,
        plan_cache_size: int,
        services: Mapping[str, Service] | None = None,
    ) -> None:
        self.built = built
        self.schema = built.graphql
        self._sources = sources
        self._services = services or {}
        self._way = way
        self._documents = Documents(self.schema, document_cache_size, plan_cache_size)
        self._ready_reads = ReadyReads()
        self._mutations = Mutations()

    def begin(self, headers: Sequence[tuple[bytes, bytes]]) -> Calls:
        """Begin the calls of a request with these headers: each is made once, however many operations ask it."""
        return Calls({name: service.begin(headers) for name, service in self._services.items()})

    async def answer(
        self,
        request: GraphQLRequest,
        identity: Identity,
        extra: Mapping[str, Any] | None = None,
        calls: Calls | None = None,
    ) -> Answer:
        """Answer one operation.

        Args:
            request: the operation.
            identity: who asks.
            extra: what a team's resolvers find in `info.context.extra`.
            calls: those of the request, where it has other operations too.
        """
        try:
            operation = self._documents.document(request.query).operation(request.operation_name)
            self._check_kind(operation, request)
            variables = operation.coerce(request.variables)
        except RequestRefused as refused:
            refusal = _refusal(refused.errors, refused.code, request)
            return Answer(refusal, is_executed=False, needs_post=refused.needs_post)
        introspected = self._introspect(operation, variables, identity)
        if introspected is not None:
            return Answer(introspected)
        failed = FailedReads()
        if self._way is not Way.RESOLVERS:
            plan = self._plan(operation, variables, identity) if request.trace is None else _TRACED
            if isinstance(plan, ReadyPlan):
                if plan.makes_calls:
                    calls = calls or self.begin(request.headers)
                body = await self._run(plan, operation, variables, calls or _NO_CALLS, failed, request)
                if body is not None:
                    return Answer(body)
            elif self._way is Way.COMPILED:
                error = GraphQLError(f"No compiled plan: {plan.why}", original_error=NotCompiled(what=plan.why))
                body = _refusal([error], ClientCode.INTERNAL_SERVER_ERROR, request)
                return Answer(body, is_executed=False)
        calls = calls or self.begin(request.headers)
        resolving = self._resolve(operation, request, identity, variables, calls, failed, extra or {})
        if operation.node.operation is OperationType.MUTATION:
            return Answer(await self._mutations.to_its_end(resolving, request.request_id))
        return Answer(await resolving)

    async def end_mutations(self, *, within_s: float) -> None:
        """Wait for the mutations whose clients have gone, and cut off those that take longer."""
        await self._mutations.end(within_s)

    def _check_kind(self, operation: Operation, request: GraphQLRequest) -> None:
        kind = operation.node.operation
        if kind is OperationType.SUBSCRIPTION:
            error = GraphQLError("Subscriptions are not served here.", operation.node)
            raise RequestRefused([error], ClientCode.GRAPHQL_VALIDATION_FAILED)
        if request.queries_only and kind is not OperationType.QUERY:
            error = GraphQLError("GET may only ask queries; send mutations by POST.", operation.node)
            raise RequestRefused([error], ClientCode.BAD_USER_INPUT, needs_post=True)

    def _introspect(self, operation: Operation, variables: VariableValues, identity: Identity) -> bytes | None:
        """The answer to a question about the schema itself, made once; None where it asks for data too."""
        if not operation.is_introspection:
            return None
        key = (identity.role, repr(variables.coerced))
        answer = operation.introspected.get(key)
        if answer is None:
            selection = Selection(self.schema, operation.node, operation.fragments, variables)
            data = introspection_bytes(selection)
            if data is None:
                return None
            answer = b'{"data":' + data + b"}"
            operation.introspected.put(key, answer, len(answer) + len(key[1]))
        return answer

    # -- the compiled way ------------------------------------------------------------------------

    def _plan(self, operation: Operation, variables: VariableValues, identity: Identity) -> ReadyPlan | NoPlan:
        key = (identity.role, shape_of(operation, variables.coerced))
        plan = operation.plans.get(key)
        if plan is None:
            plan = self._compile(operation, variables, identity)
            operation.keep_plan(key, plan)
        return plan

    def _compile(self, operation: Operation, variables: VariableValues, identity: Identity) -> ReadyPlan | NoPlan:
        root_type = self.schema.query_type
        if operation.node.operation is not OperationType.QUERY or root_type is None:
            return NoPlan("only queries are compiled")
        selection = self._selection(operation, variables)
        try:
            plan = rewrite(Compiler(selection, self._policy_of(identity)).plan(root_type))
            return ready(plan, self._sources, self._ready_reads)
        except (NotPlannable, BadUserInput, GraphQLError) as reason:
            return NoPlan(str(reason))
        except RecursionError:
            return NoPlan("nested too deeply")

    def _selection(self, operation: Operation, variables: VariableValues) -> Selection:
        opened = {
            shape.name: shape.open(variables.coerced[shape.name])
            for shape in operation.shapes
            if shape.name in variables.coerced
        }
        return Selection(self.schema, operation.node, operation.fragments, VariableValues({}, opened))

    def _policy_of(self, identity: Identity) -> PolicyOf:
        def policy_of(_relation: Relation) -> Policy:
            return UNRESTRICTED

        return policy_of

    async def _run(
        self,
        plan: ReadyPlan,
        operation: Operation,
        variables: VariableValues,
        calls: Calls,
        failed: FailedReads,
        request: GraphQLRequest,
    ) -> bytes | None:
        """The answer; None where the resolvers have to decide what is wrong."""
        running = Run(plan, variables.coerced, EMPTY_SESSION, calls, failed)
        # Answers are long: each is copied once, into the whole.
        pieces: list[bytes] = [b'{"data":{']
        errors: list[GraphQLError] = []
        fields: list[Selected] = []
        for index, (key, result) in enumerate(zip(plan.keys, await running.roots(), strict=True)):
            pieces += (b"," if index else b"", key)
            if isinstance(result, bytes):
                pieces.append(result)
                continue
            if isinstance(result, _DECIDED_BY_RESOLVERS):
                return None
            fields = fields or self._root_fields(operation, variables)
            selected = fields[index]
            errors.append(_field_error(selected, result))
            if selected.definition is not None and isinstance(selected.definition.type, GraphQLNonNull):
                return _failure(errors, request)
            pieces.append(b"null")
        pieces.append(b"}" if errors else b"}}")
        try:
            answer = await running.fill(b"".join(pieces))
        except PunnetError:
            # What has been asked stays in `calls`: the resolvers ask none of it again.
            return None
        return answer + _errors_json(errors, request) + b"}" if errors else answer

    def _root_fields(self, operation: Operation, variables: VariableValues) -> list[Selected]:
        root_type = self.schema.query_type
        if root_type is None:
            raise TypeError("a plan of a schema without queries")
        return list(self._selection(operation, variables).root(root_type))

    # -- the way of the resolvers ----------------------------------------------------------------

    async def _resolve(
        self,
        operation: Operation,
        request: GraphQLRequest,
        identity: Identity,
        variables: VariableValues,
        calls: Calls,
        failed: FailedReads,
        extra: Mapping[str, Any],
    ) -> bytes:
        context = RequestContext(
            identity=identity,
            loaders=ReadLoaders(self._sources, variables.coerced, EMPTY_SESSION, failed),
            calls=calls,
            policy_of=self._policy_of(identity),
            extra=extra,
        )
        is_mutation = operation.node.operation is OperationType.MUTATION
        result = execute(
            self.schema,
            operation.document,
            context_value=context,
            variable_values=dict(request.variables),
            operation_name=None if operation.node.name is None else operation.node.name.value,
            executor_class=MutationExecutor if is_mutation else SourceTextExecutor,
            middleware=None if request.trace is None else [request.trace],
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        body = b'{"data":' + data_json(result.data)
        if result.errors:
            body += _errors_json(result.errors, request)
        return body + b"}"


def _field_error(selected: Selected, error: PunnetError) -> GraphQLError:
    nodes = [detail.node for detail in selected.details]
    return GraphQLError(error.what, nodes, path=[selected.key], original_error=error)


def _failure(errors: list[GraphQLError], request: GraphQLRequest) -> bytes:
    return b'{"data":null' + _errors_json(errors, request) + b"}"


def _errors_json(errors: list[GraphQLError], request: GraphQLRequest) -> bytes:
    return b',"errors":' + error_json(_formatted(errors, ClientCode.INTERNAL_SERVER_ERROR, request))


def _refusal(errors: list[GraphQLError], code: ClientCode, request: GraphQLRequest) -> bytes:
    return error_json({"errors": _formatted(errors, code, request)})


def _formatted(errors: list[GraphQLError], default: ClientCode, request: GraphQLRequest) -> list[dict[str, Any]]:
    log_failures(errors, request.request_id)
    formatted = [format_error(error, request.request_id, default) for error in errors]
    if request.trace is not None:
        request.trace.add_errors(formatted)
    return formatted
