"""Conversion: making a customer, a contact and an opportunity of a lead, and taking it back (LEAD-5, LEAD-6)."""

from services.conversion.converting import convert
from services.conversion.matching import Match, Preview, Target, preview
from services.conversion.outcome import Outcome, Place, origins, outcome
from services.conversion.targets import OPPORTUNITY_TOLD, Choice, Existing, New
from services.conversion.undoing import UNDO_WITHIN, undo

__all__ = [
    "OPPORTUNITY_TOLD",
    "UNDO_WITHIN",
    "Choice",
    "Existing",
    "Match",
    "New",
    "Outcome",
    "Place",
    "Preview",
    "Target",
    "convert",
    "origins",
    "outcome",
    "preview",
    "undo",
]
