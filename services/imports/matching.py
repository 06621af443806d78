"""Which column of a file is which field of a lead, by the many names that people give them (LEAD-3)."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One field that files may hold: its own name in both languages, and others under which it is found."""

    field: str
    zh: str
    en: str
    others: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column("line", "业务线", "Product line", ("产品线", "业务类型", "业务", "line")),
    Column("mobile", "手机", "Mobile", ("手机号", "手机号码", "移动电话", "联系电话", "电话", "phone", "tel", "cell")),
    Column("landline", "固定电话", "Landline", ("座机", "办公电话", "固话", "公司电话", "office phone")),
    Column("topic", "主题", "Topic", ("线索主题", "标题", "名称", "subject", "title")),
    Column(
        "company", "公司名称", "Company", ("公司", "客户名称", "客户", "单位", "单位名称", "company name", "account")
    ),
    Column("person", "联系人", "Person", ("姓名", "联系人姓名", "客户姓名", "name", "contact", "contact person")),
    Column("email", "电子邮件", "E-mail", ("邮箱", "电子邮箱", "邮件", "email", "mail")),
    Column("wechat", "微信", "WeChat", ("微信号", "wechat id")),
    Column("province_code", "省份", "Province", ("省", "所在省", "省市", "state")),
    Column("city_code", "城市", "City", ("市", "地市", "所在市", "所在城市")),
    Column("district_code", "区县", "District", ("区", "县", "县区", "county")),
    Column("street", "详细地址", "Address", ("地址", "街道", "街道地址", "street")),
    Column("source_id", "来源", "Source", ("线索来源", "客户来源", "lead source")),
    Column("model", "意向产品", "Product of interest", ("意向机型", "型号", "产品", "机型", "model", "product")),
    Column("quantity", "数量", "Quantity", ("台数", "意向数量", "qty", "units")),
    Column("budget", "预算", "Budget", ("预算金额", "购买预算")),
    Column("wanted_by", "希望交机日期", "Wanted by", ("交机日期", "需求日期", "期望日期", "交货日期", "wanted date")),
    Column("replaces", "拟更换设备", "Replaces", ("更换设备", "旧机", "现有设备")),
    Column("notes", "备注", "Notes", ("说明", "备注信息", "note", "remarks", "comment", "comments")),
)
NAMED: Mapping[str, Column] = {column.field: column for column in COLUMNS}
UNIT = re.compile(r"[(\[【].*?[)\]】]|[*:]")


def cleaned(cell: Any) -> str:
    """A cell as text: half-width, without invisible characters, whole numbers with all their digits, days as days."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return str(cell).removesuffix(" 00:00:00")
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()  # most cells
    visible = (c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf" and c != "\0")
    return "".join(visible).replace("\r\n", "\n").replace("\r", "\n").strip()


def _name(header: str) -> str:
    plain = UNIT.sub("", unicodedata.normalize("NFKC", header)).casefold()
    return re.sub(r"[\s_\-/]+", "", plain)


NAMES: Mapping[str, str] = {
    _name(name): column.field for column in COLUMNS for name in (column.field, column.zh, column.en, *column.others)
}


def known(header: str) -> str | None:
    """The field that a column of this name holds, if it is one of the known names."""
    return NAMES.get(_name(header))


def matched(header: Sequence[str]) -> dict[str, int]:
    """Field -> place of its column; of several columns for one field the first counts."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        if field := known(name):
            found.setdefault(field, place)
    return found


def digest(header: Sequence[str]) -> str:
    """By what a layout is recognised: its names in their order, however they are spaced."""
    return hashlib.sha256("\0".join(_name(name) for name in header).encode()).hexdigest()


def money_factor(header: str) -> int:
    """How many yuan one unit of a column of amounts is, as its header says."""
    return 10_000 if "万" in header else 1
