"""Readers who ask while a council releases again and again: each release has a mark on all it holds."""

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from httpx import AsyncClient, Response

from tests.imports.examples import EXAMPLE, WHERE, Cells
from tests.routers.writers import Officer

MEASURES = 12
LINES = 4
PAGE = 10


def marked(mark: int) -> dict[str, list[Cells]]:
    """Rows of a report that all have a mark."""
    keys = [f"m{n}" for n in range(MEASURES)]
    measure = {**EXAMPLE["indicators"], "calculation": "given", "measure_set": "marked"}
    where = {**WHERE, "state": "reported", "value": str(mark)}
    line = {**EXAMPLE["budget_lines"], "revised_budget": "1000", "forecast": str(mark)}
    printed = {**EXAMPLE["published"], "printed": "0"}
    return {
        "indicators": [{**measure, "key": key, "code": key} for key in keys],
        "observations": [{"indicator": key, **where} for key in keys],
        "published": [{**printed, "subject": key} for key in keys],
        "budget_lines": [{**line, "key": f"l{n}"} for n in range(LINES)],
    }


class Question(NamedTuple):
    """What is asked, and which marks its answer has."""

    path: str
    marks: Callable[[Response], set[int]]


def _rows(answer: Response) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def _of_values(answer: Response) -> set[int]:
    return {int(float(row["outturn"])) for row in _rows(answer)}


def _of_forecasts(answer: Response) -> set[int]:
    return {int(float(row["forecast"])) // 1000 for row in _rows(answer)}


def _of_csv(answer: Response) -> set[int]:
    rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["published"] == "0"]
    assert len(rows) == MEASURES, answer.text
    return {int(float(row["derived"].strip("%"))) for row in rows}


def _of_totals(answer: Response) -> set[int]:
    [total] = [row for row in _rows(answer) if row["kind"] == "revenue"]
    whole, rest = divmod(int(float(total["forecast"])), 1000 * LINES)
    assert rest == 0
    return {whole}


QUESTIONS = (
    Question(f"/v1/observations?organisation=anyshire&measure_set=marked&limit={PAGE}", _of_values),
    Question("/v1/observations?organisation=anyshire&measure_set=marked&sort=-outturn", _of_values),
    Question("/v1/findings.csv?organisation=anyshire", _of_csv),
    Question("/v1/budget-variances?organisation=anyshire", _of_forecasts),
    Question("/v1/budget-variances/totals?organisation=anyshire", _of_totals),
)


class Readers:
    """Readers who go on until the last release is out, and look once more after that."""

    def __init__(self, client: AsyncClient) -> None:
        self.client, self.over = client, False
        self.answers = Counter[str]()
        self.seen: set[int] = set()
        self._answered = asyncio.Condition()

    async def look(self) -> int:
        """The mark that is public."""
        return await self._ask(QUESTIONS[0], 0)

    async def run(self, number: int) -> int:
        """Ask one question after another, and give the last mark that was read."""
        latest = 0
        while True:
            last = self.over
            for place in range(len(QUESTIONS)):
                question = QUESTIONS[(place + number) % len(QUESTIONS)]
                latest = await self._ask(question, latest)
            if last:
                return latest

    async def _ask(self, question: Question, latest: int) -> int:
        await asyncio.sleep(0)  # an answer that is kept comes without a pause, and others have their turn
        answer = await self.client.get(question.path)
        assert answer.status_code == 200, answer.text
        marks = question.marks(answer)
        assert len(marks) == 1, (question.path, marks)
        [mark] = marks
        assert mark >= latest, (question.path, mark, latest)
        async with self._answered:
            self.answers[question.path] += 1
            self.seen.add(mark)
            self._answered.notify_all()
        return mark

    async def wait_for(self, number: int) -> None:
        """Wait until so many more answers have come."""
        enough = self.answers.total() + number
        async with self._answered:
            await self._answered.wait_for(lambda: self.answers.total() >= enough)


async def release(officer: Officer, mark: int) -> None:
    """Put a mark on all that is measured and planned, and publish it."""
    where = "service,period,"
    values = [
        f"{row['indicator']},{row['service']},{row['period']},{mark},reported"
        for row in marked(0)["observations"]
    ]
    lines = [
        f"{row['key']},{row['service']},{row['period']},revenue,Grants,thousand_pounds,1000,{mark}"
        for row in marked(0)["budget_lines"]
    ]
    files = {
        "observations": f"indicator,{where}value,state\n" + "\n".join(values),
        "budget-lines": f"key,{where}kind,description,money_unit,revised_budget,forecast\n"
        + "\n".join(lines),
    }
    for kind, content in files.items():
        while True:
            taken = await officer.hand_in(content, organisation="anyshire", kind=kind, mode="update")
            if taken.status_code != 503:
                break
            await asyncio.sleep(
                float(taken.headers["retry-after"])
            )  # the machine is busy with something else
        assert taken.status_code == 200, taken.text
    made = await officer.release("anyshire")
    assert made.status_code == 201, made.text


async def watch(client: AsyncClient, officer: Officer, readers: int, releases: int) -> Readers:
    """Release so often while so many read; none of them ever reads two marks at once, or an older one."""
    watching = Readers(client)
    before = await watching.look()
    async with asyncio.TaskGroup() as group:
        reading = [group.create_task(watching.run(number)) for number in range(readers)]
        for mark in range(before + 1, before + releases + 1):
            await watching.wait_for(readers)
            await release(officer, mark)
        watching.over = True
    assert {task.result() for task in reading} == {before + releases}
    return watching
