"""Writing while others read: a long import beside a bare insert, and large releases."""

from __future__ import annotations

import io
import resource
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from openpyxl import Workbook
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.services.keys import make_key
from app.services.permissions import Grant, Role
from benchmarks.servers import LOG, outturn, serving

MEASURES, QUARTERS = 500, 100
"""A council's measures, and how many quarters of figures it hands in: 50,000 observations."""
COLUMNS = ("indicator", "service", "period", "numerator", "denominator", "state")
FACTS = ("observation",)
WRITTEN = ("subject", "observation", "audit_change")
"""The tables that the rows of an import are written to."""
ROUNDS = 3
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE = "/v1/observations?organisation=anyshire&limit=100"
_BETWEEN = 0.02
_PATIENCE = 300


class Import(NamedTuple):
    """What a long import took: seconds from handing in to the end, and how long readers waited meanwhile."""

    seconds: float
    latencies: list[float]


def main() -> None:
    """Measure, and print a line for each goal."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/council.db"
        migrate(url)
        key = _key(url)
        with serving(outturn(url), None) as server, _client(server.port, key) as client:
            _found(client)
            quiet = _reads(client, seconds=5)
            first = _import(client, _workbook(0))
            council = folder / "council.db"
            bare = min(_bare(council, folder / f"bare{n}.db", FACTS) for n in range(ROUNDS))
            beside = min(_bare(council, folder / f"beside{n}.db", WRITTEN) for n in range(ROUNDS))
            visible = [_release(client, n, first if n == 0 else None) for n in range(2)]
    _tell(
        "import of 50,000 observations", first.seconds / bare, "times a bare executemany of the same rows", 5
    )
    print(f"  {first.seconds:.2f} s, handed in to taken; bare {bare:.2f} s")
    print(f"  with their names and the audit, bare {beside:.2f} s: {first.seconds / beside:.2f} times that")
    waits = _share(first.latencies, 0.99) / _share(quiet, 0.99)
    _tell("p99 of a page meanwhile", waits, "times that of a quiet service", 5)
    print(f"  {_share(quiet, 0.99) * 1000:.1f} ms, and {_share(first.latencies, 0.99) * 1000:.1f} ms")
    for number, seconds in enumerate(visible):
        _tell(f"release {number + 1} visible after", seconds, "seconds", 1)
    largest = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"largest process: {largest // 1024} MB")


def _key(url: str) -> str:
    engine = writing_engine(url)
    with Session(engine) as session, session.begin():
        _, key = make_key(session, "bench", [Grant(Role.administrator)], "command")
    engine.dispose()
    return key


def _client(port: int, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {key}"},
        timeout=_PATIENCE,
    )


def _found(client: httpx.Client) -> None:
    """A council with its measures, and a first release."""
    council = {"id": "anyshire", "name": "Anyshire", "area_code": "E09000001"}
    _good(client.post("/v1/organisations?reason=bench", json=council))
    _take(client, "services", "name,kind\nFront Office,directorate\n")
    lines = [
        f"i{n},Measure {n},front-office,plan,percent,1,higher_is_better,ratio,share" for n in range(MEASURES)
    ]
    head = "key,title,service,measure_set,unit,decimals,polarity,nature,calculation"
    _take(client, "indicators", "\n".join([head, *lines]))
    _take(client, "observations", f"{','.join(COLUMNS)}\ni0,front-office,1980-81-q1,1,2,reported\n")
    _good(client.post("/v1/releases", json={"organisation": "anyshire", "note": "before"}))


def _take(client: httpx.Client, kind: str, text: str) -> None:
    address = f"/v1/imports?organisation=anyshire&reason=bench&kind={kind}"
    _good(client.post(address, content=text, headers={"Content-Type": "text/csv"}))


def _workbook(more: int) -> bytes:
    """Fifty thousand observations, each with other figures for each `more`."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Observations")
    sheet.append(COLUMNS)
    for number in range(MEASURES * QUARTERS):
        quarter, measure = divmod(number, MEASURES)
        year = 1990 + quarter // 4
        period = f"{year}-{(year + 1) % 100:02d}-q{quarter % 4 + 1}"
        figures = (number % 977 + more, 1000 + number % 89 + more)
        sheet.append([f"i{measure}", "front-office", period, *figures, "reported"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _import(client: httpx.Client, content: bytes) -> Import:
    """Hand a workbook in, and read pages until it is taken."""
    began = time.perf_counter()
    address = "/v1/imports?organisation=anyshire&reason=bench&kind=observations"
    job = _good(client.post(address, content=content, headers={"Content-Type": _XLSX}))
    ended = threading.Event()
    latencies: list[float] = []
    reader = threading.Thread(target=lambda: latencies.extend(_reads_until(client, ended)))
    reader.start()
    while (state := _good(client.get(f"/v1/imports/{job['id']}"))["state"]) in {"waiting", "running"}:
        time.sleep(_BETWEEN)
    seconds = time.perf_counter() - began
    ended.set()
    reader.join()
    if state != "taken":
        raise RuntimeError(state)
    return Import(seconds, latencies)


def _release(client: httpx.Client, number: int, drafted: Import | None) -> float:
    """Seconds from asking for a release of 100,000 changed cells until a public reader sees it."""
    if drafted is None:
        _import(client, _workbook(1))
    before = int(_public(client).headers["outturn-changes"])
    began = time.perf_counter()
    _good(client.post("/v1/releases", json={"organisation": "anyshire", "note": f"release {number}"}))
    while int(_public(client).headers["outturn-changes"]) == before:
        time.sleep(_BETWEEN)
    return time.perf_counter() - began


def _public(client: httpx.Client) -> httpx.Response:
    return httpx.get(f"{client.base_url}/v1/observations?organisation=anyshire&limit=10", timeout=_PATIENCE)


def _reads(client: httpx.Client, seconds: float) -> list[float]:
    ended = threading.Event()
    timer = threading.Timer(seconds, ended.set)
    timer.start()
    return _reads_until(client, ended)


def _reads_until(client: httpx.Client, ended: threading.Event) -> list[float]:
    """How long each page took that the public asked for meanwhile, one after another."""
    found = []
    with httpx.Client(base_url=client.base_url, timeout=_PATIENCE) as public:
        number = 0
        while not ended.is_set():
            number += 1
            began = time.perf_counter()
            public.get(
                f"{_PAGE}&target_variance_max={number}"
            ).raise_for_status()  # another each time, so not kept
            found.append(time.perf_counter() - began)
            time.sleep(_BETWEEN)
    return found


def _bare(source: Path, target: Path, tables: tuple[str, ...]) -> float:
    """Seconds for the same rows, as they stand, into empty tables with the same indexes."""
    with closing(sqlite3.connect(source)) as council, closing(sqlite3.connect(target)) as bare:
        made = """
            SELECT sql FROM sqlite_master
            WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC
        """
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        rows = {}
        for name in tables:
            rows[name] = council.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - a table of ours
            for (statement,) in council.execute(made, (name,)):
                bare.execute(statement)
        began = time.perf_counter()
        for name, theirs in rows.items():
            places = ", ".join("?" * len(theirs[0]))
            bare.executemany(f"INSERT INTO {name} VALUES ({places})", theirs)  # noqa: S608 - question marks
        bare.commit()
        return time.perf_counter() - began


def _good(response: httpx.Response) -> Any:  # noqa: ANN401 - any JSON value
    if response.is_error:
        raise RuntimeError(response.text)
    return response.json()


def _share(latencies: list[float], share: float) -> float:
    return sorted(latencies)[min(len(latencies) - 1, int(share * len(latencies)))]


def _tell(what: str, figure: float, unit: str, wanted: float) -> None:
    print(f"{what}: {figure:.2f} {unit}; wanted {wanted} at most: {'met' if figure <= wanted else 'SHORT'}")


if __name__ == "__main__":
    main()
