"""How a company's name sounds, and which part of it tells it from others: by what similar names are found (ACCT-3)."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b

from pypinyin import lazy_pinyin

from services import regions
from services.formats.name_keys import name_key

#: what companies do, and what kind of outfit they are: behind the distinctive part of a name
WORDS = (
    "新型建材 工程机械 土石方 专业合作社 合作社 混凝土 钢结构 园林景观 经营部 工程队 工程部 租赁部 服务部 门市部 "
    "修理厂 房地产 工程 机械 设备 租赁 建设 建筑 建工 安装 建安 土方 路桥 公路 铁路 交通 市政 水利 矿业 "
    "石料 建材 港务 园林 景观 拆除 爆破 劳务 贸易 商贸 运输 物流 实业 科技 发展 投资 服务 销售 制造 装饰 "
    "装备 基础 地基 开采 采石 砂石 石业 电力 能源 环保 环境 农业 农机 置业 地产 开发 养护 集团 厂 部 队 "
    "场 行 站 "
)
TRADE_LAST = re.compile(f"(?:{'|'.join(WORDS.split())})$")
PLACE_ENDINGS = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "省",
    "市",
    "区",
    "县",
)
PLACES_BEFORE = 3
#: of longer names nothing is left out behind this many syllables
LONGEST = 24
#: in shorter ones a syllable more or less is another name
SHORTEST = 4


def syllables(name: str | None) -> tuple[str, ...]:
    """The name key as it is spoken, character by character, so that one character always sounds the same."""
    return tuple(_sound(character) for character in name_key(name) or "")


def core(name: str | None) -> str:
    """The distinctive part: without the place before it and the trades behind it; empty when nothing like it is left."""
    rest = name_key(name) or ""
    for _ in range(PLACES_BEFORE):
        rest = rest[_place_before(rest) :]
    while trade := TRADE_LAST.search(rest):  # the leftmost that ends there is the longest
        rest = rest[: trade.start()]
    return rest if len(rest) > 1 else ""


def traces(name: str | None) -> frozenset[int]:
    """Numbers of which similar names share at least one: a syllable too many, too few or wrong, or the same core."""
    return frozenset(_number(way) for way in _ways(name))


def _ways(name: str | None) -> Iterator[str]:
    said = syllables(name)
    if said:
        yield _joined(said)
    if len(said) >= SHORTEST:
        yield from (_joined(said[:place] + said[place + 1 :]) for place in range(min(len(said), LONGEST)))
    if distinctive := core(name):
        yield "core " + _joined(tuple(_sound(character) for character in distinctive))


@lru_cache(maxsize=30_000)
def _sound(character: str) -> str:
    return str(lazy_pinyin(character)[0])


def _joined(said: tuple[str, ...]) -> str:
    return " ".join(said)


def _number(way: str) -> int:
    return int.from_bytes(blake2b(way.encode(), digest_size=8).digest(), signed=True)


def _place_before(text: str) -> int:
    return next((length for length in range(min(12, len(text)), 1, -1) if text[:length] in _places()), 0)


@cache
def _places() -> frozenset[str]:
    """Names of provinces, cities and districts, in full and as people shorten them."""
    full = {place.name for place in regions.table().values()} - regions.FILLERS
    short = {name.removesuffix(ending) for name in full for ending in PLACE_ENDINGS if name.endswith(ending)}
    return frozenset(name for name in full | short if len(name) > 1)
