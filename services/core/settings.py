"""What the environment of this installation says, typed; nothing here is a secret with a default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from db.session import data_dir


@dataclass(frozen=True)
class Settings:
    """One installation's surroundings."""

    zone: ZoneInfo
    secure_cookies: bool
    attachments_url: str
    public_url: str
    sms_channels: tuple[str, ...]
    email_channels: tuple[str, ...]
    worker_inside: bool
    intake_keys: Mapping[str, str]


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    env = os.environ
    public_url = env.get("PUBLIC_URL", "http://localhost:8501").rstrip("/")
    return Settings(
        zone=ZoneInfo(env.get("ORGANISATION_ZONE", "Asia/Shanghai")),
        secure_cookies=public_url.startswith("https://"),
        attachments_url=env.get("ATTACHMENTS_URL") or f"file://{data_dir() / 'attachments'}",
        public_url=public_url,
        sms_channels=tuple(env.get("SMS_CHANNELS", "").split()),
        email_channels=tuple(env.get("EMAIL_CHANNELS", "").split()),
        worker_inside=env.get("WORKER_INSIDE", "1") == "1",
        intake_keys=dict(pair.split(":", 1) for pair in env.get("INTAKE_KEYS", "").split() if ":" in pair),
    )
