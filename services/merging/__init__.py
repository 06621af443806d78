"""Merging: two customers or two contacts become one, field by field, and it can be taken back (ACCT-4)."""

from services.merging.apart import Apart, apart, look_again, tell_apart
from services.merging.choosing import Choice, Preview, Side, preview
from services.merging.merge import merge
from services.merging.pairing import Half, Pair, pairs
from services.merging.reading import Done, done, kept_for, moves_of_activities, sealed_account
from services.merging.ties import KINDS, PAGE, TIES
from services.merging.together import story
from services.merging.undoing import undo

__all__ = [
    "KINDS",
    "PAGE",
    "TIES",
    "Apart",
    "Choice",
    "Done",
    "Half",
    "Pair",
    "Preview",
    "Side",
    "apart",
    "done",
    "kept_for",
    "look_again",
    "merge",
    "moves_of_activities",
    "pairs",
    "preview",
    "sealed_account",
    "story",
    "tell_apart",
    "undo",
]
