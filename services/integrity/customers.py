"""What must be true of accounts and contacts."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, or_, select

from db.models import Account, Contact, ContactAccount, Lead, Merge
from services import formats, merging
from services.accounts import fields as account_fields
from services.contacts import fields as contact_fields
from services.core.errors import Invalid
from services.core.work import Work
from services.integrity.problem import Found, Rule

NOT_DELETED = Contact.deleted_at.is_(None)
#: kind, what its search key is made of, and how
SEARCHED: tuple[tuple[str, tuple[Any, ...], Callable[[Mapping[str, Any]], str]], ...] = (
    (
        "account",
        (
            Account.id,
            Account.search_key,
            Account.name,
            Account.short_name,
            Account.credit_code,
            Account.phone,
            Account.phone2,
        ),
        account_fields.key_of,
    ),
    (
        "contact",
        (Contact.id, Contact.search_key, Contact.name, Contact.email, Contact.mobile, Contact.landline),
        contact_fields.key_of,
    ),
)


def one_main_customer(work: Work) -> Found:
    """Each contact has exactly one main customer, whose branch is the contact's."""
    mains = select(
        ContactAccount.contact_id, func.count().label("mains"), func.min(Account.branch_id).label("branch_id")
    )
    mains = mains.join(Account, Account.id == ContactAccount.account_id).where(ContactAccount.main)
    found = mains.group_by(ContactAccount.contact_id).subquery()
    wrong = or_(found.c.mains.is_(None), found.c.mains != 1, found.c.branch_id != Contact.branch_id)
    joined = select(Contact.id, found.c.mains).outerjoin(found, found.c.contact_id == Contact.id)
    for row in work.rows(joined.where(NOT_DELETED, wrong)):
        text = (
            "belongs to another branch than its main customer"
            if row.mains == 1
            else f"has {row.mains or 0} main customers"
        )
        yield f"contact {row.id}", text


def credit_code_is_right(work: Work) -> Found:
    """ACCT-2: length, alphabet and check digit."""
    for row in work.stream(select(Account.id, Account.credit_code).where(Account.credit_code.is_not(None))):
        if not _is_right(row.credit_code):
            yield f"account {row.id}", f"has the impossible credit code {row.credit_code}"


def _is_right(code: str) -> bool:
    try:
        return formats.credit_code(code) == code
    except Invalid:
        return False


def chains_end(work: Work) -> Found:
    """No company is its own parent and nobody their own superior, over however many steps."""
    for kind, number, above in (
        ("account", Account.id, Account.parent_id),
        ("contact", Contact.id, Contact.reports_to_id),
    ):
        chain = {row.id: row.above for row in work.rows(select(number, above.label("above")).where(above.is_not(None)))}
        for record_id in circular(chain):
            yield f"{kind} {record_id}", "stands above itself over several steps"


def circular(above: Mapping[int, int]) -> list[int]:
    """Who comes back to themselves on the way up."""
    return [start for start in above if _comes_back(start, above)]


def _comes_back(start: int, above: Mapping[int, int]) -> bool:
    seen: set[int] = set()
    step = above.get(start)
    while step is not None and step != start and step not in seen:
        seen.add(step)
        step = above.get(step)
    return step == start


def found_by_its_names(work: Work) -> Found:
    """ALL-2: search keys are those of the present names and numbers."""
    for kind, columns, key_of in SEARCHED:
        for row in work.stream(select(*columns)):
            if row.search_key != key_of(row._mapping):
                yield f"{kind} {row.id}", "cannot be found by its present names"


def compared_by_its_name(work: Work) -> Found:
    """ACCT-2: name keys are those of the present names."""
    for kind, number, name, key in (
        ("account", Account.id, Account.name, Account.name_key),
        ("lead", Lead.id, Lead.company, Lead.name_key),
    ):
        for row in work.stream(select(number, name, key)):
            if row[2] != formats.name_key(row[1]):
                yield f"{kind} {row[0]}", "is not compared by its present name"


def nothing_hangs_on_what_was_merged(work: Work) -> Found:
    """ACCT-4: everything follows into the kept record, except where that has the like already."""
    for kind, ties in merging.TIES.items():
        gone = select(Merge.gone).where(Merge.kind == kind, Merge.undone_at.is_(None))
        for tie in ties:
            if tie.once is None:
                for row in work.rows(select(tie.number).where(tie.names.in_(gone))):
                    yield f"{tie.model.__tablename__} {row[0]}", f"still hangs on a merged {kind}"


RULES = (
    Rule("one main customer", one_main_customer),
    Rule("credit code is right", credit_code_is_right),
    Rule("chains end", chains_end),
    Rule("found by its names", found_by_its_names),
    Rule("compared by its name", compared_by_its_name),
    Rule("nothing hangs on what was merged", nothing_hangs_on_what_was_merged),
)
