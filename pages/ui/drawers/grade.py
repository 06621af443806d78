"""The drawer in which a customer gets its class as one of its team sees it, and how often it wants to be met (ACCT-1)."""

from pages.ui import actions, forms, session
from pages.ui.text import _
from services import accounts
from services.core.errors import N_
from services.core.fields import Field, Kind

FIELDS = (
    Field("grade", N_("Class"), Kind.CHOICE, options={grade: grade for grade in accounts.GRADES}),
    Field("contacts_per_year", N_("Contacts a year"), Kind.INTEGER),
)


def ask(account_id: int, member_id: int) -> None:
    """Have the drawer open at the next drawing; for callbacks."""
    actions.ask(_("Class"), _drawer, account_id, member_id, form=f"class-{member_id}")


def _drawer(account_id: int, member_id: int) -> None:
    form = f"class-{member_id}"
    with session.reading() as work:
        team = {one.id: one for one in accounts.team(work, account_id=account_id)}
        offered = forms.options(work, FIELDS)
    member = team.get(member_id)
    now = {field.name: getattr(member, field.name, None) for field in FIELDS}
    forms.begin(form, FIELDS, now)
    forms.since(form, FIELDS, now, hash(tuple(now.values())))  # a place on the team has no version of its own
    forms.draw(form, FIELDS, offered)

    def act() -> bool:
        given = forms.values(form, FIELDS)
        whose = {"account_id": account_id, "member_id": member_id}
        return actions.perform(accounts.classify, form=form, done=_("Saved."), **whose, **given)

    actions.submit(_("Save"), form=form, act=act)
