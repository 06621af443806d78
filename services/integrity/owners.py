"""Nothing that is open is with somebody who has left (ADM-6, ACC-6): it has an owner who is there, or waits in a queue.

Queues are the exceptions: new leads without an owner, which the database lets be nobody's, and customers without a team.
Contacts belong to nobody; direct business with them is what the places on the teams of their customers give (CON-4).
"""

from sqlalchemy import select

from db.models import AccountMember, User
from services import holdings
from services.core.work import Work
from services.integrity.problem import Found, Rule


def held_by_who_is_there(work: Work) -> Found:
    """No open lead, no opportunity and no customer's team names a person who is inactive."""
    for kind in ("lead", "opportunity", "account"):
        model, still_open, holder = holdings.OPEN[kind]
        number = AccountMember.account_id if model is AccountMember else model.id
        left = select(number.label("number"), User.name).join(User, User.id == holder)
        for row in work.rows(left.where(still_open, User.active.is_(False)).order_by(number)):
            yield f"{kind} {row.number}", f"is with {row.name}, who has left"


RULES = (Rule("held by who is there", held_by_who_is_there),)
