"""What reps write: subjects, and feedback in short sentences that fits type, purpose and result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from services.core.configuration import Configuration
from services.demo.customers import Customer, Known
from services.demo.staff import MACHINES, PARTS, SERVICE
from services.demo.words import OWN_MODELS, model, rivals, table, words

ANY = "*"
#: how often a type is chosen: two thirds of a machine rep's contacts are visits
TYPES: Mapping[str, Mapping[str, int]] = {
    MACHINES: {"visit": 66, "call": 19, "meeting": 4, "demonstration": 4, "on_site": 2, "email": 2, "sms": 1,
               "factory_tour": 1, "other": 1},
    PARTS: {"visit": 48, "call": 40, "sms": 6, "email": 3, "fax": 2, "other": 1},
    SERVICE: {"on_site": 66, "call": 24, "visit": 9, "meeting": 1},
    "": {"meeting": 40, "visit": 34, "other": 18, "call": 8},
}  # fmt: skip
PURPOSES: Mapping[str, Mapping[str, int]] = {
    MACHINES: {"new_customer": 18, "needs": 22, "quotation": 18, "negotiation": 9, "hand_over": 4, "collection": 9,
               "after_delivery": 6, "competitor_survey": 4, "machine_census": 4, "relationship": 6},
    PARTS: {"parts_promotion": 55, "collection": 15, "relationship": 12, "maintenance": 10, "machine_census": 8},
    SERVICE: {"maintenance": 42, "complaint": 24, "after_delivery": 22, "service_renewal": 8, "machine_census": 4},
    "": {"relationship": 35, "needs": 20, "negotiation": 20, "competitor_survey": 15, "collection": 10},
}  # fmt: skip
#: types that fit only some purposes; the others fit all
FOR: Mapping[str, frozenset[str]] = {
    "demonstration": frozenset({"needs", "quotation", "negotiation"}),
    "factory_tour": frozenset({"needs", "negotiation"}),
    "meeting": frozenset({"needs", "negotiation", "hand_over", "relationship", "collection", "competitor_survey", "quotation"}),
    "email": frozenset({"needs", "quotation", "negotiation"}),
    "fax": frozenset({"quotation", "hand_over", "parts_promotion"}),
    "sms": frozenset({"parts_promotion", "maintenance", "relationship"}),
    "other": frozenset({"competitor_survey", "negotiation", "relationship"}),
    "on_site": frozenset({"after_delivery", "maintenance", "complaint", "service_renewal", "machine_census", "relationship"}),
    "call": frozenset({"new_customer", "needs", "quotation", "negotiation", "hand_over", "collection", "after_delivery",
                       "maintenance", "complaint", "parts_promotion", "service_renewal", "machine_census", "relationship"}),
}  # fmt: skip
#: minutes, from and to
LENGTHS = {"visit": (40, 90), "on_site": (60, 150), "call": (10, 25), "meeting": (60, 120), "demonstration": (120, 210),
           "factory_tour": (240, 420), "email": (10, 20), "sms": (5, 15), "fax": (10, 15), "other": (30, 90)}  # fmt: skip
#: about a machine that is new
NEW_MACHINE = frozenset({"after_delivery", "hand_over"})
#: until the next step
PAUSES = tuple(timedelta(days=n) for n in (1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7, 8, 10, 14))
NEAR = {0: "今天", 1: "明天", 2: "后天"}
#: what usually comes after what
NEXT = {"new_customer": "needs", "needs": "quotation", "quotation": "negotiation", "negotiation": "hand_over",
        "hand_over": "after_delivery", "complaint": "after_delivery"}  # fmt: skip
#: results after which one goes on to what comes next
ADVANCING = frozenset(
    {"interested", "ordered", "agreed", "appointment", "convinced", "tour_convinced", "solved", "met"}
)
COUNTS = ("一台", "两台", "三台", "四五台", "七八台")


@dataclass(frozen=True)
class Scene:
    """What the sentences about one activity are filled with, the same words in subject and feedback."""

    slots: dict[str, str]
    hours: int
    rival: str
    machine: str


def aim(chance: Random, branch_line: str | None, purpose: str | None = None) -> tuple[str, str]:
    """Type and purpose of an activity of somebody with this product line, or with none."""
    place = branch_line or ""
    wanted = purpose or chance.choices(list(PURPOSES[place]), list(PURPOSES[place].values()))[0]
    types = {name: share for name, share in TYPES[place].items() if wanted in FOR.get(name, (wanted,))}
    return chance.choices(list(types), list(types.values()))[0], wanted


def scene(chance: Random, customer: Customer, who: Known | None, purpose: str, day: date) -> Scene:
    """Draw machine, rival, prices, parts and the like for one activity."""
    own = model(chance)
    brand, rival = chance.choice(rivals())
    hours = chance.randrange(40, 700) if purpose in NEW_MACHINE else int(chance.triangular(60, 12000, 1800))
    fault, remedy = chance.choice(words("faults")).split("/")
    slots = {
        "who": who.called if who else "老板", "site": customer.site, "short": customer.short, "machine": own,
        "rival": f"{brand}{rival}", "rival_brand": brand, "old": customer.old_machine, "hours": str(hours),
        "count": chance.choice(COUNTS), "count2": str(chance.randrange(3, 40)), "gap": f"{chance.randrange(10, 45) / 10:g}",
        "price": f"{OWN_MODELS[own] * (1 - chance.randrange(0, 50) / 1000):.1f}", "down": chance.choice(("两成", "两成半", "三成")),
        "months": chance.choice(("24", "36")), "amount": f"{chance.randrange(5, 120) / 10:g}",
        "fuel": f"{chance.randrange(110, 190) / 10:g}",
    }  # fmt: skip
    slots |= {"fault": fault, "remedy": remedy, "part": chance.choice(words("parts"))}
    slots |= {"money": chance.choice(words("purposes_of_money")), "day": spoken(day, day + chance.choice(PAUSES))}
    return Scene(slots, hours, slots["rival"], f"瀚岳 {own}")


def spoken(today: date, day: date) -> str:
    """A day as one says it: tomorrow, a day of this week or the next, or the date."""
    days, weeks = (
        (day - today).days,
        (day - timedelta(days=day.weekday()) - today + timedelta(days=today.weekday())).days,
    )
    if days in NEAR:
        return NEAR[days]
    name = f"周{'一二三四五六日'[day.weekday()]}"
    return {0: f"这{name}", 7: f"下{name}"}.get(weeks, f"{day.month}月{day.day}号")


def subject(chance: Random, seen: Scene, *, type_label: str, purpose: str) -> str:
    """Half of the reps leave the subject to the system, the others write a short one."""
    if chance.random() < 0.5:
        return f"{type_label} · {seen.slots['short']}"
    fitting = [row["subject"] for row in table("subjects.csv") if row["purpose"] == purpose]
    return chance.choice(fitting).format(**seen.slots)


def following(next_step: str, day: date, today: date) -> str:
    """A next step as the subject of the activity that carries it out, when its day has come."""
    return next_step.replace(spoken(day, today), "").lstrip("前") or next_step


def line(chance: Random, section: str, seen: Scene) -> str:
    """A sentence of words.txt about this scene."""
    return chance.choice(words(section)).format(**seen.slots)


def feedback(
    chance: Random, known: Configuration, seen: Scene, *, kind: str, purpose: str, day: date
) -> dict[str, Any]:
    """The feedback of one activity, as its columns; the next step, if there is one, lies after ``day``."""
    row = chance.choices(*_fitting(kind, purpose))[0]
    then = day + chance.choice(PAUSES)
    slots = seen.slots | {"day": spoken(day, then)}
    results = row["result"].split("|")
    result = next((r for r in results if _belongs(known, r, kind)), results[0])
    filled: dict[str, Any] = {
        "result_id": known.code("activity_result", result).id,
        "learned": row["learned"].format(**slots),
        "attitude": int(row["attitude"]) if row["attitude"] and chance.random() < 0.7 else None,
    }
    if row["next_step"] and chance.random() < 0.85:
        filled |= {"next_step": row["next_step"].format(**slots), "next_step_on": then}
    return filled | _seen_machines(chance, row["learned"], seen) | _needs(chance, row, purpose, seen)


def _seen_machines(chance: Random, learned: str, seen: Scene) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "{rival}" in learned:
        found["competitor_seen"] = seen.rival
    if "{hours}" in learned:
        machine = seen.machine if "{machine}" in learned or "{rival}" not in learned else seen.rival
        found |= {"machine_seen": f"{machine} · {chance.randrange(10**4, 10**5)}", "machine_hours": seen.hours}
    return found


def _needs(chance: Random, row: Mapping[str, str], purpose: str, seen: Scene) -> dict[str, Any]:
    asked = row["result"] in ("interested", "met", "wants_changes") and purpose in ("needs", "quotation", "negotiation")
    return {"needs": line(chance, "needs", seen)} if asked and chance.random() < 0.4 else {}


@cache
def _fitting(kind: str, purpose: str) -> tuple[Sequence[Mapping[str, str]], Sequence[int]]:
    """The sentences for a type and purpose with their weights: those for this purpose first, the others seldom."""
    rows = [
        row
        for row in table("feedback.csv")
        if kind in row["types"].split("|") and {purpose, ANY} & set(row["purposes"].split("|"))
    ]
    own = [row for row in rows if purpose in row["purposes"].split("|")]
    return rows, [20 if row in own or not own else len(own) for row in rows]


def _belongs(known: Configuration, result: str, kind: str) -> bool:
    return known.code("activity_result", result).group in (None, kind)
