"""Every table of the model.

A column is written name:kind, with a question mark where it may be empty. The kind is a type, or
the table whose id the column holds.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IDENTITIES = {
    "organisation": """
        id:text name:text area_code:text
    """,
    "period": """
        id:text kind:text label:text start:day end:day months:number months_elapsed:number
        previous_id:text? year_earlier_id:text? year_id:text? last_year_id:text?
    """,
    "subject": """
        id:number organisation_id:organisation kind:text key:text
    """,
    "revision": """
        id:number organisation_id:organisation made_at:moment reason:text
    """,
    "release": """
        id:number organisation_id:organisation revision_id:revision published_at:moment
        period_id:period? as_of:day? note:text
    """,
}
FACTS = {
    "service": """
        slug:text name:text parent_id:subject? kind:text lead:text? position:number
    """,
    "scheme": """
        slug:text name:text measure_set:text effective_from:day effective_to:day?
        variance_convention:text note:text?
    """,
    "scheme_clause": """
        scheme_id:subject position:number condition:text code:text label:text colour:text?
        points:percent?
    """,
    "direction_label": """
        scheme_id:subject code:text position:number label:text
    """,
    "indicator": """
        key:text code:text? title:text service_id:subject section:text? measure_set:text
        unit:text decimals:number polarity:text nature:text calculation:text
        baseline:text? variance_convention:text? workforce:flag sample:flag data_only:flag
        note:text? position:number
    """,
    "target": """
        indicator_id:subject service_id:subject period_id:period kind:text value:measure?
        range_percent:percent? amber_limit:measure? amber_strict:flag
        amber_percent:percent? note:text?
    """,
    "observation": """
        indicator_id:subject service_id:subject period_id:period covers_id:period?
        value:measure? numerator:quantity? denominator:quantity? state:text basis:text
        as_of:day? provisional:flag estimated:flag revised:flag footnote:text?
        previous_value:measure? previous_period_id:period?
    """,
    "comparator": """
        indicator_id:subject service_id:subject period_id:period kind:text name:text
        value:measure? unit:text comparator_period:text? source:text? scope:text?
    """,
    "equality_group": """
        indicator_id:subject service_id:subject period_id:period name:text position:number
        value:measure responses:number previous_value:measure? previous_significant:flag?
    """,
    "intervention": """
        indicator_id:subject service_id:subject period_id:period level:number reason:text?
    """,
    "budget_line": """
        service_id:subject period_id:period kind:text description:text position:number
        money_unit:text original_budget:money? revised_budget:money?
        approved_budget:money? additions:money? slippage:money? forecast:money?
        comment:text?
    """,
    "risk_matrix_level": """
        matrix:text kind:text low:number high:number code:text label:text
    """,
    "risk": """
        code:text title:text category:text? service_id:subject matrix:text position:number
    """,
    "risk_assessment": """
        risk_id:subject period_id:period impact:number probability:number treatment:text
        target_date:day? priority:text? board_timing:text? target_impact:number?
        target_probability:number?
    """,
    "risk_control": """
        risk_id:subject position:number description:text status:text?
        percent_complete:percent?
    """,
    "heat_map_cell": """
        service_id:subject period_id:period matrix:text impact:number probability:number
        count:number
    """,
    "establishment": """
        service_id:subject period_id:period permanent:quantity? fixed_term:quantity?
        vacant:quantity? occupied_permanent:quantity? occupied_fixed_term:quantity?
        occupied_agency:quantity? consultants:quantity? casual:quantity?
    """,
    "profile_count": """
        service_id:subject period_id:period dimension:text category:text position:number
        headcount:quantity base:quantity
    """,
    "action": """
        code:text? title:text description:text? service_id:subject section:text?
        progress:percent? start_date:day? due_date:day? due_text:text? as_of:day
        cancelled:flag comment:text? position:number
    """,
    "initiative": """
        service_id:subject period_id:period priority:text? objective:text? title:text
        milestone:text? status:text? comment:text? next_milestone:text? position:number
    """,
    "project": """
        service_id:subject period_id:period title:text status:text? direction:text?
        comment:text? position:number
    """,
    "note": """
        subject_id:subject period_id:period kind:text position:number text:text
    """,
    "published_figure": """
        subject_id:subject period_id:period? field:text printed:text place:text role:text
        position:number finding_kind:text? reason:text?
    """,
}
READ_BY: dict[str, tuple[str, ...]] = {
    "scheme": ("organisation_id measure_set",),
    "scheme_clause": ("scheme_id position",),
    "direction_label": ("scheme_id code position",),
    "indicator": ("service_id",),
    "target": ("indicator_id service_id period_id",),
    "observation": (
        "indicator_id service_id period_id",
        "period_id",
    ),
    "comparator": ("indicator_id service_id period_id",),
    "equality_group": ("indicator_id service_id period_id",),
    "intervention": ("indicator_id service_id period_id",),
    "budget_line": ("service_id period_id",),
    "risk": ("service_id",),
    "risk_assessment": ("risk_id period_id",),
    "risk_control": ("risk_id position",),
    "heat_map_cell": ("service_id period_id",),
    "establishment": ("service_id period_id",),
    "profile_count": ("service_id period_id",),
    "action": ("service_id",),
    "initiative": ("service_id period_id",),
    "project": ("service_id period_id",),
    "note": ("subject_id period_id",),
    "published_figure": ("subject_id field",),
}
VERSION = "id:subject made_in:revision replaced_in:revision? organisation_id:organisation"


def exact(digits: int, places: int) -> sa.types.TypeEngine[Any]:
    """A decimal on PostgreSQL, whole units of its last place on SQLite."""
    return sa.Numeric(digits, places).with_variant(sa.BigInteger(), "sqlite")


TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.String(),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "day": sa.Date(),
    "moment": sa.DateTime(timezone=True),
    "measure": exact(14, 4),
    "money": exact(13, 2),
    "percent": exact(7, 2),
    "quantity": exact(12, 2),
}
REFERENCES: dict[str, sa.types.TypeEngine[Any]] = {
    "organisation": sa.String(),
    "period": sa.String(),
    "revision": sa.Integer(),
    "subject": sa.Integer(),
}


def upgrade() -> None:
    """Make every table."""
    for name, columns in IDENTITIES.items():
        unique = [sa.UniqueConstraint("organisation_id", "kind", "key")] if name == "subject" else []
        op.create_table(name, *made(columns), sa.PrimaryKeyConstraint("id"), *unique)
    op.create_index("ix_revision_organisation_id", "revision", ["organisation_id"])
    op.create_index("ix_release_organisation_id_published_at", "release", ["organisation_id", "published_at"])
    for name, columns in FACTS.items():
        key = sa.PrimaryKeyConstraint("id", "made_in")
        op.create_table(name, *made(VERSION), *made(columns), key)
        index_fact(name)


def downgrade() -> None:
    """Drop every table, and all that is in it."""
    for name in reversed([*IDENTITIES, *FACTS]):
        op.drop_table(name)


def index_fact(name: str) -> None:
    """One version that stands for each subject, and an index for each way the fact is read."""
    standing = sa.text("replaced_in IS NULL")
    op.create_index(
        f"ix_{name}_standing",
        name,
        ["id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    for words in ("organisation_id replaced_in", *READ_BY.get(name, ())):
        op.create_index(f"ix_{name}_{words.replace(' ', '_')}", name, words.split())


def made(columns: str) -> list[sa.Column[Any]]:
    """Columns from how they are written."""
    return [column(*word.split(":")) for word in columns.split()]


def column(name: str, kind: str) -> sa.Column[Any]:
    """One column."""
    bare = kind.removesuffix("?")
    if bare in REFERENCES:
        target = sa.ForeignKey(f"{bare}.id")
        return sa.Column(name, REFERENCES[bare], target, nullable=kind != bare)
    return sa.Column(name, TYPES[bare], nullable=kind != bare)
