"""What administrators keep for all: code lists and settings, read once per process and version (ADM-4, ADM-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.models import CodeValue, Setting
from services.core.errors import N_
from services.core.identity import CONFIGURATION_VERSION
from services.core.work import Work


@dataclass(frozen=True)
class SettingSpec:
    """One setting: what it does, its limits and default."""

    key: str
    label: str
    help: str
    default: Any
    low: int = 0
    high: int = 0
    choices: Mapping[str, str] | None = None


SETTINGS: tuple[SettingSpec, ...] = (
    SettingSpec(
        "answer_days_urgent",
        N_("Answer time, urgent (days)"),
        N_("An urgent activity neither declined nor carried out this many days after its assignment is reported to the superior."),
        1, 1, 30,
    ),
    SettingSpec("answer_days_normal", N_("Answer time, normal (days)"), N_("The same for activities of normal priority."), 3, 1, 60),
    SettingSpec(
        "untouched_days",
        N_("Reminder when untouched (days)"),
        N_("Owner and manager are reminded of an open activity that nobody touched for this many days."),
        7, 1, 90,
    ),
    SettingSpec(
        "reassign_days",
        N_("Reassignment (days)"),
        N_("An assigned activity that is not carried out for this many days is given to the next suitable rep."),
        15, 2, 180,
    ),
    SettingSpec(
        "contact_hours_urgent",
        N_("First contact with an urgent lead (hours)"),
        N_("An urgent lead without a first contact this long after its assignment is reported to the superior."),
        4, 1, 240,
    ),
    SettingSpec(
        "contact_hours_normal", N_("First contact with a lead (hours)"), N_("The same for leads that are not urgent."), 24, 1, 720,
    ),
    SettingSpec(
        "intake_per_minute",
        N_("Leads from one website in a minute"),
        N_("A website that hands in more than this is asked to come back later."),
        30, 1, 600,
    ),
    SettingSpec(
        "import_days",
        N_("Imports are kept (days)"),
        N_("File and rows of an import are cleared this long after its end; until then it can be undone. Its counts stay."),
        90, 7, 3650,
    ),
    SettingSpec(
        "dispute_without_agreement",
        N_("Dispute without agreement"),
        N_("What happens to a disputed lead when the managers of two branches decide differently, or nobody decides in time."),
        "keep", choices={"keep": N_("stays with its owner"), "give": N_("goes to who claims it")},
    ),
    SettingSpec(
        "dispute_hours",
        N_("Reminder of a dispute (hours)"),
        N_("Managers who have not decided on a dispute for this long are reminded, and then every day."),
        24, 1, 720,
    ),
    SettingSpec(
        "dispute_days",
        N_("Dispute goes up (days)"),
        N_("Undecided so long: of two branches “Dispute without agreement” counts, of one the manager's superior is told."),
        7, 1, 90,
    ),
    SettingSpec(
        "stale_days",
        N_("Data are stale (days)"),
        N_("A customer or contact that nobody changed or checked for this many days counts as stale."),
        365, 30, 1825,
    ),
    SettingSpec(
        "checked_days",
        N_("A check is valid (days)"),
        N_("So long “checked today” counts in full in the trust score; then it fades within as many days again."),
        180, 30, 1825,
    ),
    SettingSpec("session_hours", N_("Session length (hours)"), N_("Everybody signs in again after this many hours."), 12, 1, 24),
    SettingSpec("idle_minutes", N_("Session without use (minutes)"), N_("A session that nobody uses for this long ends."), 60, 5, 480),
    SettingSpec("day_starts", N_("Calendar starts at (hour)"), N_("The first hour that the calendars show."), 7, 0, 12),
    SettingSpec("day_ends", N_("Calendar ends at (hour)"), N_("The last hour that the calendars show."), 20, 13, 24),
    SettingSpec("organisation_name", N_("Name of the organisation"), N_("Stands on top of the menu and in messages."), "Dealer CRM"),
)  # fmt: skip


@dataclass(frozen=True)
class Code:
    """One value of a code list, with both labels."""

    id: int
    list: str
    code: str
    group: str | None
    label_zh: str
    label_en: str
    active: bool

    def label(self, language: str) -> str:
        """The label in the reader's language."""
        return self.label_en if language == "en" else self.label_zh


@dataclass(frozen=True)
class Configuration:
    """Code lists and settings as they are at one version."""

    codes: Mapping[str, tuple[Code, ...]]
    by_id: Mapping[int, Code]
    values: Mapping[str, Any]

    def code(self, list_name: str, code: str) -> Code:
        """The value with that code; KeyError when the list does not have it."""
        return next(entry for entry in self.codes[list_name] if entry.code == code)

    def choices(self, list_name: str, *, group: str | None = None) -> Sequence[Code]:
        """What can be chosen today, in the administrators' order; values without a group belong to every group."""
        entries = self.codes.get(list_name, ())
        return [e for e in entries if e.active and (group is None or e.group in (None, group))]

    def label(self, code_id: int | None, language: str) -> str:
        """The label of a stored value, also one that was switched off since; empty for none."""
        found = self.by_id.get(code_id or 0)
        return found.label(language) if found else ""

    def setting(self, key: str) -> Any:
        """The value of a setting, or its default."""
        return self.values.get(key, DEFAULTS[key])


DEFAULTS: Mapping[str, Any] = {spec.key: spec.default for spec in SETTINGS}


def configuration(work: Work) -> Configuration:
    """The present code lists and settings; read anew after a change only, their version comes with the actor."""
    if not isinstance(work.configuration, Configuration):
        work.configuration = _read(work) if work.configuration is CHANGED else _snapshot(work, _version(work))
    return work.configuration


def _version(work: Work) -> int:
    known = work.actor.configuration_version
    if known is None:
        known = work.scalar(select(Setting.value).where(Setting.key == CONFIGURATION_VERSION))
    return int(known or 0)


def changed(work: Work) -> None:
    """Make every process read the configuration anew from its next Work on."""
    row = work.scalar(select(Setting).where(Setting.key == CONFIGURATION_VERSION).with_for_update())
    if row is None:
        work.also(Setting(key=CONFIGURATION_VERSION, value=1))
    else:
        row.value = int(row.value) + 1
    work.configuration = CHANGED


#: says that this Work changed it itself: what it reads may yet be rolled back and is not shared
CHANGED = "changed"
_snapshots: dict[tuple[str, int], Configuration] = {}


def _snapshot(work: Work, version: int) -> Configuration:
    key = (work.database, version)
    if (found := _snapshots.get(key)) is None:
        found = _read(work)
        _snapshots.clear()
        _snapshots[key] = found
    return found


def _read(work: Work) -> Configuration:
    columns = (
        CodeValue.id,
        CodeValue.list,
        CodeValue.code,
        CodeValue.group,
        CodeValue.label_zh,
        CodeValue.label_en,
        CodeValue.active,
    )
    found = work.rows(select(*columns).order_by(CodeValue.list, CodeValue.position, CodeValue.id))
    entries = [Code(**row._mapping) for row in found]
    lists: dict[str, list[Code]] = {}
    for entry in entries:
        lists.setdefault(entry.list, []).append(entry)
    values = {row.key: row.value for row in work.rows(select(Setting.key, Setting.value))}
    return Configuration({name: tuple(those) for name, those in lists.items()}, {e.id: e for e in entries}, values)
