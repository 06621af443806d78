"""Customers and working days of all branches, written in the order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from services.core import moments
from services.core.configuration import Configuration
from services.demo.customers import Canvassing, Customer
from services.demo.diary import Diary, Engaged, Manner
from services.demo.enquiries import Enquiries
from services.demo.life import Book
from services.demo.staff import MACHINES, SERVICE, Branch, Member

#: a follow-up is planned at most so long before its day, so that no older event can still come
SETTLED_AFTER = timedelta(days=25)
Customers = Mapping[int, Sequence[Customer]]


@dataclass(frozen=True)
class Scale:
    """How much of everything: customers and leads for each machine rep, days before and after today, stories or none."""

    customers: int
    days_back: int
    leads: int = 14
    days_ahead: int = 14
    manner: Manner = Manner()  # noqa: RUF009 - it is frozen
    told: bool = False


@dataclass(frozen=True)
class Told:
    """What the stories have taken of people's time, and people whose today is told whole."""

    engaged: Engaged = field(default_factory=dict)
    whole: frozenset[int] = frozenset()


NOTHING_TOLD = Told()


def canvass(
    book: Book, known: Configuration, branches: Sequence[Branch], scale: Scale, chance: Random
) -> dict[int, list[Customer]]:
    """Customers for every branch; returns them by branch."""
    return {
        branch.id: list(
            Canvassing(book.pen, book.chronicle, known, branch, chance, book.at).customers(
                scale.customers * len(branch.of_line(MACHINES))
            )
        )
        for branch in branches
    }


def live(
    book: Book, known: Configuration, branches: Sequence[Branch], customers: Customers, scale: Scale, chance: Random,
    told: Told = NOTHING_TOLD,
) -> None:  # fmt: skip
    """Everybody's days from the first to the last, around what the stories tell."""
    diaries = [
        Diary(
            book,
            known,
            branch,
            person,
            _of_person(person, customers[branch.id]),
            chance,
            scale.manner,
            told.engaged,
        )
        for branch in branches
        for person in branch.workers
    ]
    for branch in branches:
        enquiries = Enquiries(book, known, branch, customers[branch.id], chance)
        enquiries.write(scale.leads * len(branch.of_line(MACHINES)))
    today = moments.local(book.at, book.zone).date()
    for day in (today + timedelta(days=n) for n in range(-scale.days_back, scale.days_ahead + 1)):
        for diary in diaries:
            if day != today or diary.person.id not in told.whole:
                diary.write(day)
        book.chronicle.write(before=day - SETTLED_AFTER)
    _by_night(diaries, book, told)


def _by_night(diaries: Sequence[Diary], book: Book, told: Told) -> None:
    """Outside working hours some in each branch are out on a repair or a late visit, so that somebody is always at work."""
    if 9 <= moments.local(book.at, book.zone).hour < 17:
        return
    late = [
        diary for diary in diaries if diary.person.line in (MACHINES, SERVICE) and diary.person.id not in told.whole
    ]
    for number, diary in enumerate(late):
        if number % 4 == 0:
            diary.around_now(minutes_ago=12 + number % 7 * 4)


def _of_person(person: Member, customers: Sequence[Customer]) -> Sequence[Customer]:
    """Whose customers a person sees: a rep's own, a leader's the more important ones of the branch."""
    if person.role == "rep":
        return [c for c in customers if c.reps.get(person.line or "") == person] or customers
    return [c for c in customers if c.grade in "AB"] or customers
