# The ways in: `make demo` shows a living city, `make test` and `make check` say whether the house stands.

SHELL := /bin/bash
.DEFAULT_GOAL := help

BIN := .venv/bin
BUILT := .venv/.built
JOBS ?= 2
CHROMIUM := /usr/bin/chromium

.PHONY: help
help: ## these lines
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: demo
demo: $(BUILT) ## a city at work, with its addresses and accounts; again: the same city
	@$(BIN)/motcua demo

.PHONY: clean-demo
clean-demo: $(BUILT) ## stops and removes that city
	@$(BIN)/motcua demo --remove

.PHONY: venv
venv: $(BUILT) ## .venv with the locked dependencies

# A Python counts when it runs, is 3.11 or later, and can make environments: a shim or a bare Debian python3 may not.
$(BUILT): requirements.lock pyproject.toml
	@set -e; \
	if $(BIN)/python -m pip --version >/dev/null 2>&1; then exit 0; fi; \
	for name in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3; do \
	  if "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found="$$name"; break; \
	  fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "Cần Python 3.11 trở lên, kèm venv / Python 3.11 or later is needed, with its venv:" \
	       "apt-get install python3 python3-venv" >&2; \
	  exit 1; \
	fi; \
	echo "Dựng .venv / building .venv with $$("$$found" --version)"; \
	"$$found" -m venv --clear .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: browser
browser:
	@if [ ! -x $(CHROMIUM) ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Cài Chromium từ gói Debian / installing Chromium from Debian's packages"; \
	  apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	fi; \
	if [ ! -x $(CHROMIUM) ]; then \
	  echo "Thiếu $(CHROMIUM), cần cho các bài thử trình duyệt / the tests in the browser need $(CHROMIUM):" \
	       "sudo apt-get install chromium" >&2; \
	  if [ -n "$$CI" ]; then exit 1; fi; \
	fi

.PHONY: test
test: $(BUILT) browser ## every test, in parallel (JOBS=2)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(TESTS)

.PHONY: check
check: $(BUILT) ## style, types, import contracts, migrations, translations, content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@PYTHONWARNINGS=ignore $(BIN)/motcua makemigrations --check --dry-run
	$(BIN)/motcua translations check
	$(BIN)/motcua content check content/hanoi-2018

.PHONY: lock
lock: $(BUILT) ## requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra dev pyproject.toml -o requirements.lock
