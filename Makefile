# Every target works as the first and only command on a fresh machine: bootstrap.py makes .venv when it is missing.
# Written for GNU make 3.81, which macOS ships.

PYTHON ?= python3
RUN = $(PYTHON) bootstrap.py run

.DEFAULT_GOAL = help
.PHONY: help demo test long bench check format lock openapi serve clean

help: ## Say what can be made here.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Play a dozen cases from signal to answers to verified log, in a terminal; KEEP=1 leaves it running.
	@$(RUN) python -m service demo $(if $(KEEP),--keep)

test: check ## Check the code and run every test that takes seconds.
	@$(RUN) python -m pytest -n 2 --dist worksteal

long: ## Run the tests that take minutes: crash points and load.
	@$(RUN) python -m pytest -m long

bench: ## Measure what a decision costs beside other engines, and write var/bench.json.
	@mkdir -p var
	@$(RUN) python -m tests.bench --json var/bench.json
	@$(RUN) python -m tests.bench.intake --json var/bench-intake.json
	@$(RUN) python -m tests.bench.deliveries --json var/bench-deliveries.json

check: ## Check style, types and the walls between the rooms.
	@$(RUN) ruff check --quiet .
	@$(RUN) ruff format --check --quiet .
	@$(RUN) mypy
	@$(RUN) lint-imports --no-logo

format: ## Put the code in the house style.
	@$(RUN) ruff check --fix-only --quiet .
	@$(RUN) ruff format .

lock: ## Resolve pyproject.toml into both locks, with hashes and without hosts.
	@$(RUN) uv pip compile --universal --generate-hashes --no-header --no-annotate --extra dev --quiet \
		--output-file requirements.lock pyproject.toml
	@$(RUN) uv pip compile --universal --generate-hashes --no-header --no-annotate --constraint requirements.lock --quiet \
		--output-file docker/requirements.lock pyproject.toml
	@$(PYTHON) bootstrap.py

openapi: ## Write openapi/openapi.json from the code.
	@$(RUN) python -m service openapi > openapi/openapi.json

serve: ## Start the service on this machine.
	@$(RUN) python -m service serve

clean: ## Remove the environment and the tools' caches, never the data in var/.
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find service tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
