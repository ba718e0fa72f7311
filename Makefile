# The same words on a laptop and in CI.
PYTHON ?= python3.11
BIN := .venv/bin
GRAPHIQL := punnet/server/graphiql/dist/index.html

.PHONY: install demo test check fix bench fuzz judges graphiql clean

install: .venv/.installed graphiql

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# GraphiQL is built from npm packages. Without node the server says how to get it.
graphiql:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(GRAPHIQL); \
	else echo 'npm is not installed: GraphiQL is left out (it needs Node.js 20)'; fi

$(GRAPHIQL): graphiql/package.json graphiql/build.mjs graphiql/index.html $(wildcard graphiql/src/*)
	npm install --prefix graphiql --ignore-scripts --no-audit --no-fund
	npm run build --prefix graphiql

demo: install
	$(BIN)/punnet demo

test: install
	$(BIN)/python -m pytest --numprocesses 2

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The heavy suites: a browser, fuzzing, faults, composers and gateways. They need Debian's chromium and Node.js 20.
judges: install
	npm install --prefix tests/browser --ignore-scripts --no-audit --no-fund
	npm install --prefix tests/joins --ignore-scripts --no-audit --no-fund
	npm install --prefix tests/federation --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m pytest -m judge

# Random operations, data, schemas and representations both ways, round after round: make fuzz MINUTES=600
MINUTES ?= 30
fuzz: install
	end=$$(($$(date +%s) + 60 * $(MINUTES))); \
	while [ "$$(date +%s)" -lt "$$end" ]; do \
	  PUNNET_FUZZ=1 $(BIN)/python -m pytest --quiet -m judge --numprocesses 2 -k at_length tests/differential tests/joins \
	    || exit 1; \
	done

bench: install
	benchmarks/run.sh

clean:
	rm -rf .venv punnet/server/graphiql/dist graphiql/node_modules tests/browser/node_modules tests/joins/node_modules tests/federation/node_modules
