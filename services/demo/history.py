"""Customers and working days of all branches, written in the order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.core import moments
from services.core.configuration import Configuration
from services.demo.customers import Canvassing, Customer
from services.demo.diary import Diary, Manner
from services.demo.life import Book
from services.demo.staff import Branch, Member

#: a follow-up is planned at most so long before its day, so that no older event can still come
SETTLED_AFTER = timedelta(days=25)
Customers = Mapping[int, Sequence[Customer]]


@dataclass(frozen=True)
class Scale:
    """How much of everything: customers of a branch for each machine rep, and days before and after today."""

    customers: int
    days_back: int
    days_ahead: int = 14
    manner: Manner = Manner()  # noqa: RUF009 - it is frozen


def canvass(book: Book, known: Configuration, branches: Sequence[Branch], scale: Scale, chance: Random) -> dict[int, list[Customer]]:
    """Customers for every branch; returns them by branch."""
    found = {}
    for branch in branches:
        canvassing = Canvassing(book.pen, book.chronicle, known, branch, chance, book.at)
        found[branch.id] = list(canvassing.customers(scale.customers * len(branch.of_line("machines"))))
    return found


def live(
    book: Book, known: Configuration, branches: Sequence[Branch], customers: Customers, scale: Scale, chance: Random
) -> list[Diary]:
    """Everybody's days from the first to the last; returns the diaries, in which more can be written."""
    diaries = [
        Diary(book, known, branch, person, _of_person(branch, person, customers[branch.id]), chance, scale.manner)
        for branch in branches
        for person in branch.workers
    ]
    for day in _days(book, scale):
        for diary in diaries:
            diary.write(day)
        book.chronicle.write(before=day - SETTLED_AFTER)
    return diaries


def _days(book: Book, scale: Scale) -> list[date]:
    today = moments.local(book.at, book.zone).date()
    return [today + timedelta(days=n) for n in range(-scale.days_back, scale.days_ahead + 1)]


def _of_person(branch: Branch, person: Member, customers: Sequence[Customer]) -> Sequence[Customer]:
    """Whose customers a person sees: a rep's own, a leader's the more important ones of the branch."""
    if person.role == "rep":
        return [c for c in customers if c.reps.get(person.line or "") == person]
    return [c for c in customers if c.grade in "AB"] or customers
