"""The keys by which names are compared, in rows that an older version of the program wrote."""

from collections.abc import Mapping

from db.base import Model
from db.models import Account, Lead
from db.renewing import renew, trace
from services import formats

#: the column whose name the key of a record is made of
NAMED: Mapping[type[Model], str] = {Account: "name", Lead: "company"}


def renew_keys() -> int:
    """Bring every name key up to date with the present rule (ACCT-2), and lay missing traces; returns how many rows it was."""
    stale = sum(renew(model, "name_key", of=name, work_out=formats.name_key) for model, name in NAMED.items())
    return stale + sum(
        trace(model, kind, of=NAMED[model], numbers=formats.traces)
        for kind, model in (("account", Account), ("lead", Lead))
    )
