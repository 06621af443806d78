"""Every screen in one table: what is not in it cannot be opened."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st

from pages.ui.text import _
from services.core.access import Actor
from services.core.errors import N_

PAGES = Path(__file__).parents[1]


@dataclass(frozen=True)
class Screen:
    """A screen: its file, title, icon, menu area, and the permission that opens it (none: everyone signed in)."""

    file: str
    title: str
    icon: str
    area: str
    permission: str | None = None
    hidden: bool = False

    @property
    def path(self) -> str:
        """The address of the screen."""
        return Path(self.file).stem


MY_DAY, SALES, MARKET = N_("My day"), N_("Sales"), N_("Market")
INSIGHT, ADMINISTRATION = N_("Insight"), N_("Administration")

SCREENS: tuple[Screen, ...] = (
    Screen("daily/home.py", N_("Today"), "today", MY_DAY),
    Screen("daily/calendar.py", N_("Calendar"), "calendar_month", MY_DAY, "activity.read"),
    Screen("daily/activities.py", N_("Activities"), "task_alt", MY_DAY, "activity.read"),
    Screen("daily/approvals.py", N_("Approvals"), "approval", MY_DAY, "approval.read"),
    Screen("daily/monitor.py", N_("Live monitor"), "monitoring", MY_DAY, "activity.watch"),
    Screen("daily/absences.py", N_("Absences"), "event_busy", MY_DAY, "absence.change"),
    Screen("daily/activity.py", N_("Activity"), "task_alt", MY_DAY, "activity.read", hidden=True),
    Screen("daily/finish.py", N_("Finish"), "check_circle", MY_DAY, "activity.carry_out", hidden=True),
    Screen("daily/notices.py", N_("Notices"), "notifications", MY_DAY, hidden=True),
    Screen("daily/search.py", N_("Search"), "search", MY_DAY, hidden=True),
    Screen("daily/profile.py", N_("My settings"), "manage_accounts", MY_DAY, hidden=True),
    Screen("sales/leads.py", N_("Leads"), "flag", SALES, "lead.read"),
    Screen("sales/lead.py", N_("Lead"), "flag", SALES, "lead.read", hidden=True),
    Screen("sales/unassigned.py", N_("Unassigned leads"), "assignment_ind", SALES, "assignment_rule.read"),
    Screen("sales/accounts.py", N_("Customers"), "domain", SALES, "account.read"),
    Screen("sales/account.py", N_("Customer"), "domain", SALES, "account.read", hidden=True),
    Screen("sales/contacts.py", N_("Contacts"), "contacts", SALES, "contact.read"),
    Screen("sales/contact.py", N_("Contact"), "person", SALES, "contact.read", hidden=True),
    Screen("insight/activity_statistics.py", N_("Activity statistics"), "bar_chart", INSIGHT, "report.activities"),
    Screen("insight/lead_success.py", N_("Success rate of leads"), "conversion_path", INSIGHT, "report.leads"),
    Screen("admin/imports.py", N_("Imports"), "upload_file", ADMINISTRATION, "lead.import"),
    Screen("admin/import_job.py", N_("Import"), "upload_file", ADMINISTRATION, "lead.import", hidden=True),
    Screen("admin/data_inbox.py", N_("Data inbox"), "cleaning_services", ADMINISTRATION, "data.clean"),
    Screen("admin/duplicates.py", N_("Duplicates"), "content_copy", ADMINISTRATION, "account.merge"),
    Screen("admin/merge.py", N_("Merge"), "merge", ADMINISTRATION, "account.merge", hidden=True),
    Screen("admin/assignment.py", N_("Assignment rules"), "rule", ADMINISTRATION, "assignment_rule.read"),
    Screen("admin/handovers.py", N_("Handovers"), "move_down", ADMINISTRATION, "handover.read"),
    Screen("admin/handover.py", N_("Handover"), "move_down", ADMINISTRATION, "handover.read", hidden=True),
    Screen(
        "admin/new_handover.py", N_("Hand over the work"), "move_down", ADMINISTRATION, "handover.make", hidden=True
    ),
    Screen("admin/recycle_bin.py", N_("Recycle bin"), "restore_from_trash", ADMINISTRATION, "record.restore"),
    Screen("admin/users.py", N_("People"), "group", ADMINISTRATION, "user.administer"),
    Screen("admin/user.py", N_("Person"), "person", ADMINISTRATION, "user.administer", hidden=True),
    Screen("admin/branches.py", N_("Branches"), "account_tree", ADMINISTRATION, "system.administer"),
    Screen("admin/lists.py", N_("Code lists"), "list_alt", ADMINISTRATION, "system.administer"),
    Screen("admin/settings.py", N_("Settings"), "tune", ADMINISTRATION, "system.administer"),
    Screen("admin/jobs.py", N_("Worker and messages"), "outbox", ADMINISTRATION, "system.administer"),
    Screen("admin/runs.py", N_("Background jobs"), "work_history", ADMINISTRATION, "system.administer", hidden=True),
    Screen("admin/audit.py", N_("Audit trail"), "history", ADMINISTRATION, "system.administer"),
)
BY_PATH = {screen.path: screen for screen in SCREENS}
#: where records without a screen of their own are found
FOUND_AT = {"contact_request": "approvals", "lead_dispute": "approvals"}


def menu(actor: Actor | None, waiting: Mapping[str, int]) -> dict[str, list[st.Page]]:
    """The pages of a person by area; before sign-in all of them, so that an address survives it, but none runs.

    ``waiting`` says by path how much waits for the person there.
    """
    areas: dict[str, list[st.Page]] = {}
    for screen in SCREENS:
        if actor is None or screen.permission is None or actor.may(screen.permission):
            areas.setdefault(_(screen.area), []).append(page(screen, waiting.get(screen.path, 0)))
        else:
            areas.setdefault(_(screen.area), []).append(
                st.Page(closed, title=_(screen.title), url_path=screen.path, visibility="hidden")
            )
    return areas


def closed() -> None:
    """What stands at the address of a screen that the person may not open, such as one a colleague sent."""
    st.info(_("This screen is not open to you. Whoever keeps your account can tell you why."), icon=":material/lock:")
    st.page_link(file_of("home"), label=_("Go to Today"), icon=":material/today:")


def page(screen: Screen, waiting: int = 0) -> st.Page:
    """The screen as Streamlit knows it, titled in the reader's language, with how much waits there."""
    return copy(_page(screen, f"{_(screen.title)} ({waiting})" if waiting else _(screen.title)))


@lru_cache(maxsize=512)
def _page(screen: Screen, title: str) -> st.Page:
    """Made once, as finding its file takes longest; each run gets a copy, on which Streamlit notes whether it may run."""
    return st.Page(
        PAGES / screen.file,
        title=title,
        icon=f":material/{screen.icon}:",
        url_path=screen.path,
        default=screen is SCREENS[0],
        visibility="hidden" if screen.hidden else "visible",
    )


def path_of(kind: str | None) -> str | None:
    """Where a record of this kind is looked at; None for one that has no screen."""
    path = FOUND_AT.get(kind or "", kind or "")
    return path if path in BY_PATH else None


@cache
def file_of(path: str) -> Path:
    """The file of a screen by its address."""
    return PAGES / BY_PATH[path].file
