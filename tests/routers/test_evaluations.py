"""What may not be asked: each fault is told with its place, all of them at once, and nothing is coerced."""

import json
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.routers.bodies import LARGEST
from tests.routers.problem_documents import check_problem

ASK = "/v1/rules/evaluate"
JSON = {"Content-Type": "application/json"}
VARIANCE = "indicators.direction_variance"
BANDS: list[dict[str, Any]] = [
    {"condition": "no outturn", "code": "no_data", "label": "Not known"},
    {"condition": "no target", "code": "no_target", "label": "Not known"},
    {"condition": "met", "code": "met", "label": "Green", "colour": "green", "points": "1"},
    {"condition": "within 5% of target", "code": "near", "label": "Amber", "points": -0.5},
    {"condition": "otherwise", "code": "missed", "label": "Red"},
]
CALLS: dict[str, Any] = {
    "numerator": "159488",
    "denominator": 285806,
    "calculation": "share",
    "period_target": "75",
    "polarity": "higher_is_better",
    "decimals": 1,
    "stated_previous": "48.3",
}

Faults = list[tuple[str, str]]


async def ask(client: AsyncClient, **body: Any) -> Response:  # noqa: ANN401 - any JSON value
    return await client.post(ASK, json=body)


async def send(client: AsyncClient, text: str | bytes, **headers: str) -> Response:
    return await client.post(ASK, content=text, headers=JSON | headers)


def faults_of(answer: Response) -> Faults:
    """Pointer and code of each fault of a body."""
    problem = check_problem(answer, 422, "invalid-body")
    return [(fault["pointer"], fault["code"]) for fault in problem["errors"]]


def scheme(*clauses: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"clauses": list(clauses), **more}


def clause(condition: str, code: str = "met") -> dict[str, Any]:
    return {"condition": condition, "code": code, "label": "Green"}


async def test_a_measure_under_clauses_of_one_s_own(client: AsyncClient) -> None:
    answer = await ask(client, scheme=scheme(*BANDS), rows=[CALLS])

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    assert (found["kind"], found["scheme"]) == ("measures", None)
    [row] = found["items"]
    named = ("outturn", "target", "target_variance", "status", "status_label", "position", "explanation")
    assert [row[name] for name in named] == ["55.8", "75.0000", "-25.6", "missed", "Red", 5, None]
    assert [row[name] for name in ("direction_of_travel", "direction_basis", "status_year_end")] == [
        "improved",
        "as_stated",
        None,
    ]


async def test_numbers_are_exact_as_text_and_as_json_numbers(client: AsyncClient) -> None:
    rows = '{"outturn": 0.3, "previous": 0.1}, {"outturn": "0.30", "previous": "1/10"}, {"outturn": 3e-1}'

    answer = await send(client, f'{{"rule": "indicators.direction_difference", "rows": [{rows}]}}')

    found = answer.json()["items"]
    assert [(row["answer"], row["exact"]) for row in found] == [("0.2000", "1/5")] * 2 + [(None, None)]


async def test_a_rule_tells_how_its_answer_came_about(client: AsyncClient) -> None:
    rows = [{"outturn": "55.8", "previous": "48.3"}, {"outturn": "55.8", "previous": 0}]

    found = (await ask(client, rule=VARIANCE, rows=rows, explain=True)).json()

    told = [row["explanation"] for row in found["items"]]
    assert [row["answer"] for row in found["items"]] == ["15.5", None]
    assert "55.8" in told[0]["filled"]
    assert told[0]["rounding"] == "rounded half up to 1 place"
    assert told[0]["lacking"] == []
    assert told[1]["lacking"]


async def test_a_status_tells_the_clauses_tried_and_what_would_reach_the_others(client: AsyncClient) -> None:
    found = (await ask(client, scheme=scheme(*BANDS), rows=[CALLS], explain=True)).json()

    told = found["items"][0]["explanation"]
    assert [trial["position"] for trial in told["trials"]] == [1, 2, 3, 4, 5]
    assert [trial["held"] for trial in told["trials"]] == [False] * 4 + [True]
    reached = {reach["status"]: (reach["value"], reach["better"]) for reach in told["reaches"]}
    assert reached["met"] == ("75", True)
    assert reached["near"] == ("71.25", True)
    assert "outturn" in {step["field"] for step in told["steps"]}


async def test_an_action_is_late_from_the_day_after_it_is_due(client: AsyncClient) -> None:
    clauses = [clause("overdue", "overdue"), clause("otherwise", "in_progress")]
    rows = [{"progress": 50, "due_date": "2019-09-10", "as_of": day} for day in ("2019-09-10", "2019-09-11")]

    found = (await ask(client, scheme=scheme(*clauses), rows=rows, explain=True)).json()

    assert found["kind"] == "actions"
    assert [row["status"] for row in found["items"]] == ["in_progress", "overdue"]
    assert [len(row["explanation"]["trials"]) for row in found["items"]] == [2, 1]


async def test_a_status_against_the_year_rests_on_the_annual_target(client: AsyncClient) -> None:
    row = {"value": "50", "period_target": "50", "annual_target": "100", "polarity": "higher_is_better"}

    [found] = (await ask(client, scheme=scheme(*BANDS), rows=[row])).json()["items"]

    assert (found["status"], found["status_year_end"]) == ("met", "missed")


async def test_a_change_within_a_dead_band_is_none(client: AsyncClient) -> None:
    asked = scheme(*BANDS, dead_band_units="7.6")

    [found] = (await ask(client, scheme=asked, rows=[CALLS])).json()["items"]

    assert found["direction_of_travel"] == "unchanged"


async def test_a_thousand_rows_are_answered_and_one_more_is_refused(client: AsyncClient) -> None:
    row = {"outturn": "2", "previous": "1"}

    most = await ask(client, rule=VARIANCE, rows=[row] * 1000)
    more = await ask(client, rule=VARIANCE, rows=[row] * 1001)

    assert [item["answer"] for item in most.json()["items"]] == ["100.0"] * 1000
    assert faults_of(more) == [("/rows", "wrong_length")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"rows": [{}]}, [("", "ambiguous")]),
        ({"rule": VARIANCE, "scheme": {"id": 1}, "rows": [{}]}, [("", "ambiguous")]),
        ({"rule": VARIANCE}, [("/rows", "missing")]),
        ({"rule": VARIANCE, "rows": {}}, [("/rows", "not_a_list")]),
        ({"rule": VARIANCE, "rows": []}, [("/rows", "wrong_length")]),
        ({"rule": VARIANCE, "rows": [1, None]}, [("/rows/0", "not_an_object"), ("/rows/1", "not_an_object")]),
        ({"rule": 3, "rows": [{}]}, [("/rule", "not_a_text")]),
        ({"rule": VARIANCE, "rows": [{}], "explain": 1}, [("/explain", "not_a_truth")]),
        ({"rule": VARIANCE, "rows": [{}], "a/b~c": 1}, [("/a~1b~0c", "unknown")]),
        ({"scheme": {}, "rows": [{}]}, [("/scheme", "ambiguous")]),
        ({"scheme": {"id": 1, "clauses": BANDS}, "rows": [{}]}, [("/scheme", "ambiguous")]),
        ({"scheme": {"id": 1, "variance_convention": "none"}, "rows": [{}]}, [("/scheme", "ambiguous")]),
        ({"scheme": {"id": 999999}, "rows": [{}]}, [("/scheme/id", "unknown_value")]),
        ({"scheme": {"id": 0}, "rows": [{}]}, [("/scheme/id", "out_of_range")]),
        ({"scheme": {"id": "1"}, "rows": [{}]}, [("/scheme/id", "not_a_whole_number")]),
        ({"scheme": scheme(), "rows": [{}]}, [("/scheme/clauses", "wrong_length")]),
        ({"scheme": scheme(*BANDS), "rows": [{}]}, [("/rows/0/polarity", "missing")]),
    ],
)
async def test_a_body_that_means_nothing_is_refused_at_its_place(
    client: AsyncClient, body: dict[str, Any], expected: Faults
) -> None:
    answer = await ask(client, **body)

    assert faults_of(answer) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"condition": "nearly met"}, "unknown_condition"),
        ({"condition": "met and nearly met"}, "unknown_condition"),
        ({"condition": 1}, "not_a_text"),
        ({"code": "green"}, "unknown_value"),
        ({"label": ""}, "wrong_length"),
        ({"label": "\ud800"}, "not_a_text"),
        ({"label": "a\u0000b"}, "malformed"),
        ({"points": "1.005"}, "too_precise"),
        ({"points": "one"}, "not_a_decimal"),
        ({"points": True}, "not_a_decimal"),
        ({"weight": "1"}, "unknown"),
    ],
)
async def test_a_clause_that_means_nothing_is_refused_at_its_place(
    client: AsyncClient, given: dict[str, Any], code: str
) -> None:
    clauses = [BANDS[0], clause("met") | given]
    text = json.dumps({"scheme": scheme(*clauses), "rows": [CALLS]})

    answer = await send(client, text)

    [[pointer, found]] = faults_of(answer)
    assert pointer == f"/scheme/clauses/1/{next(iter(given))}"
    assert found == code


async def test_a_scheme_with_a_gap_is_refused_with_an_outturn_that_falls_into_it(client: AsyncClient) -> None:
    answer = await ask(client, scheme=scheme(*BANDS[:4]), rows=[CALLS])

    assert faults_of(answer) == [("/scheme/clauses", "gap")]
    assert "target 100, previous 80, state reported, outturn 94" in answer.json()["errors"][0]["message"]


async def test_clauses_of_measures_and_of_actions_do_not_mix(client: AsyncClient) -> None:
    answer = await ask(client, scheme=scheme(clause("met"), clause("overdue")), rows=[{}])

    assert faults_of(answer) == [("/scheme", "mixed_clauses")]


async def test_what_is_unknown_is_told_with_what_is_near(client: AsyncClient) -> None:
    answers = [
        await ask(client, rule="direction_varance", rows=[{}]),
        await ask(client, rule=VARIANCE, rows=[{"outurn": "1"}]),
        await ask(client, scheme=scheme(clause("within 5 of target")), rows=[{}]),
        await ask(client, scheme=scheme(*BANDS), rows=[CALLS | {"target": "3"}]),
    ]

    messages = [check_problem(answer, 422, "invalid-body")["errors"][0]["message"] for answer in answers]
    for message, near in zip(
        messages, (VARIANCE, "outturn", "within 2 units of target", "period_target"), strict=True
    ):
        assert near in message


@pytest.mark.parametrize(
    ("rule", "operand", "cell", "code"),
    [
        ("indicators.group_variation", "value", '"1e3"', "not_a_decimal"),
        ("indicators.group_variation", "value", '"1_000"', "not_a_decimal"),
        ("indicators.group_variation", "value", '"1,000"', "not_a_decimal"),
        ("indicators.group_variation", "value", '" 1"', "not_a_decimal"),
        ("indicators.group_variation", "value", '"+1"', "not_a_decimal"),
        ("indicators.group_variation", "value", '".5"', "not_a_decimal"),
        ("indicators.group_variation", "value", '"\\u0663"', "not_a_decimal"),
        ("indicators.group_variation", "value", '"NaN"', "not_a_decimal"),
        ("indicators.group_variation", "value", '"7/2"', "not_a_decimal"),
        ("indicators.group_variation", "value", "true", "not_a_decimal"),
        ("indicators.group_variation", "value", "[1]", "not_a_decimal"),
        ("indicators.group_variation", "value", "1.00001", "too_precise"),
        ("indicators.group_variation", "value", '"10000000000.0001"', "too_wide"),
        ("indicators.group_variation", "value", "-10000000001", "too_wide"),
        ("indicators.group_variation", "value", "1e400", "too_wide"),
        ("indicators.group_variation", "value", "1e-400", "too_wide"),
        ("indicators.group_variation", "value", "9" * 400, "too_wide"),
        ("indicators.status_share", "part", "1.5", "too_precise"),
        ("indicators.status_share", "part", "-1", "out_of_range"),
        (VARIANCE, "outturn", '"1/0"', "not_a_decimal"),
        (VARIANCE, "outturn", '"9223372036854775808"', "too_wide"),
        (VARIANCE, "outturn", '"1/9223372036854775808"', "too_wide"),
        ("actions.overdue", "as_of", '"2019-04-31"', "not_a_date"),
        ("actions.overdue", "as_of", '"20190401"', "not_a_date"),
        ("actions.overdue", "as_of", '"2019-04-01T00:00:00"', "not_a_date"),
        ("actions.overdue", "as_of", "0", "not_a_date"),
        ("surveys.significant", "sample", '"yes"', "not_a_truth"),
        ("surveys.significant", "sample", "1", "not_a_truth"),
        ("indicators.target_variance", "polarity", '"up"', "unknown_value"),
        ("indicators.target_variance", "polarity", "1", "not_a_text"),
        ("indicators.direction_basis", "stated_period", '"\\ud800"', "not_a_text"),
    ],
)
async def test_a_cell_that_is_no_fact_of_its_operand_is_refused(
    client: AsyncClient, rule: str, operand: str, cell: str, code: str
) -> None:
    answer = await send(client, f'{{"rule": "{rule}", "rows": [{{}}, {{"{operand}": {cell}}}]}}')

    assert faults_of(answer) == [(f"/rows/1/{operand}", code)]


async def test_an_outturn_has_four_decimals_at_most(client: AsyncClient) -> None:
    answers = [
        await ask(client, scheme=scheme(*BANDS), rows=[CALLS | {"decimals": places}]) for places in (0, 4, 5)
    ]

    assert [answer.json()["items"][0]["outturn"] for answer in answers[:2]] == ["56", "55.8029"]
    assert faults_of(answers[2]) == [("/rows/0/decimals", "too_wide")]


async def test_the_widest_number_of_a_kind_is_taken(client: AsyncClient) -> None:
    rows = [{"value": "10000000000.0000", "overall": "-10000000000"}, {"value": 1.00000, "overall": 1}]

    answer = await ask(client, rule="indicators.group_variation", rows=rows)

    assert [row["answer"] for row in answer.json()["items"]] == ["20000000000.0", "0.0"]


async def test_all_faults_are_told_at_once_up_to_a_thousand(client: AsyncClient) -> None:
    several = await ask(client, rule=VARIANCE, extra=1, rows=[{"outturn": "x", "b": 1}, 3, {"previous": []}])
    many = await ask(client, rule=VARIANCE, rows=[{"outturn": "x", "previous": "y"}] * 1000)

    assert faults_of(several) == [
        ("/extra", "unknown"),
        ("/rows/0/outturn", "not_a_decimal"),
        ("/rows/0/b", "unknown_operand"),
        ("/rows/1", "not_an_object"),
        ("/rows/2/previous", "not_a_decimal"),
    ]
    wide = await ask(client, rule=VARIANCE, rows=[{f"operand_{n}": n for n in range(20_000)}])
    assert len(faults_of(many)) == len(faults_of(wide)) == 1000
    assert "and 997 more" in many.json()["detail"]


@pytest.mark.parametrize(
    ("rule", "row", "expected"),
    [
        (VARIANCE, {"outturn": {"value": "1", "unit": "days"}, "previous": {"value": 2, "unit": "days"}}, []),
        (
            VARIANCE,
            {"outturn": {"value": "1", "unit": "days"}, "previous": {"value": 2, "unit": "minutes"}},
            [("/rows/0/previous/unit", "mixed_units")],
        ),
        (
            VARIANCE,
            {"outturn": {"value": "1", "unit": "days"}, "unit": "percent"},
            [("/rows/0/outturn/unit", "mixed_units")],
        ),
        (VARIANCE, {"outturn": "1", "unit": "furlongs"}, [("/rows/0/unit", "unknown_value")]),
        (VARIANCE, {"outturn": {"value": "1"}}, [("/rows/0/outturn/unit", "missing")]),
        (
            VARIANCE,
            {"outturn": {"value": "1", "unit": "days", "of": 1}},
            [("/rows/0/outturn/of", "unknown")],
        ),
        ("budgets.slippage_percent", {"slippage": "1", "unit": "pounds"}, []),
        (
            "budgets.slippage_percent",
            {"slippage": {"value": "1", "unit": "percent"}},
            [("/rows/0/slippage/unit", "mixed_units")],
        ),
        ("budgets.slippage_percent", {"slippage": "1", "unit": "days"}, [("/rows/0/unit", "mixed_units")]),
        ("actions.overdue", {"unit": "days"}, [("/rows/0/unit", "mixed_units")]),
    ],
)
async def test_figures_held_against_each_other_are_in_one_unit(
    client: AsyncClient, rule: str, row: dict[str, Any], expected: Faults
) -> None:
    answer = await ask(client, rule=rule, rows=[row])

    assert (faults_of(answer) if answer.status_code != 200 else []) == expected


@pytest.mark.parametrize(
    ("condition", "changes", "pointer"),
    [
        ("within 5% of target", {"period_target": "0"}, "period_target"),
        ("within 5% of target", {"period_target": None, "annual_target": 0}, "annual_target"),
        ("exceeded by more than 5% of target", {"period_target": "0"}, "period_target"),
        ("at least 80% of target and direction improved", {"period_target": "0"}, "period_target"),
        ("within amber limit", {"period_target": "0", "amber_percent": "5"}, "period_target"),
        ("within 5 points of target", {"polarity": "contextual"}, "polarity"),
        ("at least 80% of target", {"polarity": "contextual"}, "polarity"),
        ("at least 80% of target", {"polarity": "closest_to_target"}, "polarity"),
        ("exceeded by more than 5 units", {"polarity": "closest_to_target"}, "polarity"),
        ("within 5 points of target", {"period_target": "0"}, None),
        ("within amber limit", {"period_target": "0", "amber_limit": "5"}, None),
        ("within 5% of target", {"polarity": "closest_to_target"}, None),
        ("within 5% of target", {"polarity": "contextual", "period_target": None}, None),
    ],
)
async def test_a_scheme_that_does_not_apply_to_a_measure_is_refused(
    client: AsyncClient, condition: str, changes: dict[str, Any], pointer: str | None
) -> None:
    asked = scheme(clause("no target", "no_target"), clause(condition), clause("otherwise"))
    row = CALLS | {"numerator": "-3", "previous": None} | changes
    del row["previous"]

    answer = await ask(client, scheme=asked, rows=[CALLS, row])

    expected = [] if pointer is None else [(f"/rows/1/{pointer}", "not_applicable")]
    assert (faults_of(answer) if answer.status_code != 200 else []) == expected


async def test_a_clause_that_is_not_reached_need_not_apply(client: AsyncClient) -> None:
    row = CALLS | {"period_target": "0", "numerator": "1"}

    [found] = (await ask(client, scheme=scheme(*BANDS), rows=[row])).json()["items"]

    assert (found["status"], found["target_variance"]) == ("met", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        '{"rows": [{"a": NaN}]}',
        '{"rows": [{"a": Infinity}]}',
        '{"rows": [{"a": 1e99999999999999999999}]}',
        "[" * 100_000,
        '{"rule": "x",}',
        '\ufeff{"rule": "x"}',
        b"\xff\xfe{}",
    ],
)
async def test_what_is_no_json_is_malformed(client: AsyncClient, text: str | bytes) -> None:
    check_problem(await send(client, text), 400, "malformed-request")


async def test_a_member_that_is_said_twice_is_refused_at_its_place(client: AsyncClient) -> None:
    answer = await send(client, '{"rule": "a", "rule": "a", "rows": [{}, {"x~/": 1, "x~/": 1}]}')

    assert faults_of(answer) == [("/rule", "repeated"), ("/rows/1/x~0~1", "repeated")]


@pytest.mark.parametrize("text", ["[]", "3", '"x"', "null"])
async def test_a_body_that_is_no_object_is_refused(client: AsyncClient, text: str) -> None:
    assert faults_of(await send(client, text)) == [("", "not_an_object")]


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data"],
)
async def test_a_body_of_another_type_is_not_read(client: AsyncClient, media_type: str) -> None:
    answer = await client.post(ASK, content=b"{}", headers={"Content-Type": media_type})

    check_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("media_type", ["application/json", 'Application/JSON; charset="UTF-8"'])
async def test_json_is_read_however_its_type_is_written(client: AsyncClient, media_type: str) -> None:
    answer = await client.post(ASK, content=b"{}", headers={"Content-Type": media_type})

    assert faults_of(answer) == [("", "ambiguous"), ("/rows", "missing")]


async def test_a_compressed_body_is_not_read(client: AsyncClient) -> None:
    answer = await send(client, b"{}", **{"Content-Encoding": "gzip"})

    check_problem(answer, 415, "unsupported-media-type")
    assert answer.headers["accept-encoding"] == "identity"


async def test_a_body_may_be_a_megabyte_and_no_more(client: AsyncClient) -> None:
    async def in_parts() -> Any:  # noqa: ANN401 - what httpx takes
        for _ in range(3):
            yield b" " * (LARGEST // 2)

    whole = await send(client, b" " * (LARGEST - 2) + b"{}")
    stated = await send(client, b" " * (LARGEST - 1) + b"{}")
    unstated = await client.post(ASK, content=in_parts(), headers=JSON)

    check_problem(whole, 422, "invalid-body")
    check_problem(stated, 413, "content-too-large")
    check_problem(unstated, 413, "content-too-large")


async def test_only_post_evaluates(client: AsyncClient) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = await client.request(method, ASK)

        assert answer.status_code == 405
        assert answer.headers["allow"] == "OPTIONS, POST"
    options = await client.options(ASK)
    assert (options.status_code, options.headers["allow"]) == (204, "OPTIONS, POST")


async def test_an_answer_in_another_form_is_not_given(client: AsyncClient) -> None:
    answer = await client.post(ASK, json={}, headers={"Accept": "text/csv"})

    check_problem(answer, 406, "not-acceptable")
