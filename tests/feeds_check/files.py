"""Judges of datasets' files: validators of CSVW, Data Packages and JSON-stat, DuckDB, a reader of XLSX."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import warnings
from pathlib import Path

import duckdb
import httpx
from csvw import CSVW  # type: ignore[import-untyped]  # it ships no types
from jsonstat_validator import JSONStatValidationError, validate_jsonstat  # type: ignore[import-untyped]  # it ships no types
from python_calamine import CalamineError, CalamineWorkbook

from app.feeds.datasets import DATASETS
from tests.feeds_check.checks import Check, cut, replacing
from tests.feeds_check.environments import judged

PACKAGES = "packages"
"""The environment of Frictionless, whose dependencies do not go with ours."""
TIMEOUT = 60
OWNERS = ("/v1/datasets", "/v1/organisations/barnet/datasets")


def by_csvw(address: str) -> list[str]:
    """What CSVW's validator finds wrong with a CSV, whose description it looks for itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            found = CSVW(address, validate=True)
            valid = found.is_valid
        except (ValueError, KeyError, AssertionError) as error:
            return [repr(error)]
    if not found.t.tableSchema.columns:
        return ["no description was found"]
    return [] if valid else [str(warning.message) for warning in found.warnings]


def by_frictionless(address: str) -> list[str]:
    """What Frictionless finds wrong with a saved copy of a package."""
    return [*map(str, judged(PACKAGES, "package", address))]


def by_json_stat(address: str) -> list[str]:
    """What a validator of JSON-stat finds wrong."""
    try:
        validate_jsonstat(_fetched(address).json())
    except (JSONStatValidationError, ValueError) as error:
        return [str(error)]
    return []


def by_lines(address: str) -> list[str]:
    """Whether each line is an object of its own, with all that the CSV has columns for, and none lacks."""
    header, *rows = csv.reader(io.StringIO(_fetched(address.removesuffix("jsonl") + "csv").text, newline=""))
    lines = _fetched(address).text.split("\n")
    try:
        objects = [json.loads(line) for line in lines[:-1]]
    except ValueError as error:
        return [str(error)]
    if lines[-1]:
        return ["the last line has no end"]
    lacking = {name for each in objects for name in header if name not in each}
    faults = [f"{name} is lacking" for name in sorted(lacking)]
    return faults if len(objects) == len(rows) else [f"{len(objects)} lines, and the CSV has {len(rows)}"]


def by_duckdb(address: str) -> list[str]:
    """Whether DuckDB finds the columns and as many rows as the CSV has."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        (parquet := Path(folder) / "file.parquet").write_bytes(_fetched(address).content)
        printed = _fetched(address.removesuffix("parquet") + "csv").content
        (lines := Path(folder) / "file.csv").write_bytes(printed)
        try:
            here = _shape(connection.read_parquet(str(parquet)))
            there = _shape(connection.read_csv(str(lines), header=True, all_varchar=True))
        except duckdb.Error as error:
            return [str(error)]
    return [] if here == there else [f"{here}, and the CSV has {there}"]


def by_a_reader_of_workbooks(address: str) -> list[str]:
    """Whether a reader that did not write it finds as many rows as there are lines of JSON."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_fetched(address).content))
    except CalamineError as error:
        return [str(error)]
    rows = len(book.get_sheet_by_index(0).to_python())
    lines = len(_fetched(address.removesuffix("xlsx") + "jsonl").content.splitlines())
    return [] if rows == lines + 1 else [f"{rows} rows, and {lines} lines of JSON"]


def _shape(found: duckdb.DuckDBPyRelation) -> tuple[list[str], int]:
    """The columns and the number of rows that were read."""
    return found.columns, len(found.fetchall())


def _fetched(address: str) -> httpx.Response:
    return httpx.get(address, timeout=TIMEOUT).raise_for_status()


CHECKS = [
    *(
        Check(f"CSVW: {dataset.name}", f"/v1/datasets/{dataset.name}.csv", by_csvw, {})
        for dataset in DATASETS
    ),
    Check(
        "CSVW: risks of a council",
        "/v1/organisations/barnet/datasets/risks.csv",
        by_csvw,
        {
            "another header": replacing("organisation,service", "organisation,servant"),
            "days that are none": replacing(",2011-09-30", ",soon"),
            "no description": replacing("http://www.w3.org/ns/csvw", "http://nowhere.example/"),
        },
    ),
    *(
        Check(
            f"Frictionless: {owner}",
            f"{owner}/datapackage.json",
            by_frictionless,
            {
                "another header": replacing("organisation,service", "organisation,servant"),
                "days that are none": replacing(",2011-09-30", ",soon"),
                "no resources": replacing('"resources"', '"sources_of"'),
            },
        )
        for owner in OWNERS
    ),
    *(
        Check(
            f"JSON-stat: {dataset.name}",
            f"/v1/datasets/{dataset.name}.json",
            by_json_stat,
            {
                "no size": replacing('"size"', '"sizes"'),
                "another role": replacing('"time":["period"]', '"time":["when"]'),
                "half of it": cut,
            },
        )
        for dataset in DATASETS
        if dataset.dimensions
    ),
    Check(
        "JSON-stat: of a council without a row",
        "/v1/organisations/broxtowe/datasets/risk-heat-map.json",
        by_json_stat,
        {"no size": replacing('"size"', '"sizes"'), "another size": replacing('"size":[0', '"size":[1')},
    ),
    *(
        Check(
            f"JSON Lines: {name}",
            f"/v1/datasets/{name}.jsonl",
            by_lines,
            {
                "half of it": cut,
                "no line but one": replacing("}\n{", "},{"),
                "another name": replacing('"organisation":', '"organization":'),
            },
        )
        for name in ("risks", "actions")
    ),
    *(
        Check(
            f"Parquet, DuckDB: {dataset.name}",
            f"/v1/datasets/{dataset.name}.parquet",
            by_duckdb,
            {"no end": replacing("PAR1", "PAR0"), "half of it": cut} if dataset.name == "risks" else {},
        )
        for dataset in DATASETS
    ),
    Check(
        "XLSX: observations",
        "/v1/datasets/observations.xlsx",
        by_a_reader_of_workbooks,
        {"half of it": cut},
    ),
]
