"""What the integrity check reports, and what a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.core.work import Work


@dataclass(frozen=True)
class Problem:
    """One broken promise: the rule, the record that breaks it, and in words what is wrong with it."""

    rule: str
    record: str
    text: str


#: what a rule finds: the record and what is wrong with it
Found = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Rule:
    """One invariant, as a small function that finds what breaks it; ``deep`` ones read whole files."""

    name: str
    find: Callable[[Work], Found]
    deep: bool = False
