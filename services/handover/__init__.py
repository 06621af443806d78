"""Handover: everything that a person owns goes to others (ADM-6)."""

from services.handover.carrying_out import KINDS, Preview, cancel, carry_out, make, preview, undo
from services.handover.flow import FLOW, STATES, UNDO_WITHIN
from services.handover.reading import LIST, Card, card, places_of
from services.handover.shares import Share

__all__ = [
    "FLOW",
    "KINDS",
    "LIST",
    "STATES",
    "UNDO_WITHIN",
    "Card",
    "Preview",
    "Share",
    "cancel",
    "card",
    "carry_out",
    "make",
    "places_of",
    "preview",
    "undo",
]
