"""The signing secret: made on the first start, for its owner only, or from the environment (SIG-6)."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services import signing


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that has never been started."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv(signing.VARIABLE, raising=False)
    return tmp_path / "data"


def test_it_is_made_once_and_kept(folder: Path) -> None:
    """SIG-6."""
    first = signing.secret()
    assert len(first) >= 43
    assert signing.secret() == first == (folder / signing.FILE).read_text(encoding="ascii")


def test_only_the_owner_reads_it(folder: Path) -> None:
    """SIG-6."""
    signing.secret()
    assert stat.S_IMODE((folder / signing.FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_installation_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIG-6: no default exists."""
    first = signing.secret()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "another"))
    assert signing.secret() != first


def test_the_environment_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.VARIABLE, "from the vault")
    assert signing.secret() == "from the vault"
    assert not folder.exists()


def test_processes_that_start_together_agree(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _turn: signing.secret(), range(32)))
    assert len(made) == 1
    assert [file.name for file in folder.iterdir()] == [signing.FILE]
