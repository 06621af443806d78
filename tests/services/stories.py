"""A few weeks of work as the services leave it behind: what backups and integrity checks are tried on."""

from datetime import date

from services import activities, attachments, conversion, leads
from tests.conftest import As
from tests.factories import DAY, HOUR, NOW, Make, World

PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + b"\0" * 60


def live_through(world: World, as_: As, make: Make) -> dict[str, int]:
    """One activity in each state, with contacts, files, a review, a follow-up and notices; their ids by name."""
    account = make.account(team={world.anna: "machines"})
    contact = make.contact(account)
    values = {
        "type_id": world.codes["visit"], "purpose_id": world.codes["needs"], "account_id": account,
        "planned_start": NOW - 3 * DAY, "planned_end": NOW - 3 * DAY + HOUR,
    }  # fmt: skip
    early, late = NOW - 5 * DAY, NOW - 3 * DAY + 2 * HOUR
    with as_(world.anna, at=early) as work:
        planned, ended = (
            activities.plan(work, values=values, contact_ids=[contact], participant_ids=[world.ben]) for _ in "ab"
        )
        attachments.add(work, name="site.png", data=PHOTO, activity_id=ended)
    with as_(world.mia, at=early) as work:
        assigned, declined, moved, cancelled, begun = (
            activities.assign(work, values=values, owner_ids=[world.anna])[0] for _ in "abcde"
        )
    with as_(world.anna, at=early + HOUR) as work:
        activities.decline(work, activity_id=declined, reason="On leave that day")
        activities.decline(work, activity_id=moved, reason="Not my customer")
    with as_(world.mia, at=early + 2 * HOUR) as work:
        activities.reassign(work, activity_id=moved, to_user_id=world.ben, reason="Ben knows him")
        activities.cancel(work, activity_id=cancelled, reason="The site is closed")
    with as_(world.anna, at=late) as work:
        activities.start(work, activity_id=begun)
        feedback = {
            "result_id": world.codes["met"], "learned": "要两台二十吨的挖机", "next_step": "Quotation", "machine_hours": 4100,
            "next_step_on": date(2026, 11, 30),
        }  # fmt: skip
        follow_up = activities.finish(work, activity_id=ended, feedback=feedback, follow_up=True)
    with as_(world.mia) as work:
        activities.review(work, activity_id=ended, mark=5, comment="Well done")
    return {
        "account": account, "contact": contact, "planned": planned, "ended": ended, "assigned": assigned, "declined": declined,
        "moved": moved, "cancelled": cancelled, "begun": begun, "follow_up": follow_up or 0,
    } | _leads(world, as_)  # fmt: skip


def _leads(world: World, as_: As) -> dict[str, int]:
    """One lead in each state, and one that was converted and taken back."""
    names = ("new", "assigned", "working", "converted", "taken_back", "given_up")
    with as_(world.ruth, at=NOW - 2 * DAY) as work:
        found = {
            name: leads.create(work, values={"line": "machines", "mobile": f"1390000000{n}", "company": f"客户{n}"})
            for n, name in enumerate(names)
        }
    with as_(world.mia, at=NOW - DAY) as work:
        leads.assign_to(work, lead_ids=[found[name] for name in names[1:]], to_user_id=world.anna)
    with as_(world.anna, at=NOW - HOUR) as work:
        for name in names[2:]:
            leads.record_contact(work, lead_id=found[name])
        leads.disqualify(work, lead_id=found["given_up"], disqualify_reason_id=world.codes["no_need"])
        for name in ("converted", "taken_back"):
            conversion.convert(work, lead_id=found[name], account=conversion.New())
    with as_(world.anna) as work:
        conversion.undo(work, lead_id=found["taken_back"])
    return {f"lead_{name}": number for name, number in found.items()}
