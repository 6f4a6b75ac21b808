# The two commands that matter: make demo, make test. Everything they need they make themselves, in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test lint proof fuzz train bench dist deb clean

demo: $(VENV)/.runs
	@$(BIN)/inboxbot demo $(ARGS)

test: $(VENV)/.dev
	@sh tests/servers/install.sh
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The long proofs: thousands of kills, every byte of the APPEND dialogue cut, fuzzing. An hour or more.
proof: $(VENV)/.dev
	@sh tests/servers/install.sh
	$(BIN)/python -m pytest -m proof -n auto $(ARGS)

# What holds for any input, tried by atheris: make fuzz TARGET=reading|facts|rendering SECONDS=600.
TARGET  ?= reading
SECONDS ?= 600
fuzz: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	@mkdir -p build/fuzz/$(TARGET)
	$(BIN)/python -m tests.fuzz $(TARGET) -max_total_time=$(SECONDS) -timeout=10 -artifact_prefix=build/fuzz/ \
		build/fuzz/$(TARGET) tests/letter/torture

# A model from training_data/, measured and put on the packaged shelf.
train: $(VENV)/.dev
	rm -rf build/shelf
	$(BIN)/inboxbot train --shelf build/shelf --promote
	rm -rf models && mv build/shelf models

bench: $(VENV)/.dev
	@sh tests/servers/install.sh
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

# Wheel and sdist with model and training data inside, the manual page, completions.
dist: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m hatchling build -d dist
	$(BIN)/python packaging/manual.py dist/manual

# A Debian package for the release that this machine runs, everything inside /opt/inboxbot.
deb: dist
	sh packaging/deb.sh dist/*.whl dist/manual dist

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "inboxbot needs Python 3.11 or later: make PYTHON=python3.11")'
	@echo "making the environment in $(VENV) (once, a minute or two) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runs: $(VENV)/bin/python pyproject.toml
	@echo "installing inboxbot and what it needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[demo,ocr]'
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	@echo "installing inboxbot with the tools of its tests …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.runs
