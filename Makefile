# Every target makes its own virtual environment; `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The oldest Python that setup.cfg promises, if there is one beside $(PYTHON); its packages go to an environment of their own.
OLDEST_PYTHON ?= $(or $(shell command -v python3.11),$(PYTHON))
OLDEST ?= $(VENV)-oldest
KERNEL ?= Haswell
# The tests whose numbers come from the library's own arithmetic: no subprocesses, browsers or pictures.
CORE = $(filter-out $(addprefix tests/reduced/,__pycache__ commands console explorer plots predictors),$(wildcard tests/reduced/*))
ARGS ?=

.PHONY: help simulate derive validate figures benchmark test test-faults test-kernel test-oldest test-install mutants docs explore lint

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-%: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

simulate: $(VENV)/installed  ## derive the equations and watch the paper's network grok (ARGS="--seeds 5" for its figure)
	$(BIN)/grokking-reduced simulate $(ARGS)

derive: $(VENV)/installed  ## regenerate and check every derivation
	$(BIN)/grokking-reduced derive $(ARGS)

validate: $(VENV)/installed  ## hold the closed forms against the numerics
	$(BIN)/grokking-reduced validate $(ARGS)

figures: $(VENV)/installed  ## make the figures in runs/figures; ARGS=--refresh replaces the committed ones
	$(BIN)/python scripts/make_figures.py $(ARGS)

benchmark: $(VENV)/installed-bench  ## time the field against its peers
	$(BIN)/python scripts/benchmark.py $(ARGS)

test: lint  ## lint, types and tests
	$(BIN)/python -m pytest --numprocesses auto $(ARGS)

test-faults: $(VENV)/installed-test $(VENV)/installed-sweep  ## kill processes, fill disks, take schedulers away
	$(BIN)/python -m pytest -m faults tests/faults $(ARGS)

test-kernel: $(VENV)/installed-test  ## tests of `reduced` under one of OpenBLAS's kernels (KERNEL=Prescott, Haswell or SkylakeX)
	OPENBLAS_CORETYPE=$(KERNEL) $(BIN)/python -m pytest --numprocesses auto --kernel $(KERNEL) $(CORE) reduced $(ARGS)

test-oldest: $(OLDEST)/installed  ## lint, types and core tests with the oldest versions that setup.cfg promises
	$(OLDEST)/bin/ruff check .
	$(OLDEST)/bin/mypy
	$(OLDEST)/bin/python -m pytest --numprocesses auto $(CORE) tests/derivations $(ARGS)

test-install: $(VENV)/installed-test  ## build wheel and sdist, and try both as a person who installs them
	$(BIN)/python tests/install.py $(ARGS)

mutants: $(VENV)/installed-test $(VENV)/installed-mutants  ## change a stated sample of the code, one place at a time, and count what the tests notice
	$(BIN)/mutmut run $(ARGS)
	@$(BIN)/mutmut results --all true | sed -nE 's/.*: ([a-z ]+)$$/\1/p' | sort | uniq -c

# Each ">=" of setup.cfg becomes a "==".
$(OLDEST)/installed: setup.cfg pyproject.toml
	$(OLDEST_PYTHON) -m venv $(OLDEST)
	sed -nE 's/^    ([a-z0-9-]+)(\[[a-z]+\])?>=/\1==/p' setup.cfg > $(OLDEST)/oldest.txt
	$(OLDEST)/bin/pip install --quiet --disable-pip-version-check --constraint $(OLDEST)/oldest.txt --editable '.[test]'
	@touch $@

explore: $(VENV)/installed-explore  ## play runs in a browser: one HTML file, grokking-results/explorer.html
	$(BIN)/grokking-reduced explore $(ARGS)

docs: $(VENV)/installed-docs  ## build the site in docs/_build/html: pages, API, gallery, derivations; warnings are errors
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html $(ARGS)
	$(BIN)/grokking-reduced derive --out docs/_build/html/derivations
	$(BIN)/grokking-reduced explore --out docs/_build/html/explorer.html --p 13 23 --width 1.5 --ridge 0 0.01

lint: $(VENV)/installed-test  ## ruff and mypy alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
