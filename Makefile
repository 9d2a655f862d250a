# One word per need. Needs only git, make and Python 3.11 or newer; everything else goes into .venv and var.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
DEMO ?= var/demo
PY := $(VENV)/bin/python
CHEYI := $(PY) -m cheyi.project.cli
PIP := $(PY) -m pip --disable-pip-version-check --quiet install --no-compile --require-hashes

# Every command is a process of its own: one that may not keep its bytecode starts twice as slowly.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check bench words env env-dev messages pins

help:  ## list these words
	@sed -n 's/^\([a-z-]*\):.*##\(.*\)/  make \1 \2/p' $(MAKEFILE_LIST)

run: env  ## the demo with its history at http://127.0.0.1:8000 (PORT=8001 for another port)
	@CHEYI_DATA=$(DEMO) $(CHEYI) demo
	@CHEYI_DATA=$(DEMO) $(CHEYI) up --port $(PORT)

test: env-dev  ## the whole suite: SQLite, PostgreSQL when TEST_DATABASE_URL is set, browser when Chromium is there
	@$(PY) tools/suite.py

check: env-dev  ## format, lint, types, import map, habits
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -q tests/architecture

bench: env-dev  ## the tables of docs/performance.md and docs/engines, as ratios in one run (FULL=1 for all of it)
	@$(PY) tools/bench/everything.py $(if $(FULL),--full)

words: env-dev  ## the word list against the code
	@$(PY) -m pytest -q tests/architecture -k words

env: $(VENV)/.base $(VENV)/bin/cheyi messages  ## the environment that runs the program

env-dev: $(VENV)/.dev messages  ## the environment that also tests it

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt requirements/postgres.txt | $(VENV)/bin/python
	$(PIP) -r requirements/base.txt
	$(if $(findstring postgres,$(DATABASE_URL)),$(PIP) -r requirements/postgres.txt)
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	$(PIP) -r requirements/dev.txt
	@touch $@ $(VENV)/.base

$(VENV)/bin/cheyi: Makefile | $(VENV)/bin/python
	@printf '#!/bin/sh\nPYTHONPATH="%s$${PYTHONPATH:+:$$PYTHONPATH}" exec "%s/python" -m cheyi.project.cli "$$@"\n' \
	    "$(CURDIR)" "$(abspath $(VENV)/bin)" > $@
	@chmod +x $@

messages: | $(VENV)/bin/python  ## compile the translations
	@$(PY) tools/messages.py compile

pins:  ## compile requirements/*.txt anew (needs uv)
	@for each in base postgres dev; do \
	    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --no-emit-find-links --no-annotate --custom-compile-command "make pins" \
	        requirements/$$each.in -o requirements/$$each.txt; done
