"""What waits for approval in every branch, and what was decided: deletions, proposed changes, disputes about leads."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db.models import Contact, Lead, LeadDispute, LeadState
from services import contact_requests, disputes
from services.core.work import Work, work_as, work_as_system
from services.demo.customers import Customer
from services.demo.staff import MACHINES, PARTS, SERVICE, Branch, Member
from services.demo.stage import Stage

#: reason, what the rep writes
LEFT = (
    ("retired", "年底办了退休，设备的事交给他侄子管，名片过两天补。"),
    ("wrong_person", "打了三次，接电话的人说从来没有这个人。"),
    ("left", "上个月回四川老家了，手机已停机。"),
)
#: field, what is proposed, and why
BETTER: Sequence[tuple[Mapping[str, Any], str]] = (
    ({"job_title": "设备部经理"}, "刚换了名片，已经升了。"),
    ({"no_calls": True, "no_sms": True}, "他说白天在井下，不要打电话，也别发短信，发微信。"),
    ({"notes": "每周三上午在项目部，其他时间在工地。"}, "送配件时问到的。"),
)
CLAIMED = "这家是我去年的老客户，配件一直从我这里走，上周还通过电话。"
ANSWERED = "线索是展会上登记的，客户留的是我的名片，已经约了去看现场。"
ELSEWHERE = "项目部设在我们这边，机器也停在我们的工地上。"
NOT_MINE = "客户问的是大修和配件，应当由服务的同事跟。"


def prepare(stage: Stage, branches: Sequence[Branch], customers: Mapping[int, Sequence[Customer]]) -> None:
    """Everything of this kind, to be played in its order."""
    for place, branch in enumerate(branches):
        _deletions(stage, branch, customers[branch.id])
        _changes(stage, branch, customers[branch.id])
        _disputes(stage, branch, branches[place - 1])


def _deletions(stage: Stage, branch: Branch, customers: Sequence[Customer]) -> None:
    """Two wait, one was refused."""
    for number, (code, remark) in enumerate(LEFT):
        rep = branch.of_line(MACHINES)[number % len(branch.of_line(MACHINES))]
        people = [one.people[-1].id for one in customers if one.reps.get(MACHINES) == rep and len(one.people) > 1]
        reason_id, key = stage.code("leaving_reason", code), f"删除{branch.id}.{number}"

        def ask(work: Work, people: Sequence[int] = people, key: str = key, **given: Any) -> None:
            if people:
                stage.ids[key] = contact_requests.ask_deletion(work, contact_id=people[0], **given)

        stage.then(stage.clock(-1 - number, 9 + 3 * number, 20), rep, _with(ask, reason_id=reason_id, remark=remark))
    answer = "他只是换了号码，新号码已经记在备注里。"
    _then(stage, stage.clock(-2, 10), branch.manager, contact_requests.refuse, "request_id", key, answer=answer)


def _changes(stage: Stage, branch: Branch, customers: Sequence[Customer]) -> None:
    """Colleagues of other lines know better; one of it was accepted."""
    asking = [*branch.of_line(PARTS), *branch.of_line(SERVICE)]
    for number, (values, remark) in enumerate(BETTER):
        people = [one.people[0].id for one in customers[number::7] if one.people]
        key = f"修改{branch.id}.{number}"

        def propose(work: Work, people: Sequence[int] = people, key: str = key, **given: Any) -> None:
            for contact_id in people:
                if not work.reaches(work.get(Contact, contact_id), "contact.change"):
                    stage.ids[key] = contact_requests.propose(work, contact_id=contact_id, **given)
                    return

        at = stage.clock(-1 - number, 11 + 2 * number, 40)
        stage.then(at, asking[number % len(asking)], _with(propose, changes=values, remark=remark))
    _then(stage, stage.clock(-2, 9, 10), branch.manager, contact_requests.accept, "request_id", key)


def _disputes(stage: Stage, branch: Branch, other: Branch) -> None:
    """One between two reps with both sides' words, one across branches that its manager has answered, one decided."""
    rival, stranger = branch.of_line(PARTS)[0], other.of_line(MACHINES)[0]
    own, across, gone = (f"争议{branch.id}.{name}" for name in ("own", "across", "gone"))
    _claim(stage, rival, branch, own, at=stage.clock(-2, 10, 5), reason=CLAIMED)
    stage.rule(stage.clock(-2, 16, 30), lambda at: _answer(stage, own, at))
    _claim(stage, stranger, branch, across, at=stage.clock(-2, 14, 15), reason=ELSEWHERE)
    _then(
        stage, stage.clock(-1, 9, 30), other.manager, disputes.decide, "dispute_id", across, reason="机器在我们区域，服务也由我们做。",
        to_user_id=stranger.id,
    )  # fmt: skip
    _claim(stage, branch.of_line(SERVICE)[0], branch, gone, at=stage.clock(-4, 11), reason=NOT_MINE)
    _then(
        stage, stage.clock(-3, 9), branch.manager, disputes.decide, "dispute_id", gone,
        reason="首次登记在先，仍由原销售员跟；大修的事请服务一起去。",
    )  # fmt: skip


def _claim(stage: Stage, by: Member, branch: Branch, key: str, *, at: datetime, reason: str) -> None:
    """A claim by the phone of a lead that a machine rep of the branch had by then."""
    reps = [rep.id for rep in branch.of_line(MACHINES)]

    def claim(work: Work) -> None:
        had = (Lead.owner_id.in_(reps), Lead.state.in_((LeadState.ASSIGNED, LeadState.WORKING)), Lead.updated_at < at)
        told_of = select(LeadDispute.lead_id)
        found = work.unseen(select(Lead.mobile).where(*had, Lead.id.not_in(told_of)).order_by(Lead.id.desc()).limit(1))
        for lead in found:
            stage.ids[key] = disputes.claim(work, sought=lead.mobile, reason=reason)

    stage.then(at, by, claim)


def _answer(stage: Stage, key: str, at: datetime) -> None:
    """Whoever has the lead tells the other side."""
    if key not in stage.ids:
        return
    with work_as_system("see who is asked", at=at, readonly=True) as work:
        owner_id = work.get(LeadDispute, stage.ids[key]).owner_id
    with work_as(owner_id, at=at) as work:
        disputes.reply(work, dispute_id=stage.ids[key], words=ANSWERED)


def _with(do: Callable[..., None], **given: Any) -> Callable[[Work], None]:
    return lambda work: do(work, **given)


def _then(stage: Stage, at: datetime, by: Member, verb: Callable[..., Any], name: str, key: str, **more: Any) -> None:
    """Somebody does something to what was asked, if it could be asked."""

    def act(work: Work) -> None:
        if key in stage.ids:
            verb(work, **{name: stage.ids[key]}, **more)

    stage.then(at, by, act)
