"""The values of code lists to choose from, with the group they belong to."""

from typing import Any

from pages.ui import text
from services.code_lists import LISTS
from services.core.configuration import Configuration


def offered(known: Configuration, list_name: str) -> list[tuple[Any, str]]:
    """(id, label) of what can be chosen; in a list of groups one group after the other: “Field work · Site visit”."""
    language, grouping = text.language(), LISTS[list_name].group
    groups = {code.code: (place, code.label(language)) for place, code in enumerate(known.choices(grouping))}
    codes = sorted(known.choices(list_name), key=lambda code: groups.get(code.group or "", (len(groups), ""))[0])
    named = ((code, groups[code.group][1] if code.group in groups else "", code.label(language)) for code in codes)
    return [(code.id, label if group in ("", label) else f"{group} · {label}") for code, group, label in named]
