"""What whoever wants harm sends: arguments for every guarded service, by the names of its parameters.

Half of them are what the screens send, so that attacks get past the first check; the other half is anything else.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from db.models import AccountStatus, Role
from db.models.import_job import Outcome
from services import (
    absences,
    accounts,
    activities,
    assignment,
    code_lists,
    contacts,
    conversion,
    handover,
    leads,
    organisation,
    users,
)
from services.accounts.staffing import Member
from services.activities.planning import Repeat
from services.core.configuration import SETTINGS
from services.core.listing import ListRequest
from services.sign_in import Proven
from tests.factories import DAY, HOUR, NOW, World
from tests.stories import feedback, plan_values

Strategy = st.SearchStrategy[Any]

#: the first ids of the database are in use
ids = st.one_of(st.integers(0, 14), st.sampled_from([-1, 2**31 - 1, 2**31, 2**63, 10**20]))
some_ids = st.lists(ids, max_size=3)
EVIL = [
    "",
    "   ",
    "\x00",
    "'; DROP TABLE activities;--",
    "<script>alert(1)</script>",
    "=1+1",
    "%_\\",
    "{subject}",
    "\u202eabc",
    "👷" * 60,
]
texts = st.one_of(st.sampled_from(EVIL), st.text(max_size=300), st.just("长" * 10_000))
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    NOW.replace(tzinfo=None),
]
moments = st.one_of(st.sampled_from([*MOMENTS, NOW, NOW - HOUR, NOW + DAY]), st.datetimes(timezones=st.just(UTC)))
days = st.one_of(st.sampled_from([NOW.date(), (NOW - DAY).date(), date.min, date.max]), st.dates())
anything = st.one_of(ids, texts, moments, st.none(), st.floats(), st.booleans(), st.dates(), some_ids)
truths = st.booleans()
numbers = st.one_of(st.integers(-1, 20), st.sampled_from([366, 367, 2**31, 2**63]))


def known(*words: str) -> Strategy:
    """One of the words that are right here, or anything."""
    return st.one_of(st.sampled_from(words), texts)


lines = known("machines", "parts", "service")
grades = st.one_of(st.none(), known("A", "B", "C", "D"))
members = st.builds(Member, ids, st.one_of(st.none(), lines), grades, st.one_of(st.none(), numbers))
regions = st.lists(known("320000", "320100", "320106", "340000", "340100"), max_size=3)
NEVER = ("state", "owner_id", "branch_id", "seal", "version", "id", "__class__", "password_hash", "x")
NOUNS: Mapping[str, tuple[str, ...]] = {
    "activities": tuple(field.name for field in (*activities.FIELDS, *activities.FEEDBACK)),
    "accounts": tuple(field.name for field in accounts.FIELDS),
    "contacts": tuple(field.name for field in contacts.FIELDS),
    "contact_requests": tuple(field.name for field in contacts.FIELDS),
    "leads": tuple(field.name for field in leads.FIELDS),
    "absences": (*(field.name for field in absences.FIELDS), "user_id"),
    "assignment": (*(field.name for field in assignment.FIELDS), *assignment.LISTS),
    "duplicates": ("name", "company", "mobile", "phone", "landline", "credit_code"),
    "users": tuple(field.name for field in users.ALL),
    "organisation": (*(spec.key for spec in SETTINGS), *(field.name for field in organisation.BRANCH_FIELDS)),
}
#: now and then what a field really takes, so that much of it is stored
FITTING: Mapping[str, Strategy] = {
    "name": st.sampled_from(["徐州工程机械有限公司", "王建国", "李 雷"]),
    "login": st.sampled_from(["zoe", "wang.wei", "adam"]),
    "role": st.sampled_from([role.value for role in Role]),
    "lines": st.lists(lines, max_size=3),
    "mobile": st.sampled_from(["13801395136", "+86 138 0139 5136"]),
    "phone": st.sampled_from(["025-83123456", "13801395136"]),
    "email": st.sampled_from(["a@example.com", "A@EXAMPLE.COM"]),
    "credit_code": st.sampled_from(["91350100M000100Y43", "91320000134790270K"]),
    "province_code": st.sampled_from(["320000", "340000"]),
    "city_code": st.sampled_from(["320100", "340100"]),
    "language": st.sampled_from(["en", "zh_CN"]),
    "rep_ids": some_ids,
    "region_codes": regions,
}


def some_values(noun: str) -> Strategy:
    """Fields of a noun, known or not, with anything in them."""
    names = st.sampled_from([*NOUNS[noun], *NEVER])
    pairs = names.flatmap(lambda name: st.tuples(st.just(name), st.one_of(FITTING.get(name, anything), anything)))
    return st.lists(pairs, max_size=4).map(dict)


#: parameter → what is sent; the few that mean something else in one service are named with it
choices = st.one_of(st.none(), st.builds(conversion.New, some_values("contacts")), st.builds(conversion.Existing, ids))
SENT: Mapping[str, Strategy] = {
    **dict.fromkeys(("absence_id", "account_id", "activity_id", "branch_id", "contact_id", "follows_id"), ids),
    **dict.fromkeys(("job_id", "lead_id", "member_id"), ids),
    **dict.fromkeys(("account", "contact", "opportunity"), choices),
    "record_ids": some_ids,
    "section": known("birthday", "no_team", "shared_mobile"),
    **dict.fromkeys(("disqualify_reason_id", "message_id", "rule_id", "to_user_id", "user_id", "value_id"), ids),
    **dict.fromkeys(("from_user_id", "handover_id"), ids),
    "on_day": st.one_of(st.none(), days),
    "shares": st.lists(
        st.builds(handover.Share, ids, regions, st.lists(known("A", "B"), max_size=2), st.lists(lines, max_size=2)), max_size=3
    ),
    **dict.fromkeys(("lead_ids", "account_ids", "activity_ids", "contact_ids", "owner_ids", "participant_ids", "value_ids"), some_ids),
    **dict.fromkeys(("disqualify_note", "note", "answer", "remark"), texts),
    **dict.fromkeys(("request_id", "reason_id", "dispute_id", "claimant_id"), ids),
    **dict.fromkeys(("sought", "words"), texts),
    **dict.fromkeys(("address", "check_in", "comment", "reason", "label_en", "label_zh", "name", "name_en", "code"), texts),
    **dict.fromkeys(("new", "session", "role", "duplicate_reason", "digest", "site"), texts),
    **dict.fromkeys(("ended_at", "started_at", "planned_start", "planned_end"), moments),
    **dict.fromkeys(("day", "since", "until"), days),
    **dict.fromkeys(("active", "day_first", "follow_up", "main", "demo", "up"), truths),
    "columns": st.dictionaries(known("line", "mobile", "person", "owner_id"), numbers, max_size=3),
    "contacts_per_year": st.one_of(st.none(), numbers),
    "chosen": st.one_of(st.none(), st.dictionaries(ids, ids, max_size=3)),
    "counted": st.one_of(st.none(), some_ids),
    "content": st.one_of(st.binary(max_size=200), texts.map(lambda text: f"业务线,手机\n整机,{text}".encode())),
    "data": st.binary(max_size=40),
    "files": st.lists(st.tuples(texts, st.binary(max_size=40)), max_size=2),
    "given": st.dictionaries(known("手机", "姓名", "城市", "owner_id"), st.one_of(texts, numbers), max_size=4),
    "grade": grades,
    "group": st.one_of(st.none(), known("visit", "call")),
    "kind": known("account", "contact", "lead", "opportunity"),
    "language": known("en", "zh_CN"),
    "limit": st.integers(0, 100),
    "line": st.one_of(st.none(), lines),
    "looked": st.none(),
    "list_name": known(*code_lists.LISTS),
    "mark": st.integers(-1, 7),
    "member": members,
    "members": st.lists(members, max_size=2),
    **dict.fromkeys(("page", "most"), st.integers(-2, 9)),
    "outcome": st.one_of(st.none(), st.sampled_from(Outcome)),
    "rows": st.lists(some_values("leads"), max_size=2),
    "old": st.one_of(st.none(), known("correct horse")),
    "password_hash": st.just("x"),
    "proven": st.builds(Proven, ids, st.just("x")),
    "region_codes": regions,
    "repeat": st.builds(Repeat, st.integers(-2, 300), st.integers(-9, 10**6), st.integers(-9, 10**6)),
    "request": st.builds(ListRequest, texts),
    "status": known(*AccountStatus),
    **dict.fromkeys(("kept_id", "gone_id", "merge_id", "first_id", "second_id"), ids),
    "take": st.lists(known("name", "credit_code", "parent_id", "status"), max_size=3),
    "versions": st.lists(st.integers(-1, 3), max_size=3),
    "besides": st.one_of(st.none(), ids),
    "version": st.one_of(st.none(), st.integers(-1, 3)),
}  # fmt: skip


def sound(world: World) -> Mapping[str, Mapping[str, Any]]:
    """What stands in ``values`` or ``feedback`` before anything hostile is put over it."""
    visit = plan_values(world)
    return {
        **{f"activities.{verb}": visit for verb in ("plan", "plan_many", "assign")},
        **{f"activities.{verb}": feedback(world) for verb in ("end", "finish")},
        "accounts.create": {"name": "徐州工程机械有限公司"},
        "contacts.create": {"name": "王建国"},
        "absences.enter": {"first_day": NOW.date(), "last_day": NOW.date()},
        "assignment.add": {"name": "Machines", "rep_ids": [world.anna]},
        "leads.create": {"line": "machines", "mobile": "13801395136"},
        "users.create": {"login": "zoe", "name": "Zoe", "role": "executive", "language": "en"},
    }


def arguments(name: str, service: Callable[..., Any]) -> Strategy:
    """Everything that this service must be given, and some of what it may be given."""
    noun, given = name.partition(".")[0], list(inspect.signature(inspect.unwrap(service)).parameters.values())[1:]
    sent = {one.name: _sent(noun, one.name) for one in given}
    must = {one.name: sent[one.name] for one in given if one.default is inspect.Parameter.empty}
    return st.fixed_dictionaries(must, optional={name: sent[name] for name in sent if name not in must})


def _sent(noun: str, parameter: str) -> Strategy:
    return some_values(noun) if parameter in ("values", "changes", "seen", "feedback") else SENT[parameter]
