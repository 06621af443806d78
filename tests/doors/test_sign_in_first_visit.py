"""No screen before sign-in, also when its address is the very first request of a fresh process (issue 2)."""

import asyncio
from pathlib import Path

import pytest

from pages.ui.navigation import PAGES, SCREENS
from tests.factories import World
from tests.server import serving
from tests.st_protocol import Run, Tab

#: all that a stranger is shown
DOOR = {"Language", "Sign-in name", "Password", "Sign in", "I was given a code"}
ADDRESSES = ["", "main", "no-such-page", "ui", *(screen.path for screen in SCREENS)]


async def visited(url: str, address: str) -> tuple[Run, Tab]:
    async with Tab(url) as tab:
        return await tab.goto(address, "id=1"), tab


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_first_visit_shows_the_sign_in_form_alone(world: World, address: str) -> None:
    """Streamlit runs files of a pages folder by their address until somebody has called st.navigation: not here."""
    with serving() as server:
        run, tab = asyncio.run(visited(server.url, address))
    assert not run.exceptions
    assert {widget.label for widget in tab.widgets.values() if widget.label} == DOOR
    assert not [text for text in tab.texts if "Anna" in text]


def test_every_screen_is_visited() -> None:
    """What lies in the area folders is in the table of screens, and so in this test."""
    files = {
        file for area in ("daily", "sales", "market", "insight", "admin") for file in (PAGES / area).glob("[!_]*.py")
    }
    assert {Path(screen.file).stem for screen in SCREENS} == {file.stem for file in files}
