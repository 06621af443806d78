"""The Chromium that browser tests drive: `python -m tests.browser.chromium` brings one if the machine has none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """A running Chromium; fails with what to do if there is none."""
    program = find(playwright)
    if program is None:
        raise FileNotFoundError("no Chromium here: run `make test-browser`, or set CHROMIUM to one")
    return playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))


def find(playwright: Playwright) -> str | None:
    """Where a Chromium is: the CHROMIUM variable, the PATH, what Playwright installed."""
    return next((place for place in _places(playwright) if place and Path(place).exists()), None)


def _places(playwright: Playwright) -> Iterator[str | None]:
    yield os.environ.get("CHROMIUM")
    yield from (shutil.which(name) for name in NAMES)
    yield playwright.chromium.executable_path


def speaks_chinese() -> bool:
    """Whether the machine has a font with Chinese characters."""
    lister = shutil.which("fc-list")
    return bool(lister and subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout)


def bring() -> None:
    """Installs what is missing, in the ways this machine offers."""
    with sync_playwright() as playwright:
        here = find(playwright) is not None
    if not (here and speaks_chinese()):
        _install_packages(PACKAGES if not here else PACKAGES[1:])
    with sync_playwright() as playwright:
        here = find(playwright) is not None
    if not here:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def _install_packages(packages: tuple[str, ...]) -> None:
    """Through apt where it is there and we may; another machine has its own ways, and Playwright's comes next."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        print(f"Please install {' and '.join(packages)}; without them pictures may lack Chinese characters.")
        return
    wait = ("-o", "DPkg::Lock::Timeout=300", "-qq")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, *wait, "update"], check=False, env=quiet)
    subprocess.run([apt, *wait, "install", "-y", "--no-install-recommends", *packages], check=False, env=quiet)


if __name__ == "__main__":
    bring()
    with sync_playwright() as found:
        print(f"Chromium: {find(found) or 'none'}; Chinese fonts: {'yes' if speaks_chinese() else 'none'}")
