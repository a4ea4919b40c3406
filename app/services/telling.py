"""What is said of a file that was taken in, or refused: every cell by sheet, row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.errors import Fault, RefusedImport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.imports.problems import Notice, Problem
    from app.imports.uploads import Upload
    from app.services.importing import Imported, Wanted

MOST = 1000
"""How many problems, and notices, one answer tells; it says how many there are."""


def told_import(imported: Imported, upload: Upload, wanted: Wanted) -> dict[str, Any]:
    """What a file did, what of it was normalised, and what was kept although it looks wrong."""
    warnings = upload.report.warnings
    return {
        "organisation": wanted.organisation,
        "mode": wanted.mode,
        "period": wanted.period,
        "rows": upload.rows,
        **imported._asdict(),
        "notices": [_cell(notice, upload) for notice in upload.report.notices[:MOST]],
        "notices_total": upload.notice_total,
        "warnings": [_cell(warning, upload) for warning in warnings[:MOST]],
        "warnings_total": len(warnings),
    }


def told_refusal(problems: Sequence[Problem], upload: Upload) -> RefusedImport:
    """Why a file is refused: every problem, as far as a thousand go, and how many there are."""
    read = upload.report.problems
    total = upload.problem_total + len(problems) - len(read)
    shown = min(total, MOST)
    told = "" if shown == total else f", of which {shown} are told"
    counted = "1 problem" if total == 1 else f"{total} problems"
    in_order = sorted(problems, key=lambda problem: (_sheet(problem, upload), problem.row))
    return RefusedImport(f"{counted}{told}; nothing was changed.", _faults(in_order[:MOST], upload))


def _faults(problems: Iterable[Problem], upload: Upload) -> list[Fault]:
    return [
        Fault(
            "refused_cell",
            problem.reason,
            sheet=_sheet(problem, upload) or None,
            row=max(problem.row, 1),
            column=problem.column or None,
            value=problem.value or None,
            value_class=problem.value_class if problem.value else None,
        )
        for problem in problems
    ]


def _cell(notice: Notice, upload: Upload) -> dict[str, Any]:
    return {
        "sheet": _sheet(notice, upload) or None,
        "row": max(notice.row, 1),
        "column": notice.column or None,
        "value": notice.value,
        "message": notice.reason,
    }


def _sheet(cell: Notice | Problem, upload: Upload) -> str:
    """The sheet of a cell; what is found later knows only its kind's file."""
    return cell.sheet or upload.sheets.get(cell.file, "")
