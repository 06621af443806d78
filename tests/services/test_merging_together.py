"""The history of the kept record tells also what happened to the one that became part of it (ACCT-4, ALL-3)."""

from services import accounts, contacts, merging
from tests.factories import As, Make, World
from tests.services.merges import merged, undone


def lines(as_: As, person: int, kind: str, record_id: int) -> list[tuple[str, str | None]]:
    """The actions in its history, oldest first, each with the name of the part that it happened to."""
    with as_(person, readonly=True) as work:
        happened, parts = merging.story(work, kind=kind, record_id=record_id)
    return [(line.action, parts.get(line.record_id)) for line in reversed(happened)]


def test_what_happened_to_the_other_stays(world: World, make: Make, as_: As) -> None:
    """ACCT-4: marked with its name, also through two merges, and no longer once that is undone."""
    kept, gone, last = (
        make.account(f"徐工机械{name}", team={world.anna: "machines"}) for name in ("有限公司", "集团", "总公司")
    )
    with as_(world.anna) as work:
        accounts.change(work, account_id=gone, changes={"notes": "Pays late"})
    with as_(world.anna) as work:
        accounts.change(work, account_id=kept, changes={"notes": "Pays"})
    first = merged(world, kept, gone)
    of_gone, own = ("changed", "徐工机械集团"), ("changed", None)
    assert lines(as_, world.anna, "account", kept) == [of_gone, own, ("merged", None)]
    second = merged(world, last, kept)
    away = "徐工机械有限公司"
    assert lines(as_, world.anna, "account", last) == [of_gone, ("changed", away), ("merged", away), ("merged", None)]
    undone(world, second)
    undone(world, first)
    assert lines(as_, world.anna, "account", last) == [("merged", None), ("merge_undone", None)]
    assert of_gone not in lines(as_, world.anna, "account", kept)
    assert lines(as_, world.anna, "account", gone)[0] == ("changed", None)


def test_contacts_alike(world: World, make: Make, as_: As) -> None:
    account_id = make.account(team={world.anna: "machines"})
    kept, gone = make.contact(account_id, "王建国"), make.contact(account_id, "王健国")
    with as_(world.anna) as work:
        contacts.change(work, contact_id=gone, changes={"job_title": "队长"})
    merged(world, kept, gone, "contact")
    assert lines(as_, world.anna, "contact", kept) == [("changed", "王健国"), ("merged", None)]


def test_nobody_reads_more_than_the_kept_record(world: World, make: Make, as_: As) -> None:
    """ACC-2: who does not see the kept record sees nothing of either, nor of the one that is gone."""
    kept, gone = make.account("徐工机械有限公司"), make.account("徐工机械集团")
    with as_(world.mia) as work:
        accounts.change(work, account_id=gone, changes={"notes": "Pays late"})
    merged(world, kept, gone)
    assert len(lines(as_, world.mia, "account", kept)) == 2
    assert lines(as_, world.carl, "account", kept) == []
    assert lines(as_, world.mia, "account", gone) == []
