"""Answers kept as RFC 9111 lets them be, in bounded memory.

What may be stored, used and revalidated is decided by hishel's state machine, which neither waits nor stores. The
store is ours: hishel has none in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from email.utils import formatdate, parsedate_to_datetime
from uuid import UUID, uuid4

from hishel import (
    AnyState,
    CacheMiss,
    CacheOptions,
    CouldNotBeStored,
    Entry,
    FromCache,
    IdleClient,
    InvalidateEntries,
    NeedRevalidation,
    NeedToBeUpdated,
    Request,
    Response,
    StoreAndUse,
)
from hishel import Headers as FoldedHeaders

from punnet.sources.http.transport.values import Clock, Headers, HttpRequest, HttpResponse

# What Python's objects around an answer take, roughly.
_OVERHEAD_BYTES = 2000
_CONDITIONS = ("if-none-match", "if-modified-since")
# The service's own credentials are the same for all: they separate nobody, and a person's are in the key.
_CREDENTIALS = ("authorization",)
# Each operation has others, and no answer is another for it.
_TRACE = ("traceparent", "tracestate")
_NOT_COMPARED = frozenset(_CREDENTIALS + _TRACE)
_SHARED = CacheOptions(shared=True, supported_methods=["GET"], allow_stale=False)
_PRIVATE = CacheOptions(shared=False, supported_methods=["GET"], allow_stale=False)


@dataclass(slots=True, kw_only=True)
class Kept:
    """An answer in the store."""

    entry: Entry
    body: bytes
    bytes_held: int


# Made for each call, and so not frozen: that would cost more than a microsecond.
@dataclass(slots=True, kw_only=True)
class Miss:
    """A call that has to be made: how, and where its answer belongs."""

    key: Hashable
    request: HttpRequest
    """What to send: with conditions, if a stored answer only needs to be confirmed."""
    original: HttpRequest
    for_one_user: bool
    revalidation: NeedRevalidation | None = None
    kept: Kept | None = None


class ResponseCache:
    """The answers of one service to GETs.

    The key holds every header of a call but those of its trace: users whose forwarded credentials differ share
    nothing. Where nothing was forwarded, all users are one to the service, and answers it calls `private` are not
    kept, since they cannot be told apart.
    """

    def __init__(self, max_bytes: int, wall_clock: Clock) -> None:
        self._max_bytes = max_bytes
        self._wall_clock = wall_clock
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._keys_of_url: dict[str, set[Hashable]] = {}
        self.bytes_held = 0

    def look_up(self, request: HttpRequest, key: Hashable, *, for_one_user: bool) -> HttpResponse | Miss:
        """Give a stored answer that may be used as it is, or say which call to make."""
        plain = Miss(key=key, request=request, original=request, for_one_user=for_one_user)
        kept = self._kept.get(key) if self._kept else None
        if kept is None:
            return plain
        self._kept.move_to_end(key)
        state = IdleClient(options=_options(plain)).next(_to_hishel(request), [kept.entry])
        if isinstance(state, FromCache):
            return _from_hishel(state.entry.response, kept.body)
        if isinstance(state, NeedRevalidation):
            return replace(plain, request=_with_conditions(request, state), revalidation=state, kept=kept)
        return plain

    def settle(self, miss: Miss, response: HttpResponse) -> HttpResponse | Miss:
        """Store what may be stored, and give the answer to use.

        A Miss comes back where the service confirmed an answer that it was not asked about: then the call is to be
        made as it is there, without conditions.
        """
        if miss.revalidation is None:
            if not _says_how_long(response) or _forbids_storing(miss.original):
                return response
            state: AnyState = CacheMiss(options=_options(miss), request=_to_hishel(miss.original))
        else:
            state = miss.revalidation
        response = received(response, self._wall_clock())
        return self._run(state, miss, response)

    def forget(self, url: str) -> None:
        """Drop what is stored of a URL: something was changed there (RFC 9111, section 4.4)."""
        for key in tuple(self._keys_of_url.get(url, ())):
            self._remove(key)

    def _run(self, state: AnyState, miss: Miss, response: HttpResponse) -> HttpResponse | Miss:
        if isinstance(state, (CacheMiss, NeedRevalidation)):
            state = state.next(_response_to_hishel(response))
        while isinstance(state, (InvalidateEntries, NeedToBeUpdated)):
            if isinstance(state, InvalidateEntries):
                self._remove(miss.key)
            elif miss.kept is not None:
                self._keep(miss, state.updating_entries[-1].response, miss.kept.body, id=miss.kept.entry.id)
            state = state.next()
        if isinstance(state, FromCache) and miss.kept is not None:
            return _from_hishel(state.entry.response, miss.kept.body)
        if isinstance(state, StoreAndUse):
            self._keep(miss, state.response, response.body, id=uuid4())
        elif isinstance(state, CouldNotBeStored) and miss.kept is not None:
            # The stored answer was asked about and not confirmed.
            self._remove(miss.key)
        elif isinstance(state, CacheMiss):
            self._remove(miss.key)
            return Miss(key=miss.key, request=miss.original, original=miss.original, for_one_user=miss.for_one_user)
        return response

    def _keep(self, miss: Miss, response: Response, body: bytes, *, id: UUID) -> None:
        self._remove(miss.key)
        headers = sum(len(name) + len(value) for name, value in (*response.headers.items(), *miss.original.headers))
        size = len(body) + headers + len(miss.original.url) + _OVERHEAD_BYTES
        if size > self._max_bytes:
            return
        entry = Entry(id=id, request=_to_hishel(miss.original), response=response)
        self._kept[miss.key] = Kept(entry=entry, body=body, bytes_held=size)
        self._keys_of_url.setdefault(miss.original.url, set()).add(miss.key)
        self.bytes_held += size
        while self.bytes_held > self._max_bytes:
            self._remove(next(iter(self._kept)))

    def _remove(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        self.bytes_held -= kept.bytes_held
        keys = self._keys_of_url[kept.entry.request.url]
        keys.discard(key)
        if not keys:
            del self._keys_of_url[kept.entry.request.url]


def received(response: HttpResponse, wall_now: float) -> HttpResponse:
    """Date an answer by the age that it has now (RFC 9111, section 4.2.3).

    hishel reckons an answer's age from Date alone: an Age that a cache on the way set, a missing Date and one in the
    future are put right here. Expires moves along, as what counts is how far it lies from Date.
    """
    dated = _date(response.header("date"))
    age_s = max(_seconds(response.header("age")), wall_now - dated if dated is not None else 0.0, 0.0)
    moved_s = wall_now - age_s - (dated if dated is not None else wall_now - age_s)
    rest = tuple(
        (name, _moved(value, moved_s) if name == "expires" else value)
        for name, value in response.headers
        if name not in ("age", "date")
    )
    return replace(response, headers=(*rest, ("date", formatdate(wall_now - age_s, usegmt=True))))


def _moved(text: str, by_s: float) -> str:
    date = _date(text)
    # What is no date, such as 0, means that the answer is stale already: it stays.
    return text if date is None else formatdate(date + by_s, usegmt=True)


def _date(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def _seconds(text: str | None) -> float:
    return float(text[:9]) if text is not None and text.isascii() and text.isdigit() else 0.0


def _says_how_long(response: HttpResponse) -> bool:
    # Without either, an answer could be kept by guess only: stale rows without anyone having allowed them.
    return response.header("cache-control") is not None or response.header("expires") is not None


def _forbids_storing(request: HttpRequest) -> bool:
    return any(name == "cache-control" and "no-store" in value.lower() for name, value in request.headers)


def _options(miss: Miss) -> CacheOptions:
    return _PRIVATE if miss.for_one_user else _SHARED


def _with_conditions(request: HttpRequest, state: NeedRevalidation) -> HttpRequest:
    own = tuple(header for header in request.headers if header[0] not in _CONDITIONS)
    conditions = tuple((name, value) for name in _CONDITIONS if (value := state.request.headers.get(name)))
    return replace(request, headers=own + conditions)


def _to_hishel(request: HttpRequest) -> Request:
    kept = tuple(header for header in request.headers if header[0] not in _NOT_COMPARED)
    return Request(method=request.method, url=request.url, headers=_folded(kept))


def _response_to_hishel(response: HttpResponse) -> Response:
    return Response(status_code=response.status, headers=_folded(response.headers))


def _from_hishel(response: Response, body: bytes) -> HttpResponse:
    headers = tuple((name, value) for name in response.headers for value in response.headers.get_list(name) or ())
    return HttpResponse(status=response.status_code, headers=headers, body=body)


def _folded(headers: Headers) -> FoldedHeaders:
    folded = FoldedHeaders({})
    for name, value in headers:
        folded[name] = value
    return folded
