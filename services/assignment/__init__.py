"""Who is given what: rules of the branches, whose turn it is, proposals, and trying rules out (ASG-1 to ASG-5, ACT-7)."""

from services.assignment.activities import ALL_HELD_IT, NOBODY_FITS, Turn, next_rep
from services.assignment.fields import FIELDS, LISTS, RANGES, TOLD
from services.assignment.matching import Case, Rule, first, fits
from services.assignment.proposals import BREATH, PORTION, Outcome, Proposal, assign_portion, portions, proposals, shown
from services.assignment.rules import add, change, move, remove, rule, rules, switch
from services.assignment.trial import UNSAVED, Trial, try_out

__all__ = [
    "ALL_HELD_IT",
    "BREATH",
    "FIELDS",
    "LISTS",
    "NOBODY_FITS",
    "PORTION",
    "RANGES",
    "TOLD",
    "UNSAVED",
    "Case",
    "Outcome",
    "Proposal",
    "Rule",
    "Trial",
    "Turn",
    "add",
    "assign_portion",
    "change",
    "first",
    "fits",
    "move",
    "next_rep",
    "portions",
    "proposals",
    "remove",
    "rule",
    "rules",
    "shown",
    "switch",
    "try_out",
]
