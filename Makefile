# Everything a developer does, by one word. `make` alone lists the words.
# It needs make, a POSIX shell and Python 3.11 or newer; all else goes into .venv, and stays there until
# pyproject.toml changes: only then is the network needed again.

VENV ?= .venv
JOBS ?= 2
SAMPLE ?= demo-vault

# The first Python that is new enough and can make an environment; `make PYTHON=/path/to/python` chooses another.
FITS := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$python -c '$(FITS)' >/dev/null 2>&1; then echo $$python; break; fi; done)

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
PIP := $(PY) -m pip install --disable-pip-version-check --quiet
PYTEST := $(PY) -m pytest -n $(JOBS)

# Stamps: what .venv holds. RUN: vaultcrm. DEV: and all that `make check` runs. DOCS: and what builds the pages.
RUN := $(VENV)/.stamp-run
DEV := $(VENV)/.stamp-dev
DOCS := $(VENV)/.stamp-docs

# Python reads and prints UTF-8 here, Windows included.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-all check lint types docs-check dev fmt golden docs bench run-sample faults coverage lowest dist clean

# list these targets
help:
	@awk '/^# /{text=substr($$0,3)} /^[a-z][a-z-]*:/{split($$1,name,":"); if (text) printf "make %-11s %s\n", name[1], text} !/^# /{text=""}' Makefile

# a sample vault in ./demo-vault, indexed: see what vaultcrm does
demo: $(RUN)
	@test -e $(SAMPLE)/vaultcrm.toml || $(BIN)/vaultcrm init $(SAMPLE) --sample
	@$(BIN)/vaultcrm index --vault $(SAMPLE)
	@echo
	@echo "The notes:         $(SAMPLE)/  (open the folder as a vault in Obsidian, or in any editor)"
	@echo "The dashboard:     $(SAMPLE)/CRM/Dashboard.md"
	@echo "The calendar feed: $(SAMPLE)/CRM/follow-ups.ics"
	@echo "Then try:          $(BIN)/vaultcrm agenda --vault $(SAMPLE)"

# the whole test suite
test: $(DEV)
	$(PYTEST)

# the same with its long forms: ten minutes and more
test-all: $(DEV)
	HYPOTHESIS_PROFILE=$(or $(HYPOTHESIS_PROFILE),ci) $(PYTEST) -m "not bench"

# all that a change must pass: format, lint, floors, types, documentation, tests
check: lint types docs-check test

# format, lint, and the floors that modules may import
lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

# static types
types: $(DEV)
	$(BIN)/mypy

# documentation: links lead somewhere, tables are those of the code
docs-check: $(DEV)
	$(PY) tools/docs.py --check

# an environment for developers, in .venv
dev: $(DEV)

# format, and mend what can be mended by itself
fmt: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# rewrite what is made: how records are kept, expectations of golden vaults, errors and sessions; read the diff like code
golden: $(DEV)
	$(PY) tools/codecs_of_records.py
	GOLDEN=1 $(PY) -m pytest -q tests/test_golden.py tests/test_errors.py tests/test_sessions.py tests/test_docs.py
	$(PY) tools/docs.py
	@git status --short -- tests docs README.md 2>/dev/null || true

# the documentation as a site, in ./site
docs: $(DOCS)
	$(PY) tools/docs.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "The pages: site/index.html"

# measure beside `git status`, a bare Python and a measuring stick; `make bench NOTES=1000` is quicker
bench: $(DEV)
	$(PY) benchmarks/run.py --notes $(or $(NOTES),10000)

# the sample vault as it stands today: what is due
run-sample: demo
	@$(BIN)/vaultcrm agenda --vault $(SAMPLE)

# whatever can go wrong goes wrong, 20,000 times and more; `make faults PAGE=docs/trust.md` puts the figures there
faults: $(DEV)
	PAGE="$(PAGE)" $(PYTEST) tests/faults tests/watch -m "slow or not slow"

# the pure floors are tested on every branch
coverage: $(DEV)
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage report --fail-under=100 --include='src/vaultcrm/model/*,src/vaultcrm/parse/*,src/vaultcrm/rules/*,src/vaultcrm/render/*'

# the test suite with the lowest versions that pyproject.toml allows, in an environment of its own (needs uv)
lowest:
	uv venv --quiet --clear --python $(or $(PYTHON),3.11) $(VENV)-lowest
	uv pip install --quiet --python $(VENV)-lowest --resolution lowest-direct -e '.[dev]'
	$(subst $(VENV)/,$(VENV)-lowest/,$(PYTEST))

# the packages, in ./dist
dist: $(DEV)
	rm -rf dist
	$(PY) -m hatchling build -d dist

# remove what was made here, but for .venv and the sample vault, in which you may have written
clean:
	rm -rf build dist site htmlcov .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@$(or $(PYTHON),false) -c '$(FITS)' || { \
	  echo "vaultcrm needs Python 3.11 or newer, with venv, and found none that fits$(if $(PYTHON), ($(PYTHON) does not))." >&2; \
	  echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python" >&2; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): pyproject.toml $(VENV)/pyvenv.cfg
	$(PIP) -e .
	@touch $@

$(DEV): pyproject.toml $(VENV)/pyvenv.cfg
	$(PIP) -e '.[dev]'
	@touch $(RUN) $@

$(DOCS): $(DEV)
	$(PIP) -e '.[dev,docs]'
	@touch $@
