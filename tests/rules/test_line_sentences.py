"""What a councillor reads of a risk, and of an action with nothing to go by."""

from fractions import Fraction

import pytest

from app.rules.evaluation import Answer
from app.rules.judging import Clause, Words, judge_action
from app.rules.line_sentences import action_sentence, risk_sentence
from app.rules.risks import Band, band

BANDS = (Band(1, 6, "Low"), Band(8, 25, "High"))
WORDS = Words(band(BANDS), "rating", ("low", "high"), {each.label: -each.low for each in BANDS})
RISK: dict[str, Answer] = {
    "impact": Fraction(4),
    "probability": Fraction(3),
    "rating": Fraction(12),
    "rating_before": Fraction(8),
    "target_rating": None,
    "movement": "up",
    "treatment": "treat",
    "target_date": Fraction(734045),
    "as_of": Fraction(734047),
    "overdue": True,
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Low needs a rating of at most 6. It is up from 8 the period before."),
        ({}, "It is overdue: its target date, 30 September 2010, was 2 days before 2 October 2010."),
        ({"movement": "down"}, "It is down from 8 the period before."),
        ({"movement": "unchanged"}, "It is unchanged from 8 the period before."),
        ({"treatment": "terminate", "overdue": False}, "It is not overdue, as it is terminated."),
    ],
)
def test_a_risk_says_how_it_moved_and_whether_it_is_late(given: dict[str, Answer], said: str) -> None:
    facts = {**RISK, **given}

    sentence = risk_sentence("Flood", facts, BANDS, WORDS.judge(facts))

    assert sentence.startswith("High: “Flood” is rated 12 (impact 4 × probability 3); High is 8 to 25.")
    assert said in sentence


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cancelled": True}, "Under way: “Plan” is cancelled and has no due date."),
        ({"progress": None}, "Under way: “Plan” states no progress and has no due date."),
        (
            {"due_date": Fraction(734047)},
            "Under way: “Plan” stands at 40% and is due on 2 October 2010, the same day as 2 October 2010.",
        ),
    ],
)
def test_an_action_says_how_far_it_is(given: dict[str, Answer], said: str) -> None:
    facts: dict[str, Answer] = {
        "progress": Fraction(40),
        "start_date": None,
        "due_date": None,
        "as_of": Fraction(734047),
        "cancelled": False,
    }
    clauses = (Clause("otherwise", "in_progress", "Under way"),)
    known = {**facts, **given}

    by_progress, by_date = (judge_action(clauses, known, varied) for varied in ("progress", "as_of"))

    assert action_sentence("Plan", known, clauses, by_progress, by_date) == said
