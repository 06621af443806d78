"""The application: `uvicorn app:app`, which make runs, and `streamlit run app.py` both start it."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from pages.routes import ROUTES
from pages.routes.identity import Identity, refused
from services import signing
from services.core.errors import ServiceError

COLLECT_EVERY = 300.0
#: imported before the first visitor, who would wait for them
WARM = ("altair", "pandas", "pages.ui.frame", "pages.ui.sign_in")

os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", signing.secret())


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm up, keep collecting garbage now and then, stop cleanly."""
    for module in WARM:
        import_module(module)
    gc.collect()
    gc.freeze()
    collector = asyncio.create_task(_collect())
    try:
        yield {}
    finally:
        collector.cancel()
        with suppress(asyncio.CancelledError):
            await collector


async def _collect() -> None:
    """What Streamlit would do after every run (runner.postScriptGC is off) every few minutes is enough."""
    while True:
        await asyncio.sleep(COLLECT_EVERY)
        gc.collect()


app = st.App(
    "pages/main.py",
    routes=ROUTES,
    middleware=[Middleware(Identity)],
    lifespan=lifespan,
    exception_handlers={ServiceError: refused},
)
