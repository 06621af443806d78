"""How the data are kept: customers looked at and found right, a few deleted, and one rep's work about to change hands."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from db.models import Activity, Lead
from services import accounts, handover, trust
from services.activities.flow import OPEN
from services.core.work import Work
from services.demo.customers import Customer
from services.demo.diary import HOUR
from services.demo.staff import MACHINES, PARTS, Branch, Member
from services.demo.stage import Stage

#: how many customers each rep has looked at lately, and how many a manager has deleted
CHECKED, DELETED = 6, 2
WHY = ("公司已注销，机器全部卖掉了。", "与另一条记录重复，电话和地址都一样。")


def prepare(stage: Stage, branches: Sequence[Branch], customers: Mapping[int, Sequence[Customer]]) -> None:
    """Everything of this kind, to be played in its order."""
    for branch in branches:
        for number, rep in enumerate(branch.of_line(MACHINES)):
            _check(stage, rep, customers[branch.id], days=3 + 11 * number)
        _delete(stage, branch.manager, customers[branch.id])
    leaving, staying = branches[0].of_line(PARTS)[:2]
    _hand_over(stage, branches[0].manager, leaving, staying)


def _check(stage: Stage, rep: Member, customers: Sequence[Customer], *, days: int) -> None:
    own = [one.id for one in customers if one.reps.get(MACHINES) == rep][:CHECKED]

    def check(work: Work) -> None:
        for account_id in own:
            trust.check_account(work, account_id=account_id)

    stage.then(stage.at - (24 * days + 2) * HOUR, rep, check)


def _delete(stage: Stage, manager: Member, customers: Sequence[Customer]) -> None:
    """The last ones, with whom nothing is going on."""

    def delete(work: Work) -> None:
        busy = {*work.scalars(select(Activity.account_id).where(Activity.state.in_(OPEN)))}
        busy |= {*work.scalars(select(Lead.account_id))}
        quiet = [one.id for one in reversed(customers) if one.id not in busy]
        for account_id, reason in zip(quiet[:DELETED], WHY, strict=False):
            accounts.delete(work, account_id=account_id, reason=reason)

    stage.then(stage.at - 2 * HOUR, manager, delete)


def _hand_over(stage: Stage, manager: Member, leaving: Member, staying: Member) -> None:
    def plan(work: Work) -> None:
        handover.make(
            work, from_user_id=leaving.id, shares=[handover.Share(staying.id), handover.Share(manager.id, lines=["machines"])],
            reason="下周起调往总部配件中心", on_day=stage.day(7),
        )  # fmt: skip

    stage.then(stage.at - HOUR, manager, plan)
