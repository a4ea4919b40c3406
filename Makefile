# What a person does with this repository; `make help` lists it.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8123
CONTRACT ?= openapi/outturn.json
HANDBOOK ?= docs/rules.md
REDOCLY := 2.77.0

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check format lint types imports lint-openapi lint-dockerfile contract \
	client types-client mutants coverage soak feeds-check bench bench-quick bench-writing profile reconcile openapi rules handbook \
	pins hooks clean

help: ## List what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Serve the demo at http://HOST:PORT; its data stays in var/outturn.db
	@mkdir -p var
	$(BIN)/outturn migrate
	$(BIN)/outturn load --demo
	$(BIN)/outturn serve --host $(HOST) --port $(PORT)

# A file of tests at a time in each of two processes, each with databases of its own.
AT_ONCE ?= -n 2 --dist loadfile

# What a copy can change is a list's rows: their figures, order, filters, pages and counts.
LISTED := $(addprefix tests/routers/test_,acceptance.py cursors.py filters.py lists.py replies.py) \
	$(addprefix tests/routers/test_,series.py summaries.py) \
	$(addprefix tests/queries/test_,badges.py derivations.py series.py year_end.py) \
	tests/queries/test_released.py::test_the_suite_reads_as_it_is_told

test: $(VENV)/.test $(VENV)-client/.made ## Run every test, on SQLite and on PostgreSQL, and those that read lists once more by the rules
	$(BIN)/pytest $(AT_ONCE)
	$(BIN)/pytest $(AT_ONCE) --quiet --reading=rules $(LISTED)

check: lint types imports contract handbook lint-openapi lint-dockerfile client types-client test ## Run all that must pass before a commit

format: $(VENV)/.dev ## Lay the code out, and mend what can be mended without a person
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lint: $(VENV)/.dev ## Check layout and style
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(VENV)/.dev ## Check types
	$(BIN)/mypy

imports: $(VENV)/.dev ## Check that imports only go down, and domains keep apart
	$(BIN)/lint-imports

contract: $(VENV)/.dev ## Check that the committed contract is the one the service has
	$(BIN)/outturn openapi --check $(CONTRACT)

handbook: $(VENV)/.dev ## Check that the committed handbook is of the rules there are
	$(BIN)/outturn rules --check $(HANDBOOK)

lint-openapi: $(VENV)/.redocly ## Lint the contract with two linters, offline once installed
	$(BIN)/openapi-spec-validator $(CONTRACT)
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
		$(BIN)/node $(VENV)/redocly/node_modules/@redocly/cli/bin/cli.js \
		lint --config redocly.yaml --format stylish $(CONTRACT)

lint-dockerfile: $(VENV)/.dev ## Lint the Dockerfile
	$(BIN)/hadolint Dockerfile

client: $(VENV)-client/.made ## Build the Python client of the committed contract, check its types, and pack it into dist
	$(VENV)-client/bin/python clients/python/generate.py $(CONTRACT) build/outturn-client
	cd build/outturn-client && $(abspath $(VENV))-client/bin/mypy
	$(VENV)-client/bin/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation \
		--wheel-dir dist ./build/outturn-client

types-client: $(VENV)/.typescript ## Make the contract's TypeScript types, and compile the example front end with them
	cd clients/typescript && PATH="$(abspath $(BIN)):$$PATH" npm run --silent build

mutants: $(VENV)/.test ## Put small faults in the rules and the compiler, one by one, for the tests to find
	$(BIN)/python -m tests.mutation

coverage: $(VENV)/.test ## Run every test, and name the lines none of them reached
	$(BIN)/pytest --cov --cov-report=term-missing:skip-covered

soak: $(VENV)/.test ## Run the long forms of what is shown in short: kills, full disks, cut connections, many editors
	TESTS_SOAK=1 $(BIN)/pytest -v tests/soak tests/routers/test_non_interference.py \
		tests/services/disclosure/test_attack.py tests/routers/test_small_counts.py \
		tests/routers/test_small_counts_attacked.py

feeds-check: $(VENV)/.test ## Have portals' own readers and validators judge the feeds, and broken ones
	$(BIN)/python -m tests.feeds_check

bench: $(VENV)/.bench ## Measure side by side with others over a million observations; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks --write docs/benchmarks.md

bench-quick: $(VENV)/.bench ## Measure the same on a small nation, and only print it
	$(BIN)/python -m benchmarks --quick

bench-writing: $(VENV)/.bench ## Measure a long import, the reads meanwhile, and large releases
	$(BIN)/python -m benchmarks.writing

profile: $(VENV)/.bench ## Say where the microseconds of each hot path go
	$(BIN)/python -m benchmarks.profile

reconcile: $(VENV)/.run ## Compare what the reports printed with what the rules work out
	@mkdir -p var
	@$(BIN)/outturn migrate
	@$(BIN)/outturn load --demo
	$(BIN)/outturn reconcile

fuzz: $(VENV)/.dev ## Try the committed contract with Schemathesis, as users of every sort and as anybody; takes long
	$(BIN)/python -m tests.contract

openapi: $(VENV)/.run ## Write the contract afresh
	$(BIN)/outturn openapi $(CONTRACT)

rules: $(VENV)/.run ## Write the handbook of the rules afresh
	$(BIN)/outturn rules $(HANDBOOK)

pins: ## Pin the newest release of every dependency in constraints.txt, and of what builds the client
	rm -rf $(VENV)-pins
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/python -m pip install --quiet --editable '.[bench,dev]'
	$(VENV)-pins/bin/python -m pip freeze --exclude-editable | LC_ALL=C sort -f > constraints.txt
	rm -rf $(VENV)-pins
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/python -m pip install --quiet $(CLIENT_TOOLS)
	$(VENV)-pins/bin/python -m pip freeze | LC_ALL=C sort -f > clients/python/constraints.txt
	rm -rf $(VENV)-pins

hooks: $(VENV)/.dev ## Run the quick checks before every commit
	$(BIN)/pre-commit install

clean: ## Remove the environment and all caches; the data in var stays
	rm -rf $(VENV) $(VENV)-client $(VENV)-pins .coverage .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache build dist $(addprefix clients/typescript/,build node_modules outturn.ts)
	find app alembic benchmarks tests -type d -name __pycache__ -prune -exec rm -rf {} +

# One environment, in three sizes: what serves, what tests, and what checks. A stamp says which is
# in place; a change of what it was made from puts it in place again.

MADE_FROM := pyproject.toml constraints.txt

$(VENV)/.created:
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: $(MADE_FROM) | $(VENV)/.created
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(MADE_FROM) | $(VENV)/.created
	$(PIP) install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: $(MADE_FROM) | $(VENV)/.created
	$(PIP) install --quiet --constraint constraints.txt --editable '.[bench,dev]'
	@touch $@ $(VENV)/.run $(VENV)/.test

$(VENV)/.bench: $(MADE_FROM) | $(VENV)/.created
	$(PIP) install --quiet --constraint constraints.txt --editable '.[bench]'
	@touch $@ $(VENV)/.run

# Redocly's package carries all it needs, so its version is the whole lock; Node.js is a wheel's.
$(VENV)/.redocly: Makefile | $(VENV)/.dev
	$(BIN)/npm install --prefix $(VENV)/redocly --ignore-scripts --no-audit --no-fund \
		--no-package-lock --no-save --loglevel error @redocly/cli@$(REDOCLY)
	@touch $@

# Their exact versions are in package.json; no lock file, which would name a registry.
$(VENV)/.typescript: clients/typescript/package.json | $(VENV)/.dev
	$(BIN)/npm install --prefix clients/typescript --ignore-scripts --no-audit --no-fund \
		--no-package-lock --loglevel error
	@touch $@

# What makes and tries the Python client wants another typer than the service: an environment beside the first.
CLIENT_TOOLS := hatchling mypy openapi-python-client==0.29.1 pandas ruff

$(VENV)-client/.made: clients/python/constraints.txt
	$(PYTHON) -m venv --clear $(VENV)-client
	echo '*' > $(VENV)-client/.gitignore
	$(VENV)-client/bin/python -m pip --disable-pip-version-check install --quiet \
		--constraint clients/python/constraints.txt $(CLIENT_TOOLS)
	@touch $@
