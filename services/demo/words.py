"""The words that demo data is made of: lists and tables beside this file, drawn from by a seeded chance."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

from services.core.text import search_key

TEXTS = Path(__file__).parent / "texts"
MODELS = Path(__file__).parents[1] / "data" / "machine_models.csv"
#: the house brand: model → price in 万元; about a quarter below foreign ones
OWN_MODELS: Mapping[str, float] = {
    "HY75": 34.5, "HY135": 58.8, "HY215": 82.5, "HY225": 86.8, "HY245": 95.0, "HY305": 118.0,
    "HY370": 158.0, "HY490": 262.0, "HL956 装载机": 36.5,
}  # fmt: skip
BRAND, GROUP = "瀚岳", "瀚岳工程机械"
#: how often a model is what it is about: 45 % small, 39 % medium, 16 % large
MODEL_SHARES = {"HY75": 33, "HY135": 12, "HY215": 24, "HY225": 8, "HY245": 7, "HY305": 8, "HY370": 4, "HY490": 2,
                "HL956 装载机": 6}  # fmt: skip


@cache
def words(section: str) -> Sequence[str]:
    """The entries of one section of words.txt; sentences are divided by bars, words by blanks."""
    text = (TEXTS / "words.txt").read_text(encoding="utf-8").split(f"[{section}]\n", 1)[1].split("\n[", 1)[0]
    return (
        tuple(part.strip() for part in text.replace("\n", "|").split("|") if part.strip())
        if "|" in text
        else tuple(text.split())
    )


@cache
def table(file: str) -> Sequence[Mapping[str, str]]:
    """The rows of one table in texts."""
    with (TEXTS / file).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def rivals() -> Sequence[tuple[str, str]]:
    """Brand and model of what others sell, excavators of every size; domestic brands, which sell more, twice."""
    domestic = {"三一", "徐工", "柳工", "山东临工", "中联重科"}
    with MODELS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["category"].startswith("excavator")]
    return tuple(
        (row["brand_zh"], row["model"]) for row in rows for _ in range(3 if row["brand_zh"] in domestic else 1)
    )


def model(chance: Random) -> str:
    """A model of the house brand, small ones more often."""
    return chance.choices(list(MODEL_SHARES), list(MODEL_SHARES.values()))[0]


def person(chance: Random, women: float = 0.15) -> tuple[str, str]:
    """A name and the sex that goes with it."""
    sex = "f" if chance.random() < women else "m"
    return chance.choice(words("surnames")) + chance.choice(words("women" if sex == "f" else "men")), sex


known_as = cache(search_key)
