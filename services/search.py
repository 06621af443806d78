"""Search over everything: customers, contacts, activities; within the reader's reach, also by pinyin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.models import Account, Activity, Contact, Lead
from services.core.errors import N_
from services.core.listing import contains
from services.core.text import folded
from services.core.work import Query, Work

MOST = 12


@dataclass(frozen=True)
class Group:
    """The hits of one kind; ``more`` says that there are others."""

    kind: str
    label: str
    icon: str
    hits: Sequence[Any]
    more: bool


def _texts(model: Any, text: Any, sub: Any) -> Query:
    return select(model.id, text.label("text"), sub.label("sub"), model.search_key)


KINDS: tuple[tuple[str, str, str, Query], ...] = (
    ("account", N_("Customers"), "domain", _texts(Account, Account.name, Account.phone)),
    ("contact", N_("Contacts"), "person", _texts(Contact, Contact.name, Contact.mobile)),
    ("lead", N_("Leads"), "flag", _texts(Lead, Lead.topic, Lead.mobile)),
    ("activity", N_("Activities"), "task_alt", _texts(Activity, Activity.subject, Activity.place)),
)


def everything(work: Work, *, words: str) -> list[Group]:
    """The best hits of each kind, newest first; nothing for an empty search."""
    plain = folded(words)
    return [_group(work, plain, *kind) for kind in KINDS] if plain else []


def _group(work: Work, words: str, kind: str, label: str, icon: str, statement: Query) -> Group:
    key, number = statement.selected_columns.search_key, statement.selected_columns.id
    hits = work.rows(statement.where(contains(key)(words)).order_by(number.desc()).limit(MOST + 1))
    return Group(kind, label, icon, hits[:MOST], len(hits) > MOST)
