"""The tables: raw facts, versioned by revision. Nothing derived stands here but in copies."""

from app.entities.actions import Action, Initiative, Intervention, Project
from app.entities.audit import AuditChange, AuditEntry
from app.entities.budgets import BudgetLine
from app.entities.credentials import ApiKey, KeyGrant
from app.entities.disclosure import DisclosurePolicy, PublishedCell
from app.entities.indicators import Comparator, EqualityGroup, Indicator, Observation, Target
from app.entities.organisations import Organisation, Period, Service
from app.entities.published import Note, PublishedFigure
from app.entities.released import (
    ChangeCount,
    ReleasedCopy,
    ReleasedObservation,
    ReleasedObservationLine,
)
from app.entities.requests import ImportJob, KeptAnswer
from app.entities.revisions import Fact, Proposal, Release, Revision, Subject
from app.entities.risks import HeatMapCell, Risk, RiskAssessment, RiskControl, RiskMatrixLevel
from app.entities.schemes import DirectionLabel, Scheme, SchemeClause
from app.entities.webhooks import Webhook, WebhookDelivery
from app.entities.workforce import Establishment, ProfileCount

__all__ = [
    "Action",
    "ApiKey",
    "AuditChange",
    "AuditEntry",
    "BudgetLine",
    "ChangeCount",
    "Comparator",
    "DirectionLabel",
    "DisclosurePolicy",
    "EqualityGroup",
    "Establishment",
    "Fact",
    "HeatMapCell",
    "ImportJob",
    "Indicator",
    "Initiative",
    "Intervention",
    "KeptAnswer",
    "KeyGrant",
    "Note",
    "Observation",
    "Organisation",
    "Period",
    "ProfileCount",
    "Project",
    "Proposal",
    "PublishedCell",
    "PublishedFigure",
    "Release",
    "ReleasedCopy",
    "ReleasedObservation",
    "ReleasedObservationLine",
    "Revision",
    "Risk",
    "RiskAssessment",
    "RiskControl",
    "RiskMatrixLevel",
    "Scheme",
    "SchemeClause",
    "Service",
    "Subject",
    "Target",
    "Webhook",
    "WebhookDelivery",
]
