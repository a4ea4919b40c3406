"""What writing safely needs: keys, the audit, remembered requests, proposals, and who is told.

The count of changes is of what the public may see: a draft no longer moves it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = {
    "api_key": "id:number! name:text prefix:text digest:text made_by:text made_at:instant "
    "expires_at:instant? revoked_at:instant?",
    "key_grant": "key_id:number! position:number! role:text organisation_id:text? service:text?",
    "audit_entry": "id:number! chain:text number:number made_at:instant actor:text act:text reason:text "
    "revision_id:number? release_id:number? detail:text changes:text seal_before:text seal:text",
    "audit_change": "entry_id:number! subject_id:number! kind:text key:text before:text? after:text?",
    "kept_answer": "caller:text! key:text! digest:text status:number headers:text body:bytes made_at:instant",
    "import_job": "id:text! organisation_id:text kind:text? mode:text period_id:text? dry_run:flag "
    "reason:text file_name:text media_type:text as_of:day made_by:text grants:text made_at:instant "
    "state:text rows:number "
    "rows_done:number ended_at:instant? answer:text? content:bytes?",
    "proposal": "id:number! organisation_id:text revision_id:number service_id:number? period_id:text? "
    "as_of:day? note:text publish_at:instant? corrects_id:number? made_by:text made_at:instant "
    "ended_by:text? ended_at:instant? release_id:number?",
    "webhook": "id:number! organisation_id:text url:text events:text secret:text made_by:text "
    "made_at:instant ended_at:instant?",
    "webhook_delivery": "id:text! webhook_id:number event:text payload:text made_at:instant attempts:number "
    "next_at:instant? delivered_at:instant? given_up_at:instant? outcome:text?",
}
"""Each table's columns: `!` for its key, `?` for one that may be empty."""
TYPES: dict[str, sa.types.TypeEngine[object]] = {
    "text": sa.String(),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "day": sa.Date(),
    "instant": sa.DateTime(timezone=True),
    "bytes": sa.LargeBinary(),
}
REFERENCES = {
    ("key_grant", "key_id"): "api_key.id",
    ("audit_change", "entry_id"): "audit_entry.id",
    ("proposal", "organisation_id"): "organisation.id",
    ("proposal", "revision_id"): "revision.id",
    ("proposal", "service_id"): "subject.id",
    ("proposal", "period_id"): "period.id",
    ("proposal", "corrects_id"): "release.id",
    ("proposal", "release_id"): "release.id",
    ("webhook", "organisation_id"): "organisation.id",
    ("webhook_delivery", "webhook_id"): "webhook.id",
}
UNIQUE = {"api_key": ["prefix"], "audit_entry": ["chain", "number"]}
INDEXES = (
    ("audit_entry", "revision_id"),
    ("audit_change", "subject_id"),
    ("import_job", "organisation_id"),
    ("proposal", "organisation_id"),
    ("webhook", "organisation_id"),
    ("webhook_delivery", "webhook_id"),
    ("webhook_delivery", "next_at"),
)
OF_RELEASES = "service_id:number? made_by:text approved_by:text? corrects_id:number?"
DRAFTED = {
    "organisation": ("insert",),
    "period": ("insert",),
    "revision": ("insert", "update", "delete"),
}
"""What a draft changes, too, and is no longer counted."""
COUNT = "UPDATE change_count SET value = value + 1"
SEALED = ("audit_entry", "audit_change")


def upgrade() -> None:
    """Make the tables, keep the audit from being changed, and stop counting drafts."""
    for name, columns in TABLES.items():
        op.create_table(
            name,
            *(column(name, *word.split(":")) for word in columns.split()),
            *(sa.UniqueConstraint(*UNIQUE[name]) for _ in range(name in UNIQUE)),
        )
    for name, of in INDEXES:
        op.create_index(f"ix_{name}_{of}", name, [of])
    for word in OF_RELEASES.split():
        op.add_column("release", added(*word.split(":")))
    op.add_column("revision", added("made_by", "text"))
    if op.get_context().dialect.name == "postgresql":
        seal_on_postgres()
    else:
        seal_on_sqlite()


def downgrade() -> None:
    """Put everything back as it was; what the tables held is gone."""
    on_postgres = op.get_context().dialect.name == "postgresql"
    for name in SEALED:
        if on_postgres:
            op.execute(f"DROP TRIGGER sealed ON {name}")
    for name in reversed(TABLES):
        op.drop_table(name)
    if on_postgres:
        op.execute("DROP FUNCTION refuse_change()")
    for name, changes in DRAFTED.items():
        if on_postgres:
            count_on_postgres(name, ("insert", "update", "delete"))
        else:
            for change in changes:
                count_on_sqlite(name, change)
    for word in OF_RELEASES.split():
        op.drop_column("release", word.split(":")[0])
    op.drop_column("revision", "made_by")


def column(table: str, name: str, kind: str) -> sa.Column[object]:
    """A column of a kind."""
    references = REFERENCES.get((table, name))
    foreign = [sa.ForeignKey(references)] if references else []
    key = kind.endswith("!")
    return sa.Column(name, TYPES[kind.rstrip("!?")], *foreign, primary_key=key, nullable=kind.endswith("?"))


def added(name: str, kind: str) -> sa.Column[object]:
    """A column that joins a table; the rows that are there have an empty text in it, or nothing."""
    empty = None if kind.endswith("?") else ""
    return sa.Column(name, TYPES[kind.rstrip("?")], nullable=kind.endswith("?"), server_default=empty)


def seal_on_sqlite() -> None:
    """Refuse changes of the audit, and drop what counts drafts."""
    for name in SEALED:
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER sealed_{name}_{change} BEFORE {change.upper()} ON {name} "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
            )
    for name, changes in DRAFTED.items():
        for change in changes:
            op.execute(f"DROP TRIGGER count_{name}_{change}")


def seal_on_postgres() -> None:
    """As on SQLite; what is counted of a table is one trigger here."""
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$"
    )
    for name in SEALED:
        op.execute(
            f"CREATE TRIGGER sealed BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for name in DRAFTED:
        op.execute(f"DROP TRIGGER count_change ON {name}")
    for name in ("organisation", "period"):
        count_on_postgres(name, ("update", "delete"))


def count_on_postgres(name: str, changes: Sequence[str]) -> None:
    """Count changes of a table at the end of their transaction."""
    op.execute(f"DROP TRIGGER IF EXISTS count_change ON {name}")
    op.execute(
        f"CREATE CONSTRAINT TRIGGER count_change AFTER {' OR '.join(changes).upper()} ON {name} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_change()"
    )


def count_on_sqlite(name: str, change: str) -> None:
    """Count one kind of change of a table."""
    op.execute(f"CREATE TRIGGER count_{name}_{change} AFTER {change.upper()} ON {name} BEGIN {COUNT}; END")
