"""Addresses that are not screens. Each file names its routes; all of them are served beside the screens."""

from starlette.routing import BaseRoute

from pages.routes import downloads, health, intake, live, sign_in

ROUTES: tuple[BaseRoute, ...] = (*sign_in.ROUTES, *health.ROUTES, *live.ROUTES, *downloads.ROUTES, *intake.ROUTES)
