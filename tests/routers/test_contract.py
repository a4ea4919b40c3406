"""Every address keeps the contract: what is described, and the pages beside it."""

import re
from html.parser import HTMLParser

import pytest
from httpx import AsyncClient, Response

from app.routers.files import IMMUTABLE
from app.services.forms import FORMS as FORMS_OF_DATASETS
from tests.queries.lists import DOCUMENT, is_public
from tests.routers.problem_documents import check_problem
from tests.routers.writers import key_for

DESCRIBED = [
    path for path, methods in DOCUMENT["paths"].items() if "get" in methods and is_public(methods["get"])
]
"""Whatever answers anybody."""
HEALTH = [path for path in DESCRIBED if path.startswith("/health")]
PAGES = ["/", "/docs", "/redoc", "/openapi.json", "/docs/files/favicon.png"]
PAGES += ["/datasets", "/datasets/risks", "/datasets/barnet/risks", "/sitemap.xml", "/robots.txt"]
NAMED = {
    "{organisation}": "barnet",
    "{id}": "1",
    "{dataset}": "workforce-establishment",
    "{kind}": "observations",
}
"""What stands in the path of a file for each of its parts; the first release is Barnet's."""
FORMS = tuple(f"/datasets/{{dataset}}.{form.name}" for form in FORMS_OF_DATASETS)
FILES = {path for path in DESCRIBED if path.endswith(FORMS) and not path.startswith("/v1/datasets/")}
"""Whatever is kept in a folder; a credential that sees more gets a feed instead."""
FEEDS = {
    path
    for path in DESCRIBED
    if path.endswith((".csv", ".jsonl", *FORMS)) and not path.startswith("/v1/imports/templates/")
} - FILES
"""Whatever is sent as it is read: nobody knows before how long it is."""
KEPT = [*(path for path in DESCRIBED if path not in HEALTH), *PAGES]
VARIES = {"authorization", "accept", "accept-encoding"}
MET = ["", "*/*", "application/*", "APPLICATION/JSON; charset=utf-8", "text/html, */*; q=.2"]
MET += ["text/html, application/json;q=0.1", "*/*;q=0, application/json"]
UNMET = ["text/html", "application/xml, text/*", "application/json;q=0, */*", "*/*;q=0", "nonsense"]

NOT_JSON = (".csv", ".jsonl", ".parquet", ".xlsx", "-metadata.json", ".atom", ".jsonld", ".ttl", ".rdf")

every_address = pytest.mark.parametrize("path", [*DESCRIBED, *PAGES])
every_described_address = pytest.mark.parametrize("path", DESCRIBED)
every_address_of_json = pytest.mark.parametrize(
    "path", [path for path in DESCRIBED if not path.endswith(NOT_JSON)]
)
every_kept_answer = pytest.mark.parametrize("path", KEPT)


@pytest.fixture(scope="module")
async def addresses(client: AsyncClient) -> dict[str, str]:
    """Each path, with the id of a row that its list has."""
    found = {path: path for path in [*DESCRIBED, *PAGES]}
    for path in DESCRIBED:
        if "/datasets/{" in path or "{kind}" in path:
            found[path] = re.sub(r"\{.*?\}", lambda part: NAMED[part[0]], path)
        elif "{" in path:
            listed = await client.get(path.partition("/{")[0])
            found[path] = re.sub(r"\{.*\}", str(listed.json()["items"][0]["id"]), path)
            if "{measure_set}" in path:
                scorecard = await client.get(listed.json()["items"][0]["href"])
                found[path] = scorecard.json()["ratings"][0]["href"]
    return found


def allowed(path: str) -> str:
    """The methods of an address, as Allow lists them."""
    described = DOCUMENT["paths"].get(path, {"get": {}})
    return ", ".join(sorted({*(method.upper() for method in described), "HEAD", "OPTIONS"}))


@pytest.fixture(scope="module")
def key(client: AsyncClient, database_url: str) -> str:
    """A credential that counts."""
    assert not client.is_closed
    return key_for(database_url, "reader:barnet")


def varies_by(answer: Response) -> set[str]:
    return {name.strip().lower() for name in answer.headers["vary"].split(",")}


@every_address
async def test_every_address_answers(client: AsyncClient, addresses: dict[str, str], path: str) -> None:
    answer = await client.get(addresses[path])

    assert answer.status_code == 200
    assert varies_by(answer) == VARIES
    if path in FEEDS:
        assert "content-length" not in answer.headers
    else:
        assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded


@every_described_address
async def test_an_answer_is_of_the_type_described(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    answer = await client.get(addresses[path])

    content = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
    assert [answer.headers["content-type"].partition(";")[0]] == list(content)


@every_address
async def test_head_answers_as_get_does_without_the_body(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    where = addresses[path]

    got, headed = await client.get(where), await client.head(where)

    assert headed.status_code == got.status_code
    assert headed.headers == got.headers
    assert headed.content == b""


@every_kept_answer
async def test_the_tag_is_strong_and_stays(client: AsyncClient, addresses: dict[str, str], path: str) -> None:
    where = addresses[path]

    first, second = await client.get(where), await client.get(where)

    assert re.fullmatch(r'"[0-9a-f]{32}([0-9a-f]{32})?(-zstd)?"', first.headers["etag"])
    assert second.headers["etag"] == first.headers["etag"]


@every_kept_answer
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_what_the_client_has_is_not_sent_again(
    client: AsyncClient, addresses: dict[str, str], path: str, method: str
) -> None:
    where = addresses[path]
    answer = await client.get(where)

    again = await client.request(
        method, where, headers={"If-None-Match": f'"other", W/{answer.headers["etag"]}'}
    )

    assert again.status_code == 304
    assert again.content == b""
    assert not {"content-type", "content-length"} & set(again.headers)
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == answer.headers[name]


@every_kept_answer
async def test_an_answer_is_public_and_private_with_a_credential(
    client: AsyncClient, addresses: dict[str, str], key: str, path: str
) -> None:
    where = addresses[path]

    public = await client.get(where)
    private = await client.get(where, headers={"Authorization": f"Bearer {key}"})

    lasting = path in FILES and path.startswith("/v1/releases/")
    assert public.headers["cache-control"] == (IMMUTABLE if lasting else "public, max-age=60")
    assert private.headers["cache-control"] == "private, no-store"
    assert private.headers.get("etag") == (None if path in FEEDS | FILES else public.headers["etag"])


@pytest.mark.parametrize("path", HEALTH)
async def test_health_is_never_kept(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@every_address
@pytest.mark.parametrize("method", ["TRACE", "BREW"])
async def test_another_method_is_told_those_allowed(
    client: AsyncClient, addresses: dict[str, str], path: str, method: str
) -> None:
    answer = await client.request(method, addresses[path])

    check_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == allowed(path)


@every_address
async def test_options_tells_the_methods_allowed(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    answer = await client.options(addresses[path])

    assert answer.status_code == 204
    assert answer.headers["allow"] == allowed(path)
    assert answer.content == b""


@every_address
async def test_an_unknown_parameter_is_named_with_the_known_ones(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    answer = await client.get(addresses[path], params={"colour_of_moon": "blue"})

    problem = check_problem(answer, 400, "unknown-parameter")
    [fault] = problem["errors"]
    assert fault["parameter"] == "colour_of_moon"
    operation = DOCUMENT["paths"].get(path, {}).get("get", {})
    known = [part["name"] for part in operation.get("parameters", ()) if part["in"] == "query"]
    assert all(name in fault["message"] for name in known)
    assert known or "no parameters" in fault["message"]


@every_described_address
async def test_a_parameter_of_one_value_is_not_taken_twice(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    where = addresses[path]
    for part in DOCUMENT["paths"][path]["get"].get("parameters", ()):
        if part["in"] == "path" or part["schema"].get("type") == "array":
            continue

        answer = await client.get(f"{where}?{part['name']}=1&{part['name']}=1")

        problem = check_problem(answer, 400, "invalid-parameter")
        assert "repeated" in {fault["code"] for fault in problem["errors"]}


@every_address
async def test_a_query_that_is_no_text_is_malformed(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    where = addresses[path]
    for query in ("a=%00", "%00=a", "a=%ff", "%c3%28"):
        answer = await client.get(f"{where}?{query}")

        check_problem(answer, 400, "malformed-request")


@every_address_of_json
async def test_a_form_that_is_not_offered_is_refused(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    where = addresses[path]
    for accept in UNMET:
        answer = await client.get(where, headers={"Accept": accept})

        problem = check_problem(answer, 406, "not-acceptable")
        assert "application/json" in problem["detail"]


@every_address_of_json
async def test_a_form_that_is_offered_is_given(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    where = addresses[path]
    for accept in MET:
        answer = await client.get(where, headers={"Accept": accept})

        assert answer.status_code == 200


@every_address
async def test_an_address_ends_where_it_ends(
    client: AsyncClient, addresses: dict[str, str], path: str
) -> None:
    where = addresses[path]

    answers = [await client.get(f"{where}/nowhere/at/all"), await client.get(f"{where}%00")]

    for answer in answers:
        check_problem(answer, 404, "not-found")


@pytest.mark.parametrize("path", [path for path in DESCRIBED if "{" in path])
async def test_what_is_not_there_is_not_found(client: AsyncClient, path: str) -> None:
    for row_id in ("0", "-1", "x", "1.0", str(2**63), "999999999", "%20", "%ff"):
        answer = await client.get(re.sub(r"\{.*\}", row_id, path))

        check_problem(answer, 404, "not-found")


class _Loaded(HTMLParser):
    """What a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"src", "href", "spec-url"}
        self.addresses += [value or "" for name, value in attrs if name in names]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_documentation_loads_nothing_from_elsewhere(client: AsyncClient, path: str) -> None:
    page = await client.get(path)

    loaded = _Loaded()
    loaded.feed(page.text)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"https?://|['\"]//", page.text)
    assert loaded.addresses
    for where in loaded.addresses:
        assert (await client.get(where)).status_code == 200


async def test_the_front_door_leads_everywhere(client: AsyncClient) -> None:
    index = (await client.get("/")).json()

    named = [index[name] for name in ("documentation", "reference", "openapi", "health")]
    for where in [*named, *index["lists"]]:
        assert (await client.get(where)).status_code == 200
    assert set(index["lists"]) == {path for path in DESCRIBED if path.startswith("/v1/") and "{" not in path}
