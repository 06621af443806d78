"""What the database refuses, in words: constraint → the field it concerns and what would be right."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from services.core.errors import N_, Busy, Invalid, NotFound, Refused, Said, ServiceError, Stale

#: unique index → (SQLite's way to name it, field, message)
UNIQUE: Mapping[str, tuple[str, str, str]] = {
    "uq_accounts_credit_code": ("accounts.credit_code", "credit_code", N_("Another customer already has this credit code.")),
    "uq_users_login": ("users.login", "login", N_("This sign-in name is taken.")),
    "uq_branches_code": ("branches.code", "code", N_("This code is taken.")),
    "uq_code_values_list_code": ("code_values.list, code_values.code", "code", N_("This code is taken.")),
    "uq_account_members_account_line": (
        "account_members.account_id, account_members.line", "line", N_("Somebody else already looks after this product line here."),
    ),
}  # fmt: skip
#: unique index → (SQLite's way to name it, what is in the way)
IN_THE_WAY: Mapping[str, tuple[str, str]] = {
    "uq_contact_requests_deletion": (
        "contact_requests.contact_id", N_("Somebody has already asked for the deletion of this contact. It is not decided yet."),
    ),
    "uq_lead_disputes_open": ("lead_disputes.lead_id", N_("There is already an open dispute about this lead.")),
}  # fmt: skip
ENDED = N_("An ended activity can no longer be changed. Plan a follow-up instead.")
STALE = N_("Somebody else changed this in the meantime. Have a look at the new state and try again.")
BUSY = N_("The system is very busy right now. Please try again in a moment.")
BROKEN_RULE = N_("This would break a rule of the database ({rule}); nothing was saved.")


def explained(error: IntegrityError) -> ServiceError:
    """The service error that tells a person what the database refused; on both databases."""
    said = str(error.orig)
    if "an ended activity cannot change" in said:
        return Refused(ENDED)
    for name, (columns, field, message) in UNIQUE.items():
        if f'"{name}"' in said or said == f"UNIQUE constraint failed: {columns}":
            return Invalid({field: Said(message)})
    for name, (columns, message) in IN_THE_WAY.items():
        if f'"{name}"' in said or said == f"UNIQUE constraint failed: {columns}":
            return Refused(message)
    if "uq_activity_holdings_open" in said or "activity_holdings.activity_id" in said:
        return Stale(STALE)
    rule = re.search(r'constraint (?:failed: )?"?([\w., ]+)"?', said)
    return Refused(
        BROKEN_RULE, rule=said.removesuffix(" failed") if "FOREIGN KEY" in said else rule[1] if rule else "?"
    )


@contextmanager
def explained_conflicts() -> Iterator[None]:
    """Turn what the database refuses into service errors."""
    try:
        yield
    except StaleDataError as error:
        raise Stale(STALE) from error
    except IntegrityError as error:
        raise explained(error) from error
    except OverflowError as error:  # a number that SQLite cannot even be asked about; PostgreSQL finds nothing
        raise NotFound from error
    except DataError as error:
        raise Refused(BROKEN_RULE, rule=type(error.orig).__name__) from error
    except OperationalError as error:
        if "locked" in str(error) or "deadlock" in str(error):
            raise Busy(BUSY) from error
        raise
