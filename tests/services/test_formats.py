"""The format rules, proven with tables of good and bad and with properties (CON-1, CON-2, CON-3, ACCT-2)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import formats
from services.core.errors import Invalid
from services.formats.area_codes import AREAS
from services.formats.codes import ALPHABET, check_digit
from services.regions import SIGNS, children, table

Check = Callable[[str], str]
#: what people type, copy and import beside the plain thing
AROUND = st.sampled_from(["{}", " {} ", "\t{}", "\u202d{}\u202c", "{}\u200b", "'{}", "\u3000{}"])


def reason(check: Check, value: str) -> str:
    """Why the check refuses the value."""
    with pytest.raises(Invalid) as refused:
        check(value)
    said = refused.value.fields[""].text(lambda message: message)
    assert "{" not in said
    return said


def outcome(check: Check, value: str) -> tuple[str, str]:
    """What the check makes of the value, or why it refuses."""
    try:
        return check(value), ""
    except Invalid as refused:
        return "", refused.fields[""].text(lambda message: message)


# --- names (CON-1) ---------------------------------------------------------------------------------------------------

GOOD_NAMES = {
    "王建国": "王建国", "张 三": "张三", "李建工": "李建工", "李成长": "李成长", "小明": "小明", "㛃明": "㛃明",
    "〇一": "〇一", "长孙无忌": "长孙无忌",
    "买买提·阿不都热合曼": "买买提·阿不都热合曼", "阿卜杜拉.买买提": "阿卜杜拉·买买提",
    "买买提•艾力": "买买提·艾力", "John Smith": "John Smith", "Jean-Luc O’Neil": "Jean-Luc O'Neil",
    "J. R. Smith": "J. R. Smith", "Ｊｏｈｎ": "John", "Müller": "Müller", "Ōno  Kenji": "Ōno Kenji", "Li": "Li",
}  # fmt: skip
BAD_NAMES = {
    "张三经理": "经理", "王总": "总", "欧阳总": "总", "李工": "工", "王先生": "先生", "刘师傅": "师傅",
    "总经理 李强": "总经理", "张村长": "村长", "王博士": "博士", "老板": "老板", "Mr. Smith": "Mr.", "mrs Smith": "mrs",
    "Wang Mr.": "Mr.", "Manager Li": "Manager", "王建国123": "“1”",
    "王建国１": "“1”", "张三😀": "😀", "张三(老板)": "“(”", "张@三": "@",
    "王David": "either", "王·": "“·”", "·王一": "“·”", "王··一": "“·”", "王": "2 to 15", "王" * 16: "2 to 15",
    "O'": "two letters", "-a b": "inside", "Anne--Marie": "inside", "...": "two letters", "<b>Li</b>": "“<”",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), GOOD_NAMES.items())
def test_names_are_kept_as_on_the_card(typed: str, kept: str) -> None:
    """CON-1."""
    assert formats.person_name(typed) == kept


@pytest.mark.parametrize(("typed", "why"), BAD_NAMES.items())
def test_names_with_titles_digits_or_symbols_are_refused(typed: str, why: str) -> None:
    """CON-1."""
    assert why in reason(formats.person_name, typed)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=15))
def test_chinese_names_pass_unless_a_title_is_named(name: str) -> None:
    """CON-1."""
    kept, why = outcome(formats.person_name, name)
    assert kept == name or "title" in why


# --- phones (CON-2) --------------------------------------------------------------------------------------------------

GOOD_MOBILES = {
    "13801395136": "13801395136", "+86 150 6455 2630": "15064552630", "008618287205942": "18287205942",
    "182-8608-6996": "18286086996", "１３８０１４４５８２７": "13801445827", "\u202d13842126601\u202c": "13842126601",
    "'13897333738": "13897333738", "8613801395136": "13801395136", "(+86)13801395136": "13801395136",
    "+86-138-0139-5136": "13801395136", "013801395136": "13801395136", "13801395136.0": "13801395136",
    "（86）13801395136": "13801395136", "138 0139 5136": "13801395136", "+49 89 1234567": "+49 891234567",
    "0049 (0)89 1234567": "+49 891234567", "+852 9123 4567": "+852 91234567", "+1 (650) 253-0000": "+1 6502530000",
}  # fmt: skip
BAD_MOBILES = {
    "1390113951": "11 digits", "23901139513": "11 digits", "12345678901": "11 digits", "010 85868466": "11 digits",
    "1.39E+10": "spreadsheet", "13801395136/13901395136": "one number", "13801395136 13901395136": "one number",
    "13801395136;13901395136": "one number", "13801395136、13901395136": "one number", "abc": "only digits",
    "13801395136或13901395136": "one number", "13801395136 王": "only digits", "+83 123456": "country",
    "+49 123": "15 digits",
    "+49 123456789012345": "15 digits", "+86": "is needed", "--": "is needed", "138 0139 5136 转 1": "11 digits",
}  # fmt: skip
GOOD_LANDLINES = {
    "010 85868466": "010 85868466", "010-85868466": "010 85868466", "（０１０）８５８６８４６６": "010 85868466",
    "+86 10 85868466": "010 85868466", "+86-10-8586-8466": "010 85868466", "86-10-85868466": "010 85868466",
    "861085868466": "010 85868466", "01085868466-8001": "010 85868466-8001", "010-85868466转8001": "010 85868466-8001",
    "010-85868466ext.8001": "010 85868466-8001", "0516-8345678-9": "0516 8345678-9", "0516 83456789": "0516 83456789",
    "0516-834-5678-123": "0516 8345678-123", "0816 7748427": "0816 7748427", "4008101234": "400 8101234",
    "400-810-1234": "400 8101234", "400-810-1234-5": "400 8101234-5", "+86 (0)10 85868466": "010 85868466",
    "+49 89 1234567": "+49 891234567", "010‑85868466－12": "010 85868466-12",
}  # fmt: skip
BAD_LANDLINES = {
    "85868466": "area code is missing", "026 85868466": "no area code 026", "0378 8345678": "no area code 0378",
    "010 8586846": "8 digits", "010 858684661": "8 digits", "010 05868466": "0 or 1", "0516 834567": "7 / 8 digits",
    "13801395136": "mobile", "010/85868466": "one number", "0516 83456789-8001-2": "7 / 8 digits", "": "is needed",
    "12345": "neither", "99999999999": "neither",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), GOOD_MOBILES.items())
def test_mobiles_are_put_into_form(typed: str, kept: str) -> None:
    """CON-2."""
    assert formats.mobile(typed) == formats.mobile(kept) == formats.phone(typed) == kept


@pytest.mark.parametrize(("typed", "why"), BAD_MOBILES.items())
def test_what_cannot_be_a_mobile_is_refused_with_the_reason(typed: str, why: str) -> None:
    """CON-2."""
    assert why in reason(formats.mobile, typed)


@pytest.mark.parametrize(("typed", "kept"), GOOD_LANDLINES.items())
def test_landlines_are_put_into_form(typed: str, kept: str) -> None:
    """CON-2."""
    assert formats.landline(typed) == formats.landline(kept) == formats.phone(typed) == kept


@pytest.mark.parametrize(("typed", "why"), BAD_LANDLINES.items())
def test_what_cannot_be_a_landline_is_refused_with_the_reason(typed: str, why: str) -> None:
    """CON-2."""
    assert why in reason(formats.landline, typed)


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "+86", "+86 ", "0086", "86", "86-", "(+86)"]),
    st.sampled_from(["", " ", "-", "."]),
    AROUND,
)
def test_a_mobile_typed_in_any_way_is_stored_bare(number: str, prefix: str, gap: str, around: str) -> None:
    """CON-2."""
    typed = around.format(prefix + gap.join((number[:3], number[3:7], number[7:])))
    assert formats.mobile(typed) == number


@given(
    st.sampled_from(sorted(AREAS)),
    st.from_regex(r"[2-9][0-9]{7}", fullmatch=True),
    st.sampled_from(["{a} {n}", "{a}-{n}", "({a}){n}", "{a}{n}", "+86 {b} {n}", "0086-{b}-{n}", "（{a}） {n}"]),
    st.sampled_from(["", "-12", "转8001", " ext. 7"]),
    AROUND,
)
def test_a_landline_typed_in_any_way_is_stored_in_one(a: str, n: str, form: str, extension: str, around: str) -> None:
    """CON-2."""
    digits = "".join(c for c in extension if c.isdigit())
    typed = around.format(form.format(a=a, b=a[1:], n=n) + extension)
    assert formats.landline(typed) == f"{a} {n}" + (f"-{digits}" if digits else "")


@given(st.text(alphabet="0123456789+-() .转x８\u200b/", max_size=24))
def test_a_stored_number_stays_as_it_is(typed: str) -> None:
    """CON-2: whatever is let in passes again unchanged, and nothing else than a reason comes of the rest."""
    for check in (formats.mobile, formats.landline, formats.phone):
        kept, why = outcome(check, typed)
        assert why or check(kept) == kept


# --- addresses (CON-3) -----------------------------------------------------------------------------------------------

GOOD_STREETS = (
    "建设路180号", "沪太路100号", "京港澳高速出口旁", "北京路20号", "南京西路1号", "云南路1号", "新华路8号",
    "吉林市船营区解放大路1号", "苏州工业园区星湖街1号", "江苏省徐州市铜山区1号", "海南路", "宁波路1号",
    "No. 88 Renmin Road", "Building 3, Science Park",
)  # fmt: skip
BAD_STREETS = {
    "京朝阳区建国路1号": "北京市", "沪 浦东新区": "上海市", "江苏徐州铜山区1号": "江苏省",
    "江苏省徐州铜山区": "徐州市", "徐州铜山区北京路1号": "徐州市", "北京朝阳区1号": "北京市", "浙江杭州": "浙江省",
    "内蒙古包头市昆区": "内蒙古自治区", "恩施利川市1号": "恩施土家族苗族自治州", "广西南宁青秀区": "广西壮族自治区",
    "12 Renmin Rd.": "Road", "12 Renmin rd": "Road", "Bldg. 3, Science Park": "Building", "1 Main St.": "Street",
    "88 S. Renmin Road": "South", "建设路88#": "88号",
    "中山路1号12F": "12层", "1": "such as", "#": "such as",
}  # fmt: skip


@pytest.mark.parametrize("typed", GOOD_STREETS)
def test_addresses_written_out_are_kept(typed: str) -> None:
    """CON-3: also roads that are named after a city or begin with its sign."""
    assert formats.street(typed) == typed


@pytest.mark.parametrize(("typed", "long"), BAD_STREETS.items())
def test_short_forms_are_refused_with_the_long_one(typed: str, long: str) -> None:
    """CON-3."""
    assert long in reason(formats.street, typed)


@given(st.sampled_from([place for city in table().values() if city.level == "city" for place in children(city.code)]))
def test_a_district_behind_a_sign_is_refused_and_behind_full_names_kept(district: object) -> None:
    """CON-3: for every district of the country."""
    city = table()[district.parent]  # type: ignore[attr-defined] # a place of the table
    province = table()[city.parent or ""]
    sign = next(sign for sign, code in SIGNS.items() if code == province.code)
    rest = f"{district.name}人民路1号"  # type: ignore[attr-defined]
    assert province.name in reason(formats.street, sign + rest)
    assert formats.street(province.name + rest) == province.name + rest


# --- codes -----------------------------------------------------------------------------------------------------------


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_noticed(first: str, place: int, other: str) -> None:
    """ACCT-2: the check digit finds every single mistake."""
    code = first + check_digit(first)
    assert formats.credit_code(f" {code[:8].lower()} {code[8:]} ") == code
    changed = code[:place] + other + code[place + 1 :]
    if changed != code:
        assert "check digit" in reason(formats.credit_code, changed)


@pytest.mark.parametrize(
    ("typed", "why"),
    {
        "91350100M000100Y44": "check digit", "9135O100M000100Y43": "0 is probably", "91350100M000100Y4": "found 17",
        "91350100M000100Y43 1": "found 19", "": "found 0", "9135*100M000100Y43": "“*”",
    }.items(),
)  # fmt: skip
def test_a_wrong_credit_code_says_what_is_wrong(typed: str, why: str) -> None:
    """ACCT-2: alphabet, length, check digit; with codes of real companies as the good ones."""
    assert formats.credit_code("91350100M000100Y43") == "91350100M000100Y43"
    assert formats.credit_code("91110000802100433B") == "91110000802100433B"
    assert why.replace("found", "this one has") in reason(formats.credit_code, typed)


@pytest.mark.parametrize(
    ("check", "typed", "kept"),
    [
        (formats.email, "A.b@XCMG.COM", "A.b@xcmg.com"),
        (formats.email, " ａ＠b.cn ", "a@b.cn"),
        (formats.website, "www.xcmg.com", "https://www.xcmg.com"),
        (formats.website, "HTTP://XCMG.com/A?b=1", "http://xcmg.com/A?b=1"),
        (formats.postal_code, "２２１ ００４", "221004"),
        (formats.company_name, " 徐工  机械\u200b（集团） ", "徐工 机械（集团）"),
    ],
)
def test_the_other_formats_are_tidied(check: Check, typed: str, kept: str) -> None:
    assert check(typed) == check(kept) == kept


@pytest.mark.parametrize(
    ("check", "typed"),
    [
        *((formats.email, t) for t in ("a@b", "a b@c.cn", "a@b.cn;c@d.cn", "a..b@c.cn", "<a@b.cn>", "@b.cn", "a@-b.c")),
        *((formats.website, t) for t in ("javascript:alert(1)", "http://a", "ftp://x.cn", "https://a.cn/ x", "a.cn/<")),
        *((formats.postal_code, t) for t in ("921004", "22100", "2210044", "abcdef")),
        *((formats.company_name, t) for t in ("", "a", "123", "…", "\u200b")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_an_example(check: Check, typed: str) -> None:
    assert "such as" in reason(check, typed) or "letterhead" in reason(check, typed)


NAME_KEYS = (formats.name_key, formats.syllables, formats.traces)
KEYS = ("digits", "searched", *(key.__name__ for key in NAME_KEYS))
CHECKS = [getattr(formats, name) for name in formats.__all__ if name not in KEYS]


@given(st.text(max_size=60))
def test_no_text_breaks_a_check(typed: str) -> None:
    """Whatever is typed: a stored form that passes again, or a reason."""
    for check in CHECKS:
        kept, why = outcome(check, typed)
        assert why or check(kept) == kept


@given(st.text(max_size=60))
def test_no_text_breaks_a_key(typed: str) -> None:
    """ACCT-2: whatever is typed has keys, and blanks around it do not change them."""
    for key_of in NAME_KEYS:
        assert key_of(f" {typed} ") == key_of(typed)
