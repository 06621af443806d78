"""Which rule fits a lead: the first one of its branch whose every condition does (ASG-1). Knows no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Rule:
    """When it fits, then who, in turn. An empty condition fits everything."""

    id: int
    branch_id: int
    name: str = ""
    active: bool = True
    version: int = 1
    region_codes: tuple[str, ...] = ()
    line: str | None = None
    source_groups: tuple[str, ...] = ()
    category_ids: tuple[int, ...] = ()
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    customer_kind_ids: tuple[int, ...] = ()
    employees_from: int | None = None
    employees_to: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    rep_ids: tuple[int, ...] = ()

    @property
    def asks_for_customer(self) -> bool:
        """Whether one has to know the customer."""
        return bool(self.customer_kind_ids) or self.employees_from is not None or self.employees_to is not None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is switched on and valid on that day."""
        return self.active and _between(day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class Case:
    """What rules look at of a lead; ``branch_id`` is the branch that its region, or whoever entered it, decided."""

    lead_id: int
    branch_id: int | None
    line: str
    places: frozenset[str] = frozenset()
    source_group: str | None = None
    category_id: int | None = None
    value: Decimal | None = None
    kinds: frozenset[int] = field(default=frozenset())
    employees: int | None = None


def fits(rule: Rule, case: Case) -> bool:
    """Whether every condition of the rule is met; what is not known of a lead meets no condition about it."""
    return (
        rule.branch_id == case.branch_id
        and (not rule.region_codes or not case.places.isdisjoint(rule.region_codes))
        and rule.line in (None, case.line)
        and (not rule.source_groups or case.source_group in rule.source_groups)
        and (not rule.category_ids or case.category_id in rule.category_ids)
        and _between(case.value, rule.value_from, rule.value_to)
        and (not rule.customer_kind_ids or not case.kinds.isdisjoint(rule.customer_kind_ids))
        and _between(case.employees, rule.employees_from, rule.employees_to)
    )


def first(rules: Iterable[Rule], case: Case, day: date) -> Rule | None:
    """The first rule, in the order given, that is valid on the day and fits."""
    return next((rule for rule in rules if rule.holds_on(day) and fits(rule, case)), None)


def _between(value: Any, low: Any, high: Any) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value <= high)
