"""What must be true of people, code lists, files, and of the database as a whole."""

import hashlib

from sqlalchemy import select

from db import soundness
from db.models import Blob, BranchRegion, CodeValue, Region, Role, User
from services.attachments import store
from services.code_lists import LISTS
from services.core.work import Work
from services.integrity.customers import circular
from services.integrity.problem import Found, Rule


def database_is_sound(_work: Work) -> Found:
    """The database's own check of itself, and the triggers that keep what must not change (ACT-9, ALL-3)."""
    for fault in soundness.faults():
        yield "database", fault


def superiors_end(work: Work) -> Found:
    """Nobody is their own superior, over however many steps."""
    above = {
        row.id: row.superior_id for row in work.rows(select(User.id, User.superior_id).where(User.superior_id > 0))
    }
    for user_id in circular(above):
        yield f"user {user_id}", "is their own superior over several steps"


def somebody_administers(work: Work) -> Found:
    """There is always an active data administrator, once there are people at all."""
    people = {row.role for row in work.rows(select(User.role).where(User.active).distinct())}
    if people and Role.DATA_ADMINISTRATOR not in people:
        yield "users", "there is no active data administrator"


def codes_are_of_their_list(work: Work) -> Found:
    """ADM-4: what stands in a record is a value of the list that belongs there."""
    for known in LISTS.values():
        for column in known.used_in:
            record = column.class_
            joined = select(record.id).join(CodeValue, CodeValue.id == column)
            for row in work.rows(joined.where(CodeValue.list != known.name)):
                yield f"{record.__tablename__} {row.id}", f"{column.key} is not a value of {known.name}"


def groups_exist(work: Work) -> Found:
    """ADM-4: a value that is for one value of another list names one that exists."""
    codes = {(row.list, row.code) for row in work.rows(select(CodeValue.list, CodeValue.code))}
    for row in work.rows(select(CodeValue.id, CodeValue.list, CodeValue.group).where(CodeValue.group.is_not(None))):
        known = LISTS.get(row.list)
        if known is not None and (known.group, row.group) not in codes:
            yield f"code value {row.id}", f"is for {row.group}, which does not exist"


def branches_cover_provinces_and_cities(work: Work) -> Found:
    """ADM-1: a branch covers provinces and cities, not districts."""
    joined = select(Region.code).join(BranchRegion, BranchRegion.region_code == Region.code)
    for row in work.rows(joined.where(Region.level == "district")):
        yield f"region {row.code}", "is a district and covered by a branch"


def files_are_there(work: Work) -> Found:
    """ACT-12: every file that a record names lies in the store, in its full size."""
    named = work.rows(select(Blob.digest, Blob.size))
    sizes = store.sizes()  # asked after the rows: a file comes before its row
    for row in named:
        found = sizes.get(row.digest)
        if found != row.size:
            yield f"file {row.digest}", "is missing" if found is None else f"has {found} bytes instead of {row.size}"


def files_are_unchanged(work: Work) -> Found:
    """ACT-12: every file has the content under whose digest it is stored; reads all of them."""
    there = store.sizes()
    for row in work.stream(select(Blob.digest)):
        if row.digest in there and _digest(row.digest) != row.digest:
            yield f"file {row.digest}", "has another content than it had"


def _digest(digest: str) -> str:
    with store.fetch(digest) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type] # any stream of bytes will do


RULES = (
    Rule("database is sound", database_is_sound),
    Rule("superiors end", superiors_end),
    Rule("somebody administers", somebody_administers),
    Rule("codes are of their list", codes_are_of_their_list),
    Rule("groups exist", groups_exist),
    Rule("branches cover provinces and cities", branches_cover_provinces_and_cities),
    Rule("files are there", files_are_there),
    Rule("files are unchanged", files_are_unchanged, deep=True),
)
