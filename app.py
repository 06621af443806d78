"""The application: `uvicorn app:app`, which make runs, and `streamlit run app.py` both start it."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Event, Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from pages.routes import ROUTES
from pages.routes.identity import Identity, refused
from services import health, signing, worker
from services.core.errors import ServiceError
from services.core.settings import settings

COLLECT_EVERY, STOP_WITHIN = 60.0, 5.0
WARM = ("altair", "pandas", "pages.ui.frame", "pages.ui.sign_in")  # the first visitor would wait for them


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm up, collect garbage now and then, run the worker along, stop cleanly."""
    health.check_version()
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel("ERROR")  # nobody visits yet
    for module in WARM:
        import_module(module)
    gc.collect()
    gc.freeze()
    stop = Event()
    runner = Thread(target=worker.run_inside, args=(stop,), name="worker", daemon=True)
    if settings().worker_inside:
        runner.start()
    collector = asyncio.create_task(_collect())
    try:
        yield {}
    finally:
        stop.set()
        collector.cancel()
        if runner.is_alive():
            await asyncio.to_thread(runner.join, STOP_WITHIN)


async def _collect() -> None:
    """Every few minutes is enough for what Streamlit would do after each run (runner.postScriptGC is off)."""
    while True:
        await asyncio.sleep(COLLECT_EVERY)
        gc.collect()


middleware = [Middleware(Identity)]
handlers = {ServiceError: refused}
app = st.App("pages/main.py", routes=ROUTES, middleware=middleware, lifespan=lifespan, exception_handlers=handlers)
config.set_option("server.cookieSecret", signing.secret(), "app.py")
