"""One HTTP service, with everything that keeps its trouble its own.

From outside in: headers, cache, budget, single flight, redirects, access token, retries, places, breaker, client. Each
is a file beside this one; here they are only put together.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import replace
from typing import Any

from punnet.configuration.services import ServiceConfiguration
from punnet.errors import PunnetError
from punnet.sources.http.transport import addresses
from punnet.sources.http.transport.addresses import Resolve
from punnet.sources.http.transport.breaker import Breaker, BreakerRule, Verdict
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.cache import Miss, ResponseCache
from punnet.sources.http.transport.clients import Clients
from punnet.sources.http.transport.errors import (
    AnswerMalformed,
    AnswerTooLarge,
    BreakerOpen,
    ConnectFailed,
    ConnectionLost,
    RedirectRefused,
    ServiceClosed,
    ServiceTimeout,
)
from punnet.sources.http.transport.headers import CallerHeaders, HeaderRule
from punnet.sources.http.transport.limiter import Limiter
from punnet.sources.http.transport.oauth import Token, Tokens
from punnet.sources.http.transport.redirects import Origin, RedirectRule, Refusal, checked, is_redirect, plan_hop
from punnet.sources.http.transport.retries import RETRIED_STATUSES, RetryRule, retry_after_s, wait_before_retry
from punnet.sources.http.transport.single_flight import Flight, FlightsClosed, SingleFlight
from punnet.sources.http.transport.values import IDEMPOTENT, SAFE, Clock, HttpRequest, HttpResponse, Transport

TransportFactory = Callable[[str, ServiceConfiguration, Clock], Transport]

_SHARED_METHODS = frozenset({"GET", "HEAD"})
_SICK = (ConnectFailed, ConnectionLost, AnswerMalformed, ServiceTimeout)


class ServiceClient:
    """Calls one HTTP service. Made once for a worker process, and closed at its end."""

    def __init__(
        self,
        name: str,
        settings: ServiceConfiguration,
        transport_factory: TransportFactory = Clients,
        *,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        resolve: Resolve = addresses.resolve,
    ) -> None:
        """Make the service; nothing is connected yet.

        Args:
            name: the source's name, as it stands in errors.
            settings: limits, trouble, TLS, headers.
            transport_factory: makes the client.
            clock: what deadlines are by.
            wall_clock: seconds since 1970, for dates in answers.
            sleep: waits between attempts.
            chance: a number from 0 to 1, for jitter.
            resolve: looks up hosts that redirects lead to.

        Raises:
            ServiceMisconfigured.
        """
        self.name = name
        self.settings = settings
        self._clock = clock
        self._wall_clock = wall_clock
        self._sleep = sleep
        self._chance = chance
        self._resolve = resolve
        self._transport = transport_factory(name, settings, clock)
        self._header_rule = HeaderRule(name, settings)
        self._limiter = Limiter(name, places=settings.concurrency, queue=settings.queue, clock=clock)
        self._breaker = Breaker(
            BreakerRule(
                failures=settings.breaker_failures, window_s=settings.breaker_window_s, open_s=settings.breaker_open_s
            )
        )
        self._retry_rule = RetryRule(
            attempts=settings.attempts, base_s=settings.backoff_base_s, cap_s=settings.backoff_cap_s
        )
        self._redirect_rule = RedirectRule(
            hosts=frozenset(settings.redirect_hosts), downgrade=settings.redirect_downgrade
        )
        self._cache = ResponseCache(settings.cache_bytes, wall_clock)
        self._flights: SingleFlight[Hashable, HttpResponse] = SingleFlight()
        self._tokens = self._make_tokens()
        self._is_closed = False

    async def send(
        self, request: HttpRequest, *, caller: CallerHeaders, budget: CallBudget, deadline: float
    ) -> HttpResponse:
        """Call the service.

        Args:
            request: what to ask; the service's and the caller's headers are added.
            caller: the headers of the incoming request.
            budget: the calls that the operation has left.
            deadline: when the operation gives up, by the service's clock; `total_timeout_s` counts as well.

        Returns:
            The answer, whatever its status: what a 404 means is for the caller to say.

        Raises:
            SourceFailed: ConnectFailed, ConnectionLost, AnswerMalformed, AnswerTooLarge, BreakerOpen,
                RedirectRefused, TokenRefused, ServiceClosed.
            SourceTimeout: ServiceTimeout.
            QueueFull, TooManyCalls, HeaderRefused, ServiceMisconfigured.
        """
        limit = self._clock() + self.settings.total_timeout_s
        prepared = self._prepare(request, caller, budget)
        if isinstance(prepared, HttpResponse):
            return prepared
        if isinstance(prepared, HttpRequest):
            return await self._change(prepared, min(limit, deadline))
        # Others may have more time than the first to ask: each waits for itself, and the call has the whole time.
        waits_s = deadline - self._clock() if deadline < limit else None
        if waits_s is not None and waits_s <= 0:
            raise ServiceTimeout(self.name, why="the operation's time was over before it was asked")
        try:
            return await self._flights.run(prepared.key, lambda: self._read(prepared, limit), timeout_s=waits_s)
        except TimeoutError:
            raise ServiceTimeout(self.name, why="the operation's time was over") from None
        except FlightsClosed:
            raise ServiceClosed(self.name) from None

    def begin(
        self, request: HttpRequest, *, caller: CallerHeaders, budget: CallBudget, is_apart: bool = False
    ) -> HttpResponse | Flight[HttpResponse]:
        """Begin a call that has the whole of `total_timeout_s`, or give the answer that is stored.

        An operation's many calls need no task each to wait for them: `answer_of` tells what came of a flight whose
        task is done, and who does not wait for it any more must `leave` it.

        Args:
            request: as in `send`.
            caller: as in `send`.
            budget: as in `send`.
            is_apart: whether it may not join the same call of others: that one may have begun before a change.

        Raises:
            ServiceClosed, TooManyCalls, HeaderRefused.
        """
        limit = self._clock() + self.settings.total_timeout_s
        prepared = self._prepare(request, caller, budget)
        if isinstance(prepared, HttpResponse):
            return prepared
        if isinstance(prepared, HttpRequest):
            return self._flights.fly_alone(self._change(prepared, limit))
        if is_apart:
            return self._flights.fly_alone(self._read(prepared, limit))
        return self._flights.join(prepared.key, lambda: self._read(prepared, limit))

    def answer_of(self, flight: Flight[HttpResponse]) -> HttpResponse:
        """The answer of a flight that has ended; raises what `send` does."""
        if flight.task.cancelled():
            raise ServiceClosed(self.name)
        return flight.task.result()

    def leave(self, flight: Flight[HttpResponse]) -> None:
        """Wait for it no longer: the call is closed, unless others wait."""
        self._flights.leave(flight)

    async def close(self) -> None:
        """End the calls at work, and close the connections."""
        self._is_closed = True
        await self._flights.close()
        if self._tokens is not None:
            await self._tokens.close()
        await self._transport.close()

    def _prepare(
        self, request: HttpRequest, caller: CallerHeaders, budget: CallBudget
    ) -> HttpResponse | HttpRequest | Miss:
        """A stored answer, a request that nobody else's can stand for, or one that others may share."""
        if self._is_closed:
            raise ServiceClosed(self.name)
        own = self._header_rule.compose(request, caller)
        sent = HttpRequest(
            method=request.method, url=request.url, headers=own.sent, body=request.body, addresses=request.addresses
        )
        if request.method not in _SHARED_METHODS or request.body is not None:
            budget.take(self.name, self.settings.max_calls)
            return sent
        found = self._cache.look_up(sent, (request.method, request.url, own.headers), for_one_user=own.forwarded)
        if isinstance(found, Miss):
            budget.take(self.name, self.settings.max_calls)
        return found

    async def _change(self, request: HttpRequest, deadline: float) -> HttpResponse:
        response = await self._at_home(request, deadline)
        if is_redirect(response):
            response = await self._redirected(request, response, deadline)
        if request.method not in SAFE and response.status < 400:
            self._cache.forget(request.url)
        return response

    async def _read(self, miss: Miss, deadline: float) -> HttpResponse:
        response = await self._at_home(miss.request, deadline)
        if is_redirect(response):
            # What another URL said, no rule lets be kept for this one.
            return await self._redirected(miss.request, response, deadline)
        if miss.request.method != "GET":
            return response
        settled = self._cache.settle(miss, response)
        if isinstance(settled, HttpResponse):
            return settled
        return await self._read(settled, deadline)

    async def _redirected(self, request: HttpRequest, response: HttpResponse, deadline: float) -> HttpResponse:
        home = Origin.of(request.url)
        if home is None:
            raise RedirectRefused(self.name, why="it redirects, and its own URL is not a plain one")
        for _ in range(self.settings.max_redirects):
            hop = plan_hop(request, response, home, self._redirect_rule)
            if isinstance(hop, Refusal):
                raise RedirectRefused(self.name, why=hop.why)
            try:
                async with asyncio.timeout(deadline - self._clock()):
                    request = await checked(hop, home, self.name, self._resolve)
            except TimeoutError:
                raise ServiceTimeout(self.name, why="it redirects, and DNS did not answer in time") from None
            if hop.is_home:
                response = await self._at_home(request, deadline)
            else:
                response = await self._attempts(request, deadline, is_home=False)
            if not is_redirect(response):
                return response
        raise RedirectRefused(self.name, why=f"it redirects more than {self.settings.max_redirects} times")

    def _at_home(self, request: HttpRequest, deadline: float) -> Coroutine[Any, Any, HttpResponse]:
        if self._tokens is None:
            return self._attempts(request, deadline, is_home=True)
        return self._authorized(request, deadline, self._tokens)

    async def _authorized(self, request: HttpRequest, deadline: float, tokens: Tokens) -> HttpResponse:
        token = await tokens.token(deadline)
        response = await self._attempts(_with_token(request, token), deadline, is_home=True)
        if response.status != 401:
            return response
        # It may have been withdrawn before its time. A second refusal is the answer.
        tokens.refuse(token)
        token = await tokens.token(deadline)
        return await self._attempts(_with_token(request, token), deadline, is_home=True)

    async def _attempts(self, request: HttpRequest, deadline: float, *, is_home: bool) -> HttpResponse:
        attempt = 1
        while True:
            asked_for_s: float | None = None
            failure: PunnetError | None = None
            try:
                response = await (self._guarded(request, deadline) if is_home else self._placed(request, deadline))
            except (ConnectFailed, ConnectionLost) as error:
                failure = error
            else:
                if response.status not in RETRIED_STATUSES:
                    return response
                asked_for_s = retry_after_s(response, self._wall_clock())
            wait_s = None
            if request.method in IDEMPOTENT:
                wait_s = wait_before_retry(
                    self._retry_rule,
                    attempt=attempt,
                    retry_after_s=asked_for_s,
                    remaining_s=deadline - self._clock(),
                    chance=self._chance(),
                )
            if wait_s is None:
                if failure is not None:
                    raise failure
                return response
            await self._sleep(wait_s)
            attempt += 1

    async def _guarded(self, request: HttpRequest, deadline: float) -> HttpResponse:
        # Refused before it queues: a service that is left alone must not fill its queue.
        if self._breaker.is_open(self._clock()):
            raise BreakerOpen(self.name)
        await self._limiter.acquire(deadline)
        entered, verdict = None, Verdict.UNKNOWN
        try:
            entered = self._breaker.enter(self._clock())
            if entered is None:
                raise BreakerOpen(self.name)
            response = await self._transport.send(request, deadline)
            verdict = Verdict.FAILED if response.status >= 500 else Verdict.WELL
            return response
        except _SICK:
            verdict = Verdict.FAILED
            raise
        except AnswerTooLarge:
            verdict = Verdict.WELL
            raise
        finally:
            if entered is not None:
                self._breaker.leave(entered, verdict, self._clock())
            self._limiter.release()

    async def _placed(self, request: HttpRequest, deadline: float) -> HttpResponse:
        await self._limiter.acquire(deadline)
        try:
            return await self._transport.send(request, deadline)
        finally:
            self._limiter.release()

    def _make_tokens(self) -> Tokens | None:
        if self.settings.oauth2 is None:
            return None
        return Tokens(
            self.name,
            self.settings.oauth2,
            send=self._transport.send,
            clock=self._clock,
            timeout_s=self.settings.total_timeout_s,
        )


def _with_token(request: HttpRequest, token: Token) -> HttpRequest:
    return replace(request, headers=(*request.headers, ("authorization", f"Bearer {token.value}")))
