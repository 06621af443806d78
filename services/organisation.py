"""The organisation: its settings, its branches and the regions that each of them covers (ADM-1, ADM-5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from db.models import (
    Activity,
    ActivityState,
    Branch,
    BranchRegion,
    Lead,
    LeadState,
    ProductLine,
    Region,
    Role,
    Setting,
    User,
)
from services.core import events, fields
from services.core.access import needs
from services.core.configuration import SETTINGS, SettingSpec, changed, configuration
from services.core.errors import N_, Invalid, NotFound, Refused, Said
from services.core.fields import Field
from services.core.work import Work

KNOWN: Mapping[str, SettingSpec] = {spec.key: spec for spec in SETTINGS}
LONGEST_NAME = 60
BRANCH_FIELDS: tuple[Field, ...] = (
    Field("code", N_("Code"), required=True, limit=20, first=True, help=N_("Short, such as JS; stands in exports.")),
    Field("name", N_("Chinese name"), required=True, limit=100, first=True),
    Field("name_en", N_("English name"), required=True, limit=100, first=True),
)


@dataclass(frozen=True)
class SettingValue:
    """One setting as it is: what it means and its limits, its value, and whether that is the default."""

    spec: SettingSpec
    value: Any

    @property
    def is_default(self) -> bool:
        """Whether nobody has changed it."""
        return bool(self.value == self.spec.default)


@needs("system.administer")
def settings(work: Work) -> list[SettingValue]:
    """Every setting in the order of its table (ADM-5)."""
    known = configuration(work)
    return [SettingValue(spec, known.setting(spec.key)) for spec in SETTINGS]


@needs("system.administer")
def change_settings(work: Work, *, changes: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> None:
    """Change settings within their limits, all or none; every process uses them from its next act on (ADM-5).

    Invalid for one that is no longer what was ``seen`` before it was changed (ALL-4).
    """
    values, wrong = _checked(changes)
    present = {spec.key: configuration(work).setting(spec.key) for spec in SETTINGS}
    moved = {
        key: Said(MOVED, value=_shown(present, key))
        for key in values
        if {**present, **(seen or {})}[key] != present[key]
    }
    if wrong or moved:
        raise Invalid(wrong | moved)
    _check_together(present | values)
    for key, value in values.items():
        _store(work, KNOWN[key], value)
    changed(work)


def _shown(values: Mapping[str, Any], key: str) -> Any:
    choices, value = KNOWN[key].choices, values[key]
    return Said(choices[value]) if choices else value


def _checked(changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Said]]:
    values: dict[str, Any] = {}
    wrong: dict[str, Said] = {}
    for key, value in changes.items():
        try:
            values[key] = _within_limits(KNOWN[key], value)
        except KeyError:
            wrong[key] = Said(fields.UNKNOWN)
        except Invalid as error:
            wrong[key] = error.fields[""]
    return values, wrong


def _within_limits(spec: SettingSpec, value: Any) -> Any:
    if isinstance(spec.default, bool):
        return bool(value)
    if spec.choices:
        if value not in tuple(spec.choices):
            raise fields.wrong(fields.NOT_LISTED)
        return value
    if isinstance(spec.default, str):
        text = " ".join("".join(c for c in str(value or "") if c.isprintable()).split())
        if not 1 <= len(text) <= LONGEST_NAME:
            raise fields.wrong(NAME_LENGTH, limit=LONGEST_NAME)
        return text
    try:
        number = int(str(value))
    except ValueError:
        raise fields.wrong(BETWEEN, low=spec.low, high=spec.high) from None
    if not spec.low <= number <= spec.high:
        raise fields.wrong(BETWEEN, low=spec.low, high=spec.high)
    return number


def _check_together(values: Mapping[str, Any]) -> None:
    if values["idle_minutes"] > values["session_hours"] * 60:
        raise Invalid({"idle_minutes": Said(IDLE_TOO_LONG)})
    if values["reassign_days"] <= max(values["answer_days_normal"], values["answer_days_urgent"]):
        raise Invalid({"reassign_days": Said(REASSIGN_TOO_SOON)})


def _store(work: Work, spec: SettingSpec, value: Any) -> None:
    row = work.scalar(select(Setting).where(Setting.key == spec.key).with_for_update())
    before = spec.default if row is None else row.value
    if before == value:
        return
    if row is None:
        row = Setting(key=spec.key, value=value)
        work.also(row)
    row.value = value
    events.record(work, row, "changed", changes={spec.key: (before, value)})


def branches(work: Work) -> Sequence[Any]:
    """Every branch by name: id, code, both names, active, manager, people, regions it covers."""
    manager = (
        select(func.min(User.name))
        .where(User.branch_id == Branch.id, User.role == Role.BRANCH_MANAGER, User.active)
        .scalar_subquery()
    )
    people = select(func.count()).where(User.branch_id == Branch.id, User.active).scalar_subquery()
    covered = select(func.count()).where(BranchRegion.branch_id == Branch.id).scalar_subquery()
    columns = (Branch.id, Branch.code, Branch.name, Branch.name_en, Branch.active)
    return work.rows(
        select(*columns, manager.label("manager"), people.label("people"), covered.label("regions")).order_by(
            Branch.code
        )
    )


def branch(work: Work, *, branch_id: int) -> Branch:
    """One branch: its code and names, and the version they have (ALL-4)."""
    return work.get(Branch, branch_id)


def product_lines(work: Work) -> Sequence[Any]:
    """The product lines in their order: code and both labels."""
    columns = (ProductLine.code, ProductLine.label_zh, ProductLine.label_en)
    return work.rows(select(*columns).order_by(ProductLine.position, ProductLine.code))


@needs("system.administer")
def add_branch(work: Work, *, code: str, name: str, name_en: str, region_codes: Sequence[str] = ()) -> int:
    """Found a branch that covers these regions; returns its id (ADM-1)."""
    given = {"code": code, "name": name, "name_en": name_en}
    branch = Branch(active=True)
    fields.apply(branch, BRANCH_FIELDS, given)
    work.add(branch, to="system.administer")
    events.record(work, branch, "added", changes={key: (None, value) for key, value in given.items()})
    if region_codes:
        cover(work, branch_id=branch.id, region_codes=region_codes)
    return branch.id


@needs("system.administer")
def change_branch(work: Work, *, branch_id: int, changes: Mapping[str, Any], version: int | None = None) -> None:
    """Change a branch's code or names; Stale when somebody else changed it since ``version`` (ALL-4)."""
    branch = work.load(Branch, branch_id, to="system.administer", version=version)
    changed_fields = fields.apply(branch, BRANCH_FIELDS, changes)
    if changed_fields:
        events.record(work, branch, "changed", changes=changed_fields)


@needs("system.administer")
def switch_branch(work: Work, *, branch_id: int, active: bool) -> None:
    """Close or reopen a branch; it closes only when nobody works in it and nothing is open."""
    branch = work.load(Branch, branch_id, to="system.administer")
    if not active:
        _check_empty(work, branch_id)
    before, branch.active = branch.active, active
    if before != active:
        events.record(work, branch, "reopened" if active else "closed", changes={"active": (before, active)})


def _check_empty(work: Work, branch_id: int) -> None:
    people = work.scalar(select(func.count()).select_from(User).where(User.branch_id == branch_id, User.active))
    done = (ActivityState.ENDED, ActivityState.CANCELLED)
    open_work = select(func.count()).select_from(Activity)
    pending = work.scalar(open_work.where(Activity.branch_id == branch_id, Activity.state.not_in(done)))
    if people or pending:
        raise Refused(NOT_EMPTY, people=people, activities=pending)
    over = (LeadState.CONVERTED, LeadState.DISQUALIFIED)
    waiting = (Lead.branch_id == branch_id, Lead.state.not_in(over), Lead.deleted_at.is_(None))
    if count := work.scalar(select(func.count()).select_from(Lead).where(*waiting)):
        raise Refused(LEADS_OPEN, leads=count)


def regions_of(work: Work, *, branch_id: int) -> Sequence[Any]:
    """The provinces and cities that a branch covers: code, name, level."""
    covered = select(Region.code, Region.name, Region.level).join(BranchRegion, BranchRegion.region_code == Region.code)
    return work.rows(covered.where(BranchRegion.branch_id == branch_id).order_by(Region.code))


@needs("system.administer")
def cover(work: Work, *, branch_id: int, region_codes: Sequence[str], version: int | None = None) -> None:
    """Say which provinces and cities a branch covers; each belongs to one branch at most (ADM-1).

    Stale when somebody else changed the branch or its regions since ``version`` (ALL-4).
    """
    branch = work.load(Branch, branch_id, to="system.administer", version=version)
    wanted = set(region_codes)
    _check_regions(work, branch_id, wanted)
    present = {
        row.region_code: row for row in work.scalars(select(BranchRegion).where(BranchRegion.branch_id == branch_id))
    }
    work.drop(*(row for code, row in present.items() if code not in wanted))
    work.also(*(BranchRegion(region_code=code, branch_id=branch_id) for code in sorted(wanted - present.keys())))
    if wanted != present.keys():
        flag_modified(branch, "code")  # regions are rows of their own: the branch counts this change too
        events.record(work, branch, "covers", changes={"regions": (sorted(present), sorted(wanted))})


def _check_regions(work: Work, branch_id: int, wanted: set[str]) -> None:
    known = select(Region.code).where(Region.code.in_(wanted), Region.level.in_(("province", "city")))
    if len(work.scalars(known)) != len(wanted):
        raise NotFound
    taken = select(Region.name, Branch.name.label("branch")).join(BranchRegion, BranchRegion.region_code == Region.code)
    taken = taken.join(Branch, Branch.id == BranchRegion.branch_id)
    other = work.row(taken.where(Region.code.in_(wanted), BranchRegion.branch_id != branch_id))
    if other:
        raise Invalid({"region_codes": Said(COVERED, region=other.name, branch=other.branch)})


def covering(work: Work, *, region_codes: Collection[str]) -> Mapping[str, int]:
    """Of these regions each that a branch covers which is not closed, with the branch."""
    if not region_codes:
        return {}
    covered = select(BranchRegion.region_code, BranchRegion.branch_id).join(Branch, Branch.id == BranchRegion.branch_id)
    covered = covered.where(BranchRegion.region_code.in_(region_codes), Branch.active)
    return {row.region_code: row.branch_id for row in work.rows(covered)}


def branch_of(covered: Mapping[str, int], *, city_code: str | None, province_code: str | None) -> int | None:
    """The branch that covers a place: the one of its city, else the one of its province (ASG-1)."""
    return covered.get(city_code or "") or covered.get(province_code or "")


NAME_LENGTH = N_("Between 1 and {limit} characters.")
BETWEEN = N_("A whole number from {low} to {high} is needed.")
MOVED = N_("Somebody else set this to {value} in the meantime. Saving again takes yours.")
IDLE_TOO_LONG = N_("This is longer than a session lasts.")
REASSIGN_TOO_SOON = N_("Reassignment has to come later than the answer times.")
LEADS_OPEN = N_("{leads} open leads still belong to this branch; please assign them to another one first.")
NOT_EMPTY = N_("{people} people and {activities} open activities still belong to this branch.")
COVERED = N_("{region} is covered by {branch} already.")
