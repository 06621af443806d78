"""The drawer for a value of a code list, and the small acts on one (ADM-4)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pages.ui import actions, forms, session, text
from pages.ui.text import _
from services import code_lists
from services.core.configuration import configuration
from services.core.fields import Fields, Kind


def ask(list_name: str, row: Any = None) -> None:
    """Have the drawer open at the next drawing: for a new value, or for the labels of a present one."""
    if row:
        actions.ask(_("Rename"), _rename, row.id, form=f"code-{row.id}")
    else:
        actions.ask(_("New value"), _add, list_name, form="code-0")


def _rename(value_id: int) -> None:
    form, fields = f"code-{value_id}", code_lists.LABELS
    with session.reading() as work:
        value = code_lists.entry(work, value_id=value_id)
        labels, version = {field.name: getattr(value, field.name) for field in fields}, value.version
    forms.begin(form, fields, labels)
    seen = forms.since(form, fields, labels, version)[1]
    forms.draw(form, fields, {})

    def act() -> bool:
        given = {name: label or "" for name, label in forms.values(form, fields).items()}
        return actions.perform(code_lists.rename, value_id=value_id, version=seen, form=form, done=_("Saved."), **given)

    actions.submit(_("Save"), form=form, act=act)


def _add(list_name: str) -> None:
    form, fields = "code-0", _fields(list_name)
    forms.begin(form, fields, {})
    forms.draw(form, fields, {"group": list(groups_of(list_name).items())})

    def act() -> bool:
        given = forms.values(form, fields)
        labels = {name: given[name] or "" for name in ("label_zh", "label_en")}
        more = {name: given.get(name) for name in ("code", "group")}
        needed, done = {field.name: given[field.name] for field in fields if field.required}, _("Saved.")
        return actions.perform(
            code_lists.add, list_name=list_name, form=form, done=done, needed=needed, **labels, **more
        )

    actions.submit(_("Save"), form=form, act=act)


def groups_of(list_name: str) -> dict[str, str]:
    """The values of another list that a value of this one can be kept for, by code; nothing where there are none."""
    with session.reading() as work:
        offered = configuration(work).choices(code_lists.LISTS[list_name].group)
    return {code.code: code.label(text.language()) for code in offered}


def _fields(list_name: str) -> Fields:
    """The fields of a new value; its group is chosen, not typed."""
    known = code_lists.LISTS[list_name]
    chosen = {"kind": Kind.CODE, "label": known.group_label, "required": known.belongs}
    given = (replace(field, **chosen) if field.name == "group" else field for field in code_lists.FIELDS)
    return tuple(field for field in given if known.group or field.name != "group")


def act(action: str, value_id: int, list_name: str, rows: Sequence[Any]) -> None:
    """What a row's menu does; for the table's callback."""
    row = next(one for one in rows if one.id == value_id)
    if action == "rename":
        ask(list_name, row)
    elif action == "switch":
        actions.perform(code_lists.switch, value_id=value_id, active=not row.active, done=_("Saved."))
    elif action == "remove":
        actions.perform(code_lists.remove, value_id=value_id, done=_("Removed."))
    else:
        actions.perform(
            code_lists.order, list_name=list_name, value_ids=_moved(rows, value_id, -1 if action == "up" else 1)
        )


def _moved(rows: Sequence[Any], value_id: int, by: int) -> list[int]:
    ids = [row.id for row in rows]
    place = ids.index(value_id)
    ids.insert(max(0, place + by), ids.pop(place))
    return ids
