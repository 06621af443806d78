"""What must be true of activities, their holders, their events and the messages about them."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    Activity,
    ActivityContact,
    ActivityHolding,
    ActivityReview,
    ActivityState,
    CodeValue,
    Contact,
    Event,
    Notice,
    User,
)
from services import merging
from services.activities import messages
from services.activities.fields import key_of
from services.activities.handing_over import RETURNED, TAKEN
from services.activities.seal import SEALED, SEALED_IF_FILLED, seal_of
from services.core.work import Work
from services.integrity.problem import Found, Rule
from services.time_rules.messages import QUEUED

ENDED, CANCELLED = ActivityState.ENDED, ActivityState.CANCELLED
OPEN = Activity.state.not_in((ENDED, CANCELLED))
#: the action of the last event that moved an activity → the state it is in since
MOVED_TO: Mapping[str, ActivityState] = {
    "planned": ActivityState.PLANNED,
    "assigned": ActivityState.ASSIGNED,
    "reassigned": ActivityState.ASSIGNED,
    "insisted": ActivityState.ASSIGNED,
    "declined": ActivityState.DECLINED,
    "started": ActivityState.IN_PROGRESS,
    "ended": ENDED,
    "cancelled": CANCELLED,
    TAKEN: ActivityState.ASSIGNED,
    **{action: state for state, action in RETURNED.items()},
}


def _activity(number: int) -> str:
    return f"activity {number}"


def ended_completely(work: Work) -> Found:
    """ACT-8, ACT-9: result, what was learned, times in order, none of them in the future."""
    lacking = or_(
        Activity.result_id.is_(None),
        Activity.learned.is_(None),
        func.trim(Activity.learned) == "",
        Activity.started_at.is_(None),
        Activity.ended_at.is_(None),
        Activity.ended_at < Activity.started_at,
        Activity.ended_at > work.now,
    )
    for row in work.rows(select(Activity.id).where(Activity.state == ENDED, lacking)):
        yield _activity(row.id), "ended without complete feedback, or at an impossible time"


def sealed(work: Work) -> Found:
    """ACT-9: what was sealed at the end is unchanged."""
    columns = [getattr(Activity, name) for name in (*SEALED, *SEALED_IF_FILLED)]
    moves = merging.moves_of_activities(work)
    for row in work.stream(select(*columns, Activity.seal, Activity.version).where(Activity.state == ENDED)):
        if row.seal != seal_of({**row._mapping, "account_id": merging.sealed_account(moves, row)}):
            yield _activity(row.id), "does not fit its seal: it was changed after it had ended"


def held_by_its_owner(work: Work) -> Found:
    """ACT-14: exactly one open holding each, and it is the owner's."""
    open_one = and_(ActivityHolding.activity_id == Activity.id, ActivityHolding.until_at.is_(None))
    holders, holder = func.count(ActivityHolding.id), func.min(ActivityHolding.user_id)
    grouped = select(Activity.id, holders.label("holders")).outerjoin(ActivityHolding, open_one)
    grouped = grouped.group_by(Activity.id, Activity.owner_id).having(or_(holders != 1, holder != Activity.owner_id))
    for row in work.rows(grouped):
        yield _activity(row.id), "not held by its owner" if row.holders == 1 else f"held by {row.holders} people"


def held_without_gaps(work: Work) -> Found:
    """ACT-14: holdings follow one another without gap or overlap, from the beginning on."""
    of_one, by_time = ActivityHolding.activity_id, (ActivityHolding.since_at, ActivityHolding.id)
    before = func.lag(ActivityHolding.until_at).over(partition_by=of_one, order_by=by_time).label("before")
    place = func.row_number().over(partition_by=of_one, order_by=by_time).label("place")
    held = select(of_one, ActivityHolding.since_at, before, place).subquery()
    late = and_(held.c.place == 1, held.c.since_at != Activity.created_at)
    gap = and_(held.c.place > 1, or_(held.c.before.is_(None), held.c.before != held.c.since_at))
    joined = select(Activity.id).join(held, held.c.activity_id == Activity.id)
    for row in work.rows(joined.where(or_(late, gap)).distinct()):
        yield _activity(row.id), "its holdings leave a gap or overlap"


def declined_once(work: Work) -> Found:
    """ACT-4: at most one decline for each assignment."""
    answers = ("assigned", "reassigned", "declined", TAKEN, *RETURNED.values())
    before = func.lag(Event.action).over(partition_by=Event.record_id, order_by=Event.id).label("before")
    those = (
        select(Event.record_id, Event.action, before)
        .where(Event.kind == "activity", Event.action.in_(answers))
        .subquery()
    )
    twice = select(those.c.record_id).where(those.c.action == "declined", those.c.before == "declined").distinct()
    for row in work.rows(twice):
        yield _activity(row.record_id), "declined twice for one assignment"


def state_has_its_event(work: Work) -> Found:
    """ALL-3: the last event that moved an activity led to the state it is in."""
    moving = Event.kind == "activity", Event.action.in_(MOVED_TO)
    last = select(func.max(Event.id).label("id")).where(*moving).group_by(Event.record_id).subquery()
    led = select(Event.record_id, Event.action).join(last, last.c.id == Event.id).subquery()
    joined = select(Activity.id, Activity.state, led.c.action).outerjoin(led, led.c.record_id == Activity.id)
    for row in work.rows(joined.where(or_(led.c.action.is_(None), ~_leads_to(led.c.action)))):
        yield _activity(row.id), f"{row.state.value}, but its last event is: {row.action or 'none'}"


def _leads_to(action: ColumnElement[str]) -> ColumnElement[bool]:
    fits = [
        and_(Activity.state == state, action.in_([a for a, to in MOVED_TO.items() if to is state]))
        for state in ActivityState
    ]
    return or_(*fits)


def told_of_its_assignment(work: Work) -> Found:
    """ACT-3: for each assignment there is a notice of the same moment; nobody is told of the own act."""
    kinds = (messages.ASSIGNED.kind, QUEUED.kind)
    told = select(Notice.record_id, Notice.created_at).where(Notice.kind.in_(kinds)).distinct().subquery()
    same = and_(told.c.record_id == Event.record_id, told.c.created_at == Event.at)
    assigned = and_(Event.kind == "activity", Event.action.in_(("assigned", "reassigned")))
    taken = (ActivityHolding.since_at == Event.at, ActivityHolding.user_id == Event.actor_id)
    by_oneself = exists().where(ActivityHolding.activity_id == Event.record_id, *taken)
    events = select(Event.record_id, Event.at).outerjoin(told, same)
    for row in work.rows(events.where(assigned, told.c.record_id.is_(None), ~by_oneself)):
        yield _activity(row.record_id), f"nobody was told of the assignment at {row.at.isoformat()}"


def belongs_to_the_owners_branch(work: Work) -> Found:
    """An open activity and its owner are of one branch."""
    apart = select(Activity.id).join(User, User.id == Activity.owner_id)
    elsewhere = or_(User.branch_id != Activity.branch_id, User.branch_id.is_(None))
    for row in work.rows(apart.where(OPEN, elsewhere)):
        yield _activity(row.id), "belongs to another branch than its owner"


def owner_is_active(work: Work) -> Found:
    """ACC-6: nobody who left owns open work."""
    for row in work.rows(
        select(Activity.id).join(User, User.id == Activity.owner_id).where(OPEN, User.active.is_(False))
    ):
        yield _activity(row.id), "is open, but its owner is inactive"


def regards_its_own_branch(work: Work) -> Found:
    """An open activity, its customer and its contacts are of one branch."""
    customer = select(Activity.id).join(Account, Account.id == Activity.account_id)
    met = select(Activity.id).join(ActivityContact, ActivityContact.activity_id == Activity.id)
    met = met.join(Contact, Contact.id == ActivityContact.contact_id)
    for statement, other in ((customer, Account), (met, Contact)):
        for row in work.rows(statement.where(OPEN, other.branch_id != Activity.branch_id).distinct()):
            yield _activity(row.id), "regards a customer or contact of another branch"


def reviewed_when_ended(work: Work) -> Found:
    """ACT-15: only ended activities are reviewed, and not by their owner."""
    wrong = or_(Activity.state != ENDED, ActivityReview.reviewer_id == Activity.owner_id)
    joined = select(Activity.id).join(ActivityReview, ActivityReview.activity_id == Activity.id)
    for row in work.rows(joined.where(wrong).distinct()):
        yield _activity(row.id), "reviewed before it ended, or by its owner"


def result_fits_the_type(work: Work) -> Found:
    """ADM-4: a result that is for one type only stands at that type."""
    kind, result = aliased(CodeValue), aliased(CodeValue)
    joined = select(Activity.id).join(kind, kind.id == Activity.type_id).join(result, result.id == Activity.result_id)
    for row in work.rows(joined.where(result.group.is_not(None), result.group != kind.code)):
        yield _activity(row.id), "its result is not one of its type"


def found_by_its_subject(work: Work) -> Found:
    """ALL-2: the search key is that of the subject; many activities share one."""
    alike = select(func.min(Activity.id).label("id"), Activity.subject, Activity.search_key)
    for row in work.stream(alike.group_by(Activity.subject, Activity.search_key)):
        if row.search_key != key_of(row.subject):
            yield _activity(row.id), "cannot be found by its subject"


RULES = (
    Rule("ended completely", ended_completely),
    Rule("sealed", sealed),
    Rule("held by its owner", held_by_its_owner),
    Rule("held without gaps", held_without_gaps),
    Rule("declined once", declined_once),
    Rule("state has its event", state_has_its_event),
    Rule("told of its assignment", told_of_its_assignment),
    Rule("of its owner's branch", belongs_to_the_owners_branch),
    Rule("owner is active", owner_is_active),
    Rule("regards its own branch", regards_its_own_branch),
    Rule("reviewed when ended", reviewed_when_ended),
    Rule("result fits the type", result_fits_the_type),
    Rule("found by its subject", found_by_its_subject),
)
