"""How each service of the permission matrix is called: on whose record, in which state, with what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.models import AccountMember, ContactAccount, Message, MessageState, Route
from services import conversion, handover
from services.accounts.staffing import Member
from services.activities.planning import Repeat
from services.core.listing import ListRequest
from services.core.work import work_as, work_as_system
from services.reports.periods import Period
from services.reports.shape import Question
from services.sign_in import Proven
from tests.factories import DAY, NOW, Make, World
from tests.services import merge_attempts
from tests.services.converting import lead
from tests.services.importing import an_import
from tests.stories import ended, feedback, plan_values


@dataclass
class Scene:
    """One record of each kind for each person, made when first asked for."""

    world: World
    make: Make
    folder: Path
    askers: list[int] = field(default_factory=list)

    def activity(self, owner: str, state: str) -> int:
        """An activity that this person holds."""
        owner_id = self.world.people[owner]
        return ended(self.make, owner_id) if state == "ended" else self.make.activity(owner_id, state=state)

    def account(self, member: str) -> int:
        """A customer that this person looks after."""
        person = self.world.people[member]
        return self.make.account(f"Customer of {member}", branch_id=self.branch(member), team={person: "machines"})

    def contact(self, member: str) -> tuple[int, int]:
        """Somebody with whom this person has direct business, and where."""
        account_id = self.account(member)
        return self.make.contact(account_id), account_id

    def branch(self, person: str) -> int:
        """Where this person works."""
        return self.world.hefei if person in ("carl", "max") else self.world.nanjing

    def member(self, account_id: int) -> int:
        """The one place on the team."""
        with work_as_system("look", at=NOW, readonly=True) as work:
            return int(work.scalar(select(AccountMember.id).where(AccountMember.account_id == account_id)))

    @cached_property
    def message(self) -> int:
        """A message that failed for good."""
        about = {
            "user_id": self.world.anna,
            **dict.fromkeys(("kind", "title", "body"), "x"),
            "address": "13801395136",
            "next_try_at": NOW,
            "created_at": NOW,
        }
        with work_as_system("a failed message", at=NOW) as work:
            failed = Message(route=Route.SMS, state=MessageState.FAILED, **about)
            work.also(failed)
            work.flush()
            return failed.id


Given = dict[str, Any]


def on(state: str, **given: Any) -> Callable[[Scene, str], Given]:
    """Called with the id of somebody's activity in this state."""
    return lambda scene, owner: {"activity_id": scene.activity(owner, state), **given}


def fixed(**given: Any) -> Callable[[Scene, str], Given]:
    """Called with this, whoever calls."""
    return lambda _scene, _owner: given


def _reassign(scene: Scene, owner: str) -> Given:
    return {"activity_id": scene.activity(owner, "planned"), "to_user_id": _colleague(scene, owner), "reason": "x"}


def _delegate(scene: Scene, owner: str) -> Given:
    return {"activity_ids": [scene.activity(owner, "assigned")], "to_user_id": _colleague(scene, owner), "reason": "x"}


def _colleague(scene: Scene, owner: str) -> int:
    other = {"carl": "max", "ben": "anna"}.get(owner, "ben")
    return scene.world.people[other]


def _tie(scene: Scene, owner: str) -> Given:
    contact_id, _ = scene.contact(owner)
    return {"contact_id": contact_id, "account_id": scene.account(owner)}


def _request(kind: str, **given: Any) -> Callable[[Scene, str], Given]:
    """Called with a request about somebody's contact, asked by a colleague of theirs who does nothing else."""

    def call(scene: Scene, owner: str) -> Given:
        asker = scene.make.user(f"Asker {len(scene.askers)}", branch_id=scene.branch(owner))
        scene.askers.append(asker)
        return {"request_id": scene.make.request(scene.contact(owner)[0], asker, kind=kind), **given}

    return call


def _claim(scene: Scene, _owner: str) -> Given:
    scene.make.lead(scene.world.pia, mobile="13911110000")
    return {"sought": "13911110000", "reason": "I know him"}


def _dispute(**given: Any) -> Callable[[Scene, str], Given]:
    """Called with a dispute about somebody's lead, opened by a colleague of theirs who does nothing else."""

    def call(scene: Scene, owner: str) -> Given:
        rival = scene.make.user(f"Rival {len(scene.askers)}", branch_id=scene.branch(owner))
        scene.askers.append(rival)
        return {"dispute_id": scene.make.dispute(scene.make.lead(scene.world.people[owner]), rival), **given}

    return call


def _untie(scene: Scene, owner: str) -> Given:
    given = _tie(scene, owner)
    with work_as_system("works at two customers", at=NOW) as work:
        work.also(ContactAccount(**given))
    return given


def _of_team(**given: Any) -> Callable[[Scene, str], Given]:
    def call(scene: Scene, owner: str) -> Given:
        account_id = scene.account(owner)
        return {"account_id": account_id, "member_id": scene.member(account_id), **given}

    return call


def _staff(scene: Scene, owner: str) -> Given:
    newcomer = scene.world.people["max" if owner == "carl" else "pia"]
    return {"account_id": scene.account(owner), "member": Member(newcomer, "parts")}


def _create_account(scene: Scene, owner: str) -> Given:
    name = "徐州工程机械有限公司"
    return (
        {"values": {"name": name}} if owner == "branch" else {"values": {"name": name}, "branch_id": scene.world.hefei}
    )


def _create_contact(scene: Scene, owner: str) -> Given:
    return {"account_id": scene.account(owner), "values": {"name": "王建国"}}


def _end(scene: Scene, owner: str) -> Given:
    return {"activity_id": scene.activity(owner, "in_progress"), "feedback": feedback(scene.world)}


def _lead(**given: Any) -> Callable[[Scene, str], Given]:
    return lambda scene, owner: {"lead_id": lead(scene.world, scene.world.people[owner]), **given}


def _converted(scene: Scene, owner: str) -> Given:
    given = _lead()(scene, owner)
    with work_as(scene.world.adam, at=NOW) as work:
        conversion.convert(work, **given, account=conversion.New(duplicate_reason="Another one"))
    return given


def _give_lead(scene: Scene, owner: str) -> Given:
    """To somebody of the same branch, who reports to Sun or Max."""
    receiver = {"carl": "max", "max": "carl", "ben": "anna"}.get(owner, "ben")
    return {"lead_ids": [scene.make.lead(scene.world.people[owner])], "to_user_id": scene.world.people[receiver]}


def _rule(**given: Any) -> Callable[[Scene, str], Given]:
    return lambda scene, owner: {"rule_id": scene.make.rule(branch_id=scene.branch(owner)), **given}


def _import(state: str, **given: Any) -> Callable[[Scene, str], Given]:
    """An import of somebody's that stands so, with one row that could be stored."""

    def call(scene: Scene, owner: str) -> Given:
        return {"job_id": an_import(scene.world.people[owner], state), **given}

    return call


def _shares(scene: Scene, owner: str) -> Given:
    """What somebody owns, to a newcomer of the same branch."""
    scene.make.lead(scene.world.people[owner])
    receiver = scene.make.user(f"Heir of {owner}", branch_id=scene.branch(owner))
    return {"from_user_id": scene.world.people[owner], "shares": [handover.Share(receiver)]}


def _handover(*, done: bool) -> Callable[[Scene, str], Given]:
    def call(scene: Scene, owner: str) -> Given:
        day = NOW.date() if done else (NOW + DAY).date()
        given = _shares(scene, owner)
        with work_as(scene.world.adam, at=NOW) as work:
            return {"handover_id": handover.make(work, **given, reason="x", on_day=day)}

    return call


QUESTION = Question(by="rep", period=Period(NOW.date(), NOW.date()))
LEADS = Question(by="source", period=Period(NOW.date(), NOW.date()))
NEWCOMER = {"login": "zoe", "name": "Zoe", "role": "executive", "language": "en"}

ATTEMPTS: dict[str, Callable[[Scene, str], Given]] = {
    "activities.plan": lambda scene, owner: {"values": plan_values(scene.world)},
    "activities.plan_many": lambda scene, owner: {
        "values": plan_values(scene.world), "account_ids": [None], "repeat": Repeat(times=2, days=1),
    },
    "activities.assign": lambda scene, owner: {
        "values": plan_values(scene.world), "owner_ids": [scene.world.people[owner]],
    },
    "activities.change": on("planned", changes={"place": "Gate 3"}),
    "activities.reschedule": on("planned", planned_start=NOW + DAY, planned_end=NOW + DAY),
    "activities.decline": on("assigned", reason="x"),
    "activities.withdraw": on("planned", reason="x"),
    "activities.insist": on("declined", comment="x"),
    "activities.cancel": on("assigned", reason="x"),
    "activities.reassign": _reassign,
    "activities.delegate_many": _delegate,
    "activities.accept": on("assigned"),
    "activities.start": on("planned"),
    "activities.end": _end,
    "activities.finish": _end,
    "activities.review": on("ended", mark=4),
    "activities.watch": lambda scene, owner: {"day": NOW.date(), "branch_id": scene.world.nanjing},
    "activities.attention": fixed(),
    "activities.news": lambda scene, owner: {"branch_id": scene.world.nanjing},
    "accounts.create": _create_account,
    "accounts.change": lambda scene, owner: {"account_id": scene.account(owner), "changes": {"employees": 3}},
    "accounts.set_status": lambda scene, owner: {"account_id": scene.account(owner), "status": "customer"},
    "accounts.delete": lambda scene, owner: {"account_id": scene.account(owner), "reason": "Closed down"},
    "accounts.classify": _of_team(grade="A", contacts_per_year=12),
    "accounts.staff": _staff,
    "accounts.unstaff": _of_team(),
    **dict.fromkeys(("merging.preview", "merging.merge"), merge_attempts.two_alike),
    "merging.undo": merge_attempts.merged,
    "merging.done": fixed(),
    "merging.apart": fixed(),
    **dict.fromkeys(("merging.tell_apart", "merging.look_again"), merge_attempts.two_of_a_kind),
    "merging.pairs": fixed(kind="account"),
    "duplicates.of_account": fixed(values={"name": "徐州工程机械有限公司"}),
    "duplicates.of_contact": fixed(values={"name": "王建国"}),
    "duplicates.of_lead": fixed(values={"mobile": "13801395136"}),
    "contacts.create": _create_contact,
    "contacts.change": lambda scene, owner: {"contact_id": scene.contact(owner)[0], "changes": {"job_title": "x"}},
    "contacts.tie": _tie,
    "contacts.untie": _untie,
    "contacts.move": _tie,
    "contact_requests.ask_deletion": lambda scene, owner: {
        "contact_id": scene.contact(owner)[0], "reason_id": scene.world.codes["retired"], "remark": "x",
    },
    "contact_requests.propose": lambda scene, owner: {
        "contact_id": scene.contact(owner)[0], "changes": {"job_title": "x"},
    },
    "contact_requests.propose_move": _tie,
    "approvals.count": fixed(),
    "contact_requests.withdraw": lambda scene, owner: {
        "request_id": scene.make.request(scene.contact(owner)[0], scene.world.people[owner]),
    },
    "contact_requests.approve": _request("delete"),
    "contact_requests.refuse": _request("delete", answer="x"),
    "contact_requests.accept": _request("change"),
    "contact_requests.decline": _request("change", answer="x"),
    "leads.create": fixed(values={"line": "machines", "mobile": "13801395136"}),
    "leads.change": lambda scene, owner: {
        "lead_id": scene.make.lead(scene.world.people[owner]), "changes": {"model": "XE215"},
    },
    "leads.assign_to": _give_lead,
    "leads.record_contact": lambda scene, owner: {"lead_id": scene.make.lead(scene.world.people[owner])},
    "leads.disqualify": lambda scene, owner: {
        "lead_id": scene.make.lead(scene.world.people[owner]),
        "disqualify_reason_id": scene.world.codes["no_need"],
    },
    "leads.reopen": lambda scene, owner: {
        "lead_id": scene.make.lead(
            scene.world.people[owner], state="disqualified", disqualify_reason_id=scene.world.codes["no_need"]
        ),
        "reason": "He called again",
    },
    "leads.delete": lambda scene, owner: {"lead_id": scene.make.lead(scene.world.people[owner]), "reason": "Doubled"},
    "absences.absences": fixed(),
    "absences.enter": lambda scene, owner: {
        "user_id": scene.world.people[owner], "values": {"first_day": NOW.date(), "last_day": NOW.date()},
    },
    "absences.change": lambda scene, owner: {
        "absence_id": scene.make.absence(scene.world.people[owner]), "changes": {"note": "x"},
    },
    "absences.remove": lambda scene, owner: {"absence_id": scene.make.absence(scene.world.people[owner])},
    "assignment.rules": fixed(),
    "assignment.proposals": fixed(),
    "assignment.shown": fixed(lead_ids=[]),
    "assignment.assign_portion": lambda scene, owner: {"lead_ids": [scene.make.lead()]},
    "assignment.try_out": fixed(),
    "assignment.add": lambda scene, owner: {"values": {"name": "Machines", "rep_ids": [scene.world.anna]}},
    "assignment.change": _rule(changes={"name": "Others"}),
    "assignment.move": _rule(up=True),
    "assignment.switch": _rule(active=False),
    "assignment.remove": _rule(),
    "disputes.begin": lambda scene, owner: {
        "lead_id": scene.make.lead(scene.world.people[owner]), "reason": "Not my region",
    },
    "disputes.claim": _claim,
    "disputes.reply": _dispute(words="x"),
    "disputes.withdraw": lambda scene, owner: {
        "dispute_id": scene.make.dispute(scene.make.lead(scene.world.people[owner]), scene.world.people[owner]),
    },
    "disputes.decide": _dispute(reason="x"),
    "reports.activity_statistics.statistics": fixed(question=QUESTION),
    "reports.excel.statistics": lambda scene, owner: {"question": QUESTION, "path": scene.folder / "x.xlsx"},
    "conversion.preview": _lead(),
    "conversion.convert": _lead(account=conversion.New(duplicate_reason="Another one")),
    "conversion.undo": _converted,
    "reports.lead_success.success": fixed(question=LEADS),
    "reports.excel.leads": lambda scene, owner: {"question": LEADS, "path": scene.folder / "x.xlsx"},
    "trust.check_account": lambda scene, owner: {"account_id": scene.account(owner)},
    "trust.check_contact": lambda scene, owner: {"contact_id": scene.contact(owner)[0]},
    "data_inbox.page": fixed(section="birthday", request=ListRequest()),
    "data_inbox.counts": fixed(),
    "run_log.page": fixed(request=ListRequest()),
    "run_log.lately": fixed(),
    "handover.preview": _shares,
    "handover.make": lambda scene, owner: {**_shares(scene, owner), "reason": "x"},
    "handover.carry_out": _handover(done=False),
    "handover.cancel": _handover(done=False),
    "handover.undo": _handover(done=True),
    "handover.card": _handover(done=True),
    "recycle_bin.restore": lambda scene, owner: {
        "kind": "lead", "record_ids": [scene.make.lead(scene.world.people[owner], deleted_at=NOW)],
    },
    "recycle_bin.page": fixed(kind="lead", request=ListRequest()),
    "recycle_bin.counts": fixed(),
    "sign_in.prove": fixed(new="short", old=""),
    "sign_in.change_password": lambda scene, owner: {"proven": Proven(scene.world.people[owner], "x")},
    "users.choose_language": fixed(language="en"),
    "users.change_own": fixed(changes={"mobile": "13801395136"}),
    "users.create": fixed(values=NEWCOMER, password_hash="x"),
    "users.change": lambda scene, owner: {"user_id": scene.world.ben, "changes": {"mobile": "13801395136"}},
    "users.deactivate": lambda scene, owner: {"user_id": scene.world.ben},
    "users.activate": lambda scene, owner: {"user_id": scene.world.ben},
    "users.reset_password": lambda scene, owner: {"user_id": scene.world.ben},
    "users.sign_out": lambda scene, owner: {"user_id": scene.world.ben},
    "users.card": lambda scene, owner: {"user_id": scene.world.ben},
    "users.page": fixed(request=ListRequest()),
    "code_lists.entries": fixed(list_name="activity_type"),
    "code_lists.entry": lambda scene, owner: {"value_id": scene.world.codes["call"]},
    "code_lists.counts": fixed(),
    "code_lists.add": fixed(list_name="activity_type", label_zh="会面", label_en="Encounter"),
    "code_lists.rename": lambda scene, owner: {"value_id": scene.world.codes["call"], "label_zh": "电话", "label_en": "Call"},
    "code_lists.order": lambda scene, owner: {
        "list_name": "activity_purpose", "value_ids": [scene.world.codes[code] for code in ("quotation", "needs")],
    },
    "code_lists.switch": lambda scene, owner: {"value_id": scene.world.codes["call"], "active": False},
    "code_lists.remove": lambda scene, owner: {"value_id": scene.world.codes["quotation"]},
    "organisation.settings": fixed(),
    "organisation.change_settings": fixed(changes={"untouched_days": 8}),
    "organisation.add_branch": fixed(code="SZ", name="苏州分公司", name_en="Suzhou"),
    "organisation.change_branch": lambda scene, owner: {"branch_id": scene.world.hefei, "changes": {"name_en": "Hefei 2"}},
    "organisation.switch_branch": lambda scene, owner: {"branch_id": scene.world.hefei, "active": True},
    "organisation.cover": lambda scene, owner: {"branch_id": scene.world.hefei, "region_codes": ["340100"]},
    "delivery.test_channel": fixed(route=Route.SMS, address="json://127.0.0.1:1"),
    "delivery.requeue": lambda scene, owner: {"message_id": scene.message},
    "worker.health": fixed(),
    "integrity.problems": fixed(),
    "intake.hand_in": fixed(site="a website", given={"手机": "13801395136"}),
    "imports.check": fixed(name="leads.csv", content="业务线,手机\n整机,13801395136".encode()),
    "imports.look": fixed(name="leads.csv", content="业务线,手机\n整机,13801395136".encode()),
    "imports.upload": fixed(name="leads.csv", content="业务线,手机\n整机,13801395136".encode()),
    "imports.unfinished": fixed(digest="x"),
    "leads.create_many": fixed(rows=[{"line": "machines", "mobile": "13801395136"}]),
    "imports.match": _import("uploaded", columns={"line": 0, "mobile": 1}),
    "imports.start": _import("checked"),
    "imports.run": _import("running"),
    "imports.cancel": _import("running"),
    "imports.undo": _import("done"),
    "imports.card": _import("checked"),
    "imports.rows": _import("checked"),
    "imports.told": _import("checked"),
    "imports.wrong_rows": lambda scene, owner: _import("checked", path=scene.folder / "x.xlsx")(scene, owner),
}  # fmt: skip
