# Two commands do everything: `make demo` and `make test`. Both make their own environment in .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif

.PHONY: demo test lint format clean

demo: $(VENV)/.demo
	@$(BIN)/dmlsync --config config.example.toml push --yes

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .dmlsync

# The stamps tell what is installed; a changed pyproject.toml installs anew.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit("dmlsync needs Python 3.11 or newer, $(PYTHON) is " + sys.version.split()[0] + ": try make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.python pyproject.toml
	@echo "Installing dmlsync in $(VENV) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo pyproject.toml
	@echo "Installing the tools for tests in $(VENV) ..."
	@$(PIP) --upgrade 'pip>=25.1'
	@$(PIP) --group dev
	@touch $@
