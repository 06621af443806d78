"""The integrity check: every promise that the data must keep, one small function each (ADM-10, ADM-11)."""

from itertools import islice

from services.core.access import needs
from services.core.work import Work
from services.integrity import activities, customers, imports, installation, leads, owners, writing
from services.integrity.problem import Problem, Rule

RULES: tuple[Rule, ...] = (
    *installation.RULES, *activities.RULES, *customers.RULES, *leads.RULES, *owners.RULES, *writing.RULES, *imports.RULES,
)  # fmt: skip
#: of each rule at most so many problems are told, so that a broken database does not fill the memory
MOST = 100


@needs("system.administer")
def problems(work: Work, *, deep: bool = False) -> list[Problem]:
    """Everything that is wrong, rule by rule, at most MOST of each; ``deep`` also reads every attachment."""
    return [problem for rule in RULES if deep or not rule.deep for problem in _broken(work, rule)]


def _broken(work: Work, rule: Rule) -> list[Problem]:
    return [Problem(rule.name, record, text) for record, text in islice(rule.find(work), MOST)]


__all__ = ["MOST", "RULES", "Problem", "Rule", "problems"]
