"""What the server answers a browser, built or not."""

import gzip
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from punnet.server.graphiql import assets, graphiql_page, page, wants_graphiql
from punnet.server.graphiql.assets import GraphiqlAssets
from punnet.server.graphiql.page import assets_url

SCRIPT = b"console.log('punnet')"


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build as build.mjs would leave it, with a file beside the assets that nobody may have."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<script src="{assets}/main-1.js"></script>')
    (tmp_path / "assets" / "main-1.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "main-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(page, "DIST", tmp_path)
    return tmp_path


@pytest.fixture
def no_dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(page, "DIST", tmp_path / "absent")
    return tmp_path / "absent"


async def ask(app: ASGIApp, path: str, **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://punnet.test") as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def scope_of(*, method: str = "GET", accept: str = "text/html,*/*;q=0.8", query: str = "") -> Scope:
    headers = [(b"accept", accept.encode())]
    return {
        "type": "http",
        "method": method,
        "path": "/graphql",
        "query_string": query.encode(),
        "headers": headers,
    }


def test_a_browser_wants_graphiql() -> None:
    assert wants_graphiql(scope_of())


@pytest.mark.parametrize(
    "scope",
    [
        scope_of(accept="*/*"),
        scope_of(accept="application/graphql-response+json"),
        scope_of(method="POST"),
        scope_of(query="query={__typename}"),
        {"type": "websocket", "path": "/graphql"},
    ],
    ids=["curl", "a client", "POST", "a query in the URL", "websocket"],
)
def test_nobody_else_wants_graphiql(scope: Scope) -> None:
    assert not wants_graphiql(scope)


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/graphql", "./graphql/-/graphiql"),
        ("/api/graphql", "./graphql/-/graphiql"),
        ("/api/graphql/", "./-/graphiql"),
        ("/", "./-/graphiql"),
        ('/"><b>', "./%22%3E%3Cb%3E/-/graphiql"),
    ],
)
def test_assets_are_found_below_the_page_wherever_it_is_mounted(path: str, url: str) -> None:
    assert assets_url(path) == url


async def test_the_page_names_its_assets_and_is_never_stale(dist: Path) -> None:
    answer = await ask(graphiql_page, "/api/graphql")
    assert answer.text == '<script src="./graphql/-/graphiql/main-1.js"></script>'
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_page_may_talk_to_its_own_origin_only(dist: Path) -> None:
    policy = (await ask(graphiql_page, "/graphql")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy


async def test_without_a_build_the_page_says_how_to_get_one_and_how_to_query(no_dist: Path) -> None:
    answer = await ask(graphiql_page, "/api/graphql?x=1")
    assert answer.status_code == 200
    assert "make graphiql" in answer.text
    assert "Node.js 20" in answer.text
    assert "curl http://punnet.test/api/graphql \\\n" in answer.text


async def test_without_a_build_a_hostile_host_name_stays_text(no_dist: Path) -> None:
    answer = await ask(graphiql_page, "/graphql", host="<script>alert(1)</script>")
    assert "<script>" not in answer.text


async def test_an_asset_is_javascript_and_may_be_kept_for_ever(dist: Path) -> None:
    answer = await ask(GraphiqlAssets(dist / "assets"), "/main-1.js", accept_encoding="identity")
    assert answer.content == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers


async def test_an_asset_is_gzipped_for_those_who_take_it(dist: Path) -> None:
    answer = await ask(GraphiqlAssets(dist / "assets"), "/main-1.js", accept_encoding="gzip, br")
    assert answer.content == SCRIPT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_an_asset_that_the_browser_has_is_not_sent_again(dist: Path) -> None:
    app = GraphiqlAssets(dist / "assets")
    etag = (await ask(app, "/main-1.js")).headers["etag"]
    assert (await ask(app, "/main-1.js", if_none_match=etag)).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/other.js",
        "/",
        "/../secret.js",
        "/..%2fsecret.js",
        "/%2e%2e/secret.js",
        "//secret.js",
        "/main-1.js%00.js",
    ],
)
async def test_what_is_not_an_asset_is_not_found(dist: Path, path: str) -> None:
    assert (await ask(GraphiqlAssets(dist / "assets"), path)).status_code == 404


async def test_without_a_build_no_asset_is_found(no_dist: Path) -> None:
    assert (await ask(GraphiqlAssets(no_dist), "/main-1.js")).status_code == 404


async def test_the_build_is_looked_for_inside_the_package() -> None:
    assert assets.DIST.parent == Path(assets.__file__).parent


async def test_the_page_works_below_a_mount(dist: Path) -> None:
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await graphiql_page({**scope, "root_path": "/api"}, receive, send)

    assert "./graphql/-/graphiql/" in (await ask(mounted, "/api/graphql")).text
