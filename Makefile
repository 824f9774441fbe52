# `make check` is the whole test: it installs into $(VENV) what is missing, then checks style, types, layers and tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: check install format style types layers test evals corruption soak seeds clean

# Types and layers are checked on one core while the tests run on the other.
check: $(STAMP)
	$(MAKE) --jobs=2 --output-sync=line style test types layers evals

install: $(STAMP)

# The grammar compilers are wanted for one test. xgrammar asks for torch and its gigabytes, of which that test uses
# nothing, so it comes without its dependencies.
$(STAMP): pyproject.toml requirements-grammar.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-grammar.txt
	touch $@

style: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

test: $(STAMP)
	$(BIN)/python -m pytest

evals: $(STAMP)
	$(BIN)/python -m evals

corruption: $(STAMP)
	$(BIN)/python -m evals.corruption --processes 2

# Some ten minutes: 10,000 articles with faults, the same with kills, a kill at every write.
soak: $(STAMP)
	$(BIN)/python -m tests.faults.soak

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

seeds: $(STAMP)
	$(BIN)/summarizer run seeds --out out

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
