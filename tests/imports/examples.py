"""A whole report in small: one row or two of every file, to be changed one cell at a time."""

import csv
from pathlib import Path

Cells = dict[str, str]

WHERE = {"service": "front-office", "period": "2011-12-q2"}
EXAMPLE: dict[str, Cells] = {
    "organisation": {"id": "anyshire", "name": "Anyshire", "area_code": "E09000001"},
    "release": {"period": "2011-12-q2", "as_of": "2011-09-30", "note": "Quarter 2"},
    "services": {"name": "Front Office", "kind": "directorate", "lead": "Chief Executive"},
    "schemes": {
        "id": "anyshire-plan",
        "name": "Plan",
        "measure_set": "plan",
        "effective_from": "2011-04-01",
        "variance_convention": "unsigned_relative",
    },
    "scheme_clauses": {
        "scheme": "anyshire-plan",
        "position": "1",
        "condition": "otherwise",
        "code": "near",
        "label": "Amber",
        "colour": "amber",
        "points": "-0.5",
    },
    "direction_labels": {"scheme": "anyshire-plan", "code": "improved", "label": "▲"},
    "risk_matrices": {"matrix": "five", "kind": "band", "low": "8", "high": "12", "label": "Medium High"},
    "disclosure_policies": {"counts": "workforce-profiles", "threshold": "10", "rounding": "5"},
    "indicators": {
        "key": "3002",
        "code": "3002",
        "title": "% of calls answered",
        "service": "front-office",
        "measure_set": "plan",
        "unit": "percent",
        "decimals": "1",
        "polarity": "higher_is_better",
        "nature": "ratio",
        "calculation": "share",
        "baseline": "previous_period",
    },
    "targets": {"indicator": "3002", **WHERE, "kind": "value", "value": "75"},
    "observations": {
        "indicator": "3002",
        **WHERE,
        "numerator": "159488",
        "denominator": "285806",
        "state": "reported",
    },
    "comparators": {
        "indicator": "3002",
        **WHERE,
        "kind": "neighbour",
        "name": "Otherton",
        "value": "86.46",
        "unit": "percent",
    },
    "budget_lines": {
        "key": "grants",
        **WHERE,
        "kind": "revenue",
        "description": "Grants",
        "money_unit": "thousand_pounds",
        "revised_budget": "826",
        "forecast": "831",
    },
    "risks": {
        "code": "ST0039",
        "title": "Weak data",
        **WHERE,
        "matrix": "five",
        "impact": "4",
        "probability": "3",
        "treatment": "treat",
        "target_impact": "3",
        "target_probability": "2",
    },
    "risk_controls": {
        "risk": "ST0039",
        "description": "Audit",
        "status": "approved",
        "percent_complete": "50",
    },
    "heat_map": {**WHERE, "matrix": "five", "impact": "4", "probability": "3", "count": "3"},
    "workforce_establishment": {**WHERE, "permanent": "182.59", "vacant": "26.8"},
    "workforce_profiles": {
        **WHERE,
        "dimension": "gender",
        "category": "Female",
        "count": "131",
        "base": "131",
    },
    "actions": {
        "key": "IT1",
        "code": "IT1",
        "title": "Strategy",
        "service": "front-office",
        "progress": "50",
        "due_date": "2012-03-31",
        "due_text": "31-Mar-2012",
    },
    "initiatives": {"key": "once", **WHERE, "title": "Tell us once", "status": "Achieved"},
    "projects": {"key": "web", **WHERE, "title": "Web site", "status": "Green"},
    "equalities": {
        "indicator": "3002",
        **WHERE,
        "group": "By illness/ disability",
        "position": "1",
        "value": "73",
        "responses": "164",
        "previous_significant": "no",
    },
    "interventions": {"indicator": "3002", **WHERE, "level": "1", "reason": "None needed"},
    "notes": {
        "kind": "indicator",
        "subject": "3002",
        "period": "2011-12-q2",
        "note_kind": "commentary",
        "position": "1",
        "text": "Rising",
    },
    "published": {
        "kind": "observation",
        "subject": "3002",
        **WHERE,
        "field": "outturn",
        "printed": "55.8%",
        "place": "performance table",
    },
}


def write_report(folder: Path, more: dict[str, list[Cells]] | None = None, /, **files: Cells) -> Path:
    """Write the example into a folder, with some cells changed and rows added, and give the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in EXAMPLE.items():
        rows = [{**cells, **files.get(name, {})}, *(more or {}).get(name, [])]
        write_file(folder / f"{name}.csv", columns_of(name), rows)
    return folder


def write_file(path: Path, columns: list[str], rows: list[Cells]) -> None:
    """Write one file, empty where a row says nothing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def columns_of(name: str) -> list[str]:
    """The columns of a file, as the format has them."""
    return COLUMNS[name].split(",")


COLUMNS = {
    "organisation": "id,name,area_code",
    "release": "period,as_of,note",
    "services": "name,parent,kind,lead",
    "schemes": "id,name,measure_set,effective_from,effective_to,variance_convention,dead_band_percent,"
    "dead_band_units,note",
    "scheme_clauses": "scheme,position,condition,code,label,colour,points",
    "direction_labels": "scheme,code,label",
    "risk_matrices": "matrix,kind,low,high,code,label",
    "disclosure_policies": "counts,threshold,rounding",
    "indicators": "key,code,title,service,section,measure_set,unit,decimals,polarity,nature,calculation,"
    "baseline,variance_convention,workforce,sample,data_only,counted,note",
    "targets": "indicator,service,period,kind,value,range_percent,amber_limit,amber_strict,"
    "amber_percent,note",
    "observations": "indicator,service,period,covers,value,numerator,denominator,state,basis,as_of,"
    "provisional,estimated,revised,footnote,previous_value,previous_period",
    "comparators": "indicator,service,period,kind,name,value,unit,comparator_period,source,scope",
    "budget_lines": "key,service,period,kind,description,money_unit,original_budget,revised_budget,"
    "approved_budget,additions,slippage,forecast,comment",
    "risks": "code,title,category,service,period,matrix,impact,probability,treatment,target_date,"
    "priority,board_timing,target_impact,target_probability",
    "risk_controls": "risk,description,status,percent_complete",
    "heat_map": "service,period,matrix,impact,probability,count",
    "workforce_establishment": "service,period,permanent,fixed_term,vacant,occupied_permanent,"
    "occupied_fixed_term,occupied_agency,consultants,casual",
    "workforce_profiles": "service,period,dimension,category,count,base",
    "actions": "key,code,title,description,service,section,progress,start_date,due_date,due_text,"
    "as_of,cancelled,comment",
    "initiatives": "key,service,period,priority,objective,title,milestone,status,comment,next_milestone",
    "projects": "key,service,period,title,status,direction,comment",
    "equalities": "indicator,service,period,group,position,value,responses,previous_value,"
    "previous_significant",
    "interventions": "indicator,service,period,level,reason",
    "notes": "kind,subject,period,note_kind,position,text",
    "published": "kind,subject,service,period,field,printed,place,role,finding_kind,reason",
}
