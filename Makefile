# Python 3.11 or newer, make and git are all that is assumed; `make help` lists what there is.

PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3 2>/dev/null))
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed

HOST ?= 127.0.0.1
PORT ?= 8501
UVICORN := $(BIN)/uvicorn app:app --host $(HOST) --port $(PORT) --ws-per-message-deflate false \
	--ws-ping-interval 30 --ws-ping-timeout 30 --no-access-log --timeout-graceful-shutdown 3

PYTEST := $(BIN)/python -m pytest
STAGE = @printf '\n== %s ==\n'

.DEFAULT_GOAL := help
.PHONY: help venv demo run test test-quick test-walks test-postgres test-program test-faults test-browser check fix migration translate bench

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(READY)  ## the virtual environment, exactly as requirements.lock says

$(READY): requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps -r requirements.lock
	@touch $@

# --- the application -------------------------------------------------------------------------------------------------

demo run: export DATA_DIR ?= data
demo run: export PUBLIC_URL ?= http://localhost:$(PORT)
demo run bench: export MALLOC_ARENA_MAX ?= 2

demo: $(READY)  ## the application with demo data; prints who can sign in (PORT=8501, DATA_DIR=data)
	$(BIN)/python -m services upgrade
	$(BIN)/python -m services demo
	@printf '\nOpen http://localhost:$(PORT) in a browser. Ctrl-C stops.\n'
	$(UVICORN)

run: $(READY)  ## the application with your own data; makes the first administrator if there is none
	$(BIN)/python -m services upgrade
	$(BIN)/python -m services first-admin
	@printf '\nOpen http://localhost:$(PORT) in a browser. Ctrl-C stops.\n'
	$(UVICORN)

# --- tests and checks ------------------------------------------------------------------------------------------------

test: test-quick test-walks test-program test-postgres test-faults test-browser  ## everything below, in this order

test-quick: $(READY)  ## conventions, services, storage, screens; SQLite
	$(STAGE) 'Tests on SQLite'
	$(PYTEST) -n 2 -m 'not walk' tests/db tests/house tests/pages tests/services

test-walks: $(READY)  ## random walks, properties, hostile arguments, two at once; SQLite
	$(STAGE) 'Walks and properties on SQLite'
	$(PYTEST) -n 2 -m walk tests/services

test-program: $(READY)  ## the whole program: its commands, backup, demo data, its server's doors
	$(STAGE) 'Tests of the whole program'
	$(PYTEST) -n 2 tests/operation tests/doors

test-postgres: $(READY)  ## services and storage again, on PostgreSQL
	$(STAGE) 'Tests on PostgreSQL'
	TEST_DB=postgresql $(PYTEST) -n 2 tests/services tests/db tests/operation

test-faults: $(READY)  ## killed processes, failing gateways, races
	$(STAGE) 'Fault tests'
	$(PYTEST) -n 2 --dist worksteal tests/faults

test-browser: $(READY)  ## a real Chromium; brings one if there is none
	$(STAGE) 'Browser tests'
	$(BIN)/python -m tests.browser.chromium
	$(PYTEST) -n 2 --dist worksteal tests/browser

check: $(READY)  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: $(READY)  ## mend what can be mended without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## measure; writes docs/performance.md
	$(BIN)/python -m tests.bench

# --- while writing code ----------------------------------------------------------------------------------------------

migration: $(READY)  ## a migration from what changed in db/models: make migration m="add fax number"
	$(if $(m),,$(error say what changes: make migration m="add fax number"))
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && export DATA_DIR="$$folder" && unset DATABASE_URL && \
	$(BIN)/alembic upgrade head && $(BIN)/alembic revision --autogenerate -m "$(m)"

translate: $(READY)  ## bring the Chinese catalogue up to date with the texts in the code
	@$(BIN)/python -m tests.house.catalogue
