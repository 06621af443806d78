"""Every screen as each role, large and small, in both languages: nothing raw, nothing sideways, no foreign word."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

from db.models import Role, User
from pages.ui.navigation import SCREENS, Screen
from services.core.access import permissions_of
from services.core.text import LOCALE
from services.core.work import work_as_system
from tests.browser.conftest import LARGE, PHONE, SignedIn, settle
from tests.browser.steps import soon
from tests.factories import CODES, Make, World
from tests.services import importing
from tests.stories import ended

#: everything a person can read on the page, also inside of components; icons are words to the browser, not to people
READ = """() => {
    const SILENT = 'style, script, [data-testid=stIconMaterial], [translate=no], [data-testid=stFileUploaderDropzone], .heard';
    const words = [];
    const walk = node => {
        if (node.nodeType === Node.TEXT_NODE) words.push(node.textContent);
        if (node.matches?.(SILENT)) return;
        for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) walk(child);
    };
    document.querySelectorAll('[data-testid=stSidebar], [data-testid=stMain], [role=dialog]').forEach(walk);
    return words.join('\\n');
}"""
SIDEWAYS = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return document.documentElement.scrollWidth > window.innerWidth || main.scrollWidth > main.clientWidth;
}"""
RAW = re.compile(r"\b(None|nan|NaT|null|undefined|Traceback)\b|Something went wrong|系统出错")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
#: names and data of this story, units, and what Chinese readers know by these letters
KNOWN = {"English", "SMS", "http", "yyyy", "Dealer", "CRM", "Excel", "kB", "example", "com", "CSV", "csv", "xlsx"}
#: code lists are kept in both languages, and shown so to those who keep them
LABELS = {word for rows in CODES.values() for row in rows for word in ENGLISH.findall(row[3])}
LANGUAGE = {"anna": "zh", "mia": "zh", "adam": "zh", "sun": "en", "hanna": "en", "eva": "en"}


@pytest.mark.timeout(300)  # dozens of screens, twice each
@pytest.mark.parametrize("name", LANGUAGE)
def test_every_screen_of_a_role(signed_in: SignedIn, make: Make, world: World, name: str) -> None:
    """No error box, no raw value, no sideways scrolling at 1440 and 390 px; in Chinese mode no English word."""
    person = world.people[name]
    _speak(person, LANGUAGE[name])
    addresses = _story(make, world)
    tab = signed_in(person, language="zh" if LANGUAGE[name] == "zh" else "en")
    names = {*world.people, *map(str.capitalize, world.people)}
    problems: list[str] = []
    for screen in _screens_of(person):
        page = tab.open(addresses.get(screen.path, f"/{screen.path}" if screen.path != "home" else "/"))
        known = names | LABELS if screen.path == "lists" else names
        problems += [f"{screen.path}: {found}" for found in _wrong(page, LANGUAGE[name], known)]
    assert not problems, "\n".join(problems)


def _story(make: Make, world: World) -> dict[str, str]:
    account = make.account("徐工机械有限公司", team={world.anna: "machines"})
    contact = make.contact(account)
    values = {"account_id": account, "subject": "看设备"}
    make.request(contact, world.anna)
    make.request(contact, world.ben, kind="change")
    lead = make.lead(world.anna, topic="两台挖掘机")
    make.dispute(lead, world.ben, subject="13912345678")
    visit = make.activity(contacts=[contact], **values, **soon())
    make.activity(state="declined", **values, **soon())
    make.activity(state="in_progress", **values)
    make.activity(state="assigned", **values)
    done = ended(make, said={"learned": "要一台挖掘机"}, **values)
    return {
        "import_job": f"/import_job?id={importing.an_import(world.adam, 'checked')}",
        "activity": f"/activity?id={done}",
        "finish": f"/finish?id={visit}",
        "account": f"/account?id={account}",
        "contact": f"/contact?id={contact}",
        "lead": f"/lead?id={lead}",
        "user": f"/user?id={world.anna}",
        "search": "/search?q=xg",
    }


def _speak(person: int, language: str) -> None:
    with work_as_system("a test chooses a language") as work:
        work.load(User, person, to="user.own").language = "zh_CN" if language == "zh" else "en"


def _screens_of(person: int) -> list[Screen]:
    with work_as_system("a test looks", readonly=True) as work:
        role: Role = work.get(User, person).role
    held = permissions_of(role)
    return [screen for screen in SCREENS if screen.permission is None or screen.permission in held]


def _wrong(page: Page, language: str, names: set[str]) -> Iterator[str]:
    for width, height in (PHONE, LARGE):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        try:
            page.wait_for_function(f"() => !({SIDEWAYS})()", timeout=2000)
        except TooLate:
            yield f"scrolls sideways at {width} px"
    words = page.evaluate(READ)
    yield from (f"says {found.group()}" for found in RAW.finditer(words))
    if language == "zh":
        foreign = sorted(set(ENGLISH.findall(words)) - KNOWN - names - _untranslated())
        yield from (f"English: {word}" for word in foreign)


def _untranslated() -> set[str]:
    """Words of texts that the catalogue has no Chinese for yet; its own test asks that there are none."""
    with (LOCALE / "zh_CN" / "LC_MESSAGES" / "messages.po").open("rb") as lines:
        return {word for one in read_po(lines) if not one.string for word in ENGLISH.findall(str(one.id))}
