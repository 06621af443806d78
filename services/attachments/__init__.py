"""Files on activities, accounts and contacts: checked by content, stored once, never run (ACT-12, ACC-7)."""

from services.attachments.hanging import Opened, add, add_many, list_of, open_
from services.attachments.kinds import LARGEST
from services.attachments.store import fetch, put, sweep

__all__ = ["LARGEST", "Opened", "add", "add_many", "fetch", "list_of", "open_", "put", "sweep"]
