"""The key that signs what browsers keep for Streamlit; no default exists (SIG-6)."""

import os
import secrets
from contextlib import suppress

from db.session import data_dir

VARIABLE, FILE = "SIGNING_SECRET", "signing.key"


def secret() -> str:
    """``SIGNING_SECRET``, or the key in the data folder, made on the first start and readable by its owner only.

    Several processes that share the folder share the key.
    """
    return os.environ.get(VARIABLE) or _kept()


def _kept() -> str:
    file = data_dir() / FILE
    if not file.exists():
        fresh = file.with_name(f"{FILE}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600, exist_ok=False)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text(encoding="ascii")
