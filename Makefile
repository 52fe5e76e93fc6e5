# The list of commands. Hand, hook and CI call the same ones.
# Needs Python >= 3.11 and a package registry; everything else is brought by uv from uv.lock.

PYTHON ?= python3
HOUSEHOLDS ?= 20000
SEED ?= 2019
ON ?= 2019-12-31
DEMO ?= demo
SERVE ?= yes

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
SYNCED := .venv/.synced
CHARTS := src/jingzhun/report/static/echarts.min.js
PAGES := src/jingzhun_web/static/platform/built.txt
TEXTS := $(shell find src/jingzhun_web -name django.po)
WORDS := $(TEXTS:.po=.mo)
MADE = $(DEMO)/.made-$(HOUSEHOLDS)-$(SEED)-$(ON)

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-data wheel test test-all bench check fix docs lock clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(SYNCED) $(CHARTS) $(PAGES) $(WORDS)  ## environment from the lock, charts for the report

$(UV):
	@echo "Bringing uv ..." >&2
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"

$(SYNCED): pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --extra web --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

# The script says by itself when there is nothing to do, or no registry to be reached.
$(CHARTS): $(SYNCED) frontend/building.py $(wildcard frontend/charts/*.py frontend/charts/*.js*)
	$(RUN) python frontend/charts/build.py
	@touch -c $@

%.mo: %.po $(SYNCED)
	@$(RUN) pybabel --quiet compile --input-file $< --output-file $@ --locale zh_Hans

$(PAGES): $(SYNCED) frontend/building.py $(wildcard frontend/platform/*.*)
	$(RUN) python frontend/platform/build.py
	@touch -c $@

demo: demo-data  ## invents a province, runs the whole job on it, serves it in the browser until Ctrl-C
	@test "$(SERVE)" != yes || JINGZHUN_HOME=$(DEMO)-platform $(RUN) jingzhun-web demo $(DEMO)

demo-data: setup $(MADE)  ## only the province and its report; with the same HOUSEHOLDS they are kept

# Another province needs another database: what was done in the platform's demo goes with the old one.
$(MADE): | setup
	@rm -rf $(DEMO) $(DEMO)-platform
	$(RUN) jingzhun make-sample $(DEMO) --households $(HOUSEHOLDS) --seed $(SEED) --periods 2018..2019
	$(RUN) jingzhun run $(DEMO) --on $(ON)
	@touch $@

wheel: setup  ## dist/: source archive and wheel, with the built pages and translations
	@rm -rf dist
	$(UV) build --quiet

test: setup  ## all tests but the long lanes
	$(RUN) pytest -n auto --dist loadfile -m "not slow and not spark"

test-all: setup  ## the long lanes too: Spark, large fuzzing
	$(UV) sync --frozen --quiet --extra web --extra spark
	$(RUN) pytest

bench: setup  ## figures for docs/benchmarks.md
	$(UV) sync --frozen --quiet --extra web --extra spark --group bench
	$(RUN) python -m bench

check: setup  ## style, types, layers, docs that must be current
	$(RUN) ruff format --check src tests bench
	$(RUN) ruff check src tests bench
	$(RUN) mypy
	$(RUN) lint-imports

fix: setup  ## formats and repairs what can be repaired
	$(RUN) ruff format src tests bench
	$(RUN) ruff check --fix src tests bench

docs: setup  ## pages generated from the standard
	$(RUN) jingzhun schema --format markdown > docs/data-standard.md

lock: | $(UV)  ## takes new versions into uv.lock
	$(UV) lock --upgrade

clean:  ## removes everything that was made
	rm -rf .venv .tools demo demo-platform dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
