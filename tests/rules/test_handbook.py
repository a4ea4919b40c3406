"""The catalogue of the rules leaves nothing out, and the handbook is written from it."""

import re
from pathlib import Path

import pytest

from app.rules import handbook
from app.rules.cases import TABLES
from app.rules.cases.escalation import SCORECARDS_TRIED
from app.rules.catalogue import ENTRIES, TERMS, UNITS, Entry, words_of
from app.rules.nodes import operands
from app.rules.schemes import forms

HANDBOOK = Path(__file__).parents[2] / "docs" / "rules.md"
ANY_WORD = {"stated_period"}
"""Words that are from no list."""

every_rule = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())


def test_the_committed_handbook_is_of_the_rules_there_are() -> None:
    assert HANDBOOK.read_text(encoding="utf-8") == handbook.handbook()


@every_rule
def test_every_rule_tells_its_meaning_and_its_source(entry: Entry) -> None:
    assert entry.rule.meaning
    assert entry.rule.source.endswith(".")
    assert "Source:" not in entry.rule.meaning


@every_rule
def test_every_operand_has_a_unit_and_every_word_its_list(entry: Entry) -> None:
    for operand in entry.rule.operands:
        assert UNITS[operand.kind.name]
        listed = bool(words_of(operand))
        assert listed == (operand.kind.name == "text" and operand.name not in ANY_WORD)


def test_a_rule_has_one_place_in_the_catalogue() -> None:
    assert len({id(entry.rule) for entry in ENTRIES.values()}) == len(ENTRIES) == len(TABLES)


def test_every_form_of_condition_has_an_example_that_was_tried() -> None:
    assert [term.form for term in TERMS] == [*forms(), *SCORECARDS_TRIED]
    for term in TERMS:
        read = [operand.name for operand in operands(term.test)]
        assert term.tried
        assert all(list(facts) == read for facts, _ in term.tried)
        assert len({tuple(facts.values()) for facts, _ in term.tried}) == len(term.tried)


def test_a_condition_that_anything_holds_for_is_tried_both_ways() -> None:
    assert {holds for term in TERMS for _, holds in term.tried} == {True, False, None}


@every_rule
def test_the_handbook_has_every_rule_with_its_version_and_all_its_cases(entry: Entry) -> None:
    page = handbook.handbook()
    part = page.partition(f"`{entry.id}`, version `{entry.rule.version}`")[2].partition("\n### ")[0]

    assert entry.rule.meaning in part
    assert entry.rule.source in part
    rows = re.findall(r"^\| (.*) \|$", part, re.MULTILINE)
    assert len(rows) == len(entry.rule.operands) + len(entry.cases) + 4


def test_the_handbook_of_a_changed_rule_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = handbook.handbook()
    entry = ENTRIES["indicators.direction_variance"]
    case = entry.cases[0]._replace(answer="0.0")
    monkeypatch.setitem(
        ENTRIES, "indicators.direction_variance", entry._replace(cases=(case, *entry.cases[1:]))
    )

    assert handbook.handbook() != before


def test_a_formula_is_written_one_case_a_line() -> None:
    status = ENTRIES["budgets.budget_status"].rule

    lines = list(handbook.formula(status.tree))

    assert len(lines) == 4
    assert lines[1].startswith("- if `")
    assert lines[-1] == "- otherwise: `on budget`"


def test_a_bar_in_a_cell_is_no_end_of_it() -> None:
    assert list(handbook.table(("a|b",), [("|x|",)])) == ["| a\\|b |", "| --- |", "| \\|x\\| |"]
