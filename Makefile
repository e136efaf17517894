# Everything a developer needs. Each target installs what it uses, from lock files with hashes.
PYTHON ?= python3
PIP = .venv/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes --no-deps

COMPILE = .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: demo demo-serve test soak faults bench lint format wheel lock schemas dashboards pictures mutants clean

# See it work: published incidents through the whole path, on this machine, without services.
demo: .venv/runs
	@.venv/bin/mocgioi demo

# And stay: the form, the door for posts and the officers' pages at http://127.0.0.1:8080, with an exercise every ten seconds.
demo-serve: .venv/runs
	@.venv/bin/mocgioi demo --serve

# Every test: real Kafka and PostgreSQL, fetched if missing. Two processes, each with a broker and a server of its own; a file stays in one.
test: .venv/tests
	.venv/bin/python -m pytest --numprocesses 2 --dist loadfile

# The long ones.
soak: .venv/tests
	.venv/bin/python -m pytest tests/soak

# Break everything, and write down what happened: docs/faults.md.
faults: .venv/tests
	rm -rf .cache/faults
	.venv/bin/python -m pytest -m fault tests
	.venv/bin/python -m tests.support.faults

# How fast: the pipeline beside its peers, the whole history again, reports over a million records, the door, a post, an alert.
bench: .venv/tests
	.venv/bin/python -m bench.pipeline --million
	.venv/bin/python -m bench.history
	.venv/bin/python -m bench.reports
	.venv/bin/python -m bench.web
	.venv/bin/python -m bench.post
	.venv/bin/python -m bench.alerts

# Does a test notice every changed limit, comparison and exception? Minutes.
mutants: .venv/tests
	.venv/bin/python -m bench.mutants

# Style, types, and which room may import which.
lint: .venv/tests
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

format: .venv/tests
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

# The wheel in an empty environment: alone it is the post's side, light; what needs an extra says which.
wheel: .venv/tests
	rm -rf dist
	.venv/bin/python -m hatchling build -t wheel
	.venv/bin/python -m pytest tests/wheel

# Pin the newest versions that fit: of everything, and the same ones for the post's side, the image and a developer.
lock: .venv/tests
	$(COMPILE) --extra all pyproject.toml -o requirements.lock
	$(COMPILE) -c requirements.lock pyproject.toml -o requirements-base.lock
	$(COMPILE) -c requirements.lock --extra service --extra reports pyproject.toml -o requirements-image.lock
	$(COMPILE) --group build -o requirements-build.lock
	$(COMPILE) --extra all --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) deploy/lint.in -o requirements-lint.lock

# What is made from the models and tables and checked in: JSON Schema, AsyncAPI, the codebook, the list of figures.
schemas: .venv/tests
	.venv/bin/python -c "import pathlib, schemas.asyncapi, schemas.jsonschema; schemas.jsonschema.write(pathlib.Path('schemas/json')); schemas.asyncapi.write(pathlib.Path('docs'), pathlib.Path('tests/unit/recorded_events.jsonl'))"
	for form in md html json; do .venv/bin/mocgioi codebook --format $$form -o docs/codebook.$$form; done
	.venv/bin/mocgioi report figures -o docs/figures.md

# The boards and alert rules that Grafana is provisioned with, from deploy/grafana/boards.
dashboards: .venv/tests
	.venv/bin/python -m deploy.grafana.boards

# The pictures of docs, from what the commands print and the boards show. Needs LibreOffice, poppler and Chromium: docs/pictures/draw.py says how to get them.
pictures: .venv/tests
	.venv/bin/python docs/pictures/draw.py
	.venv/bin/python -m docs.pictures.boards

clean:
	rm -rf .venv .venv-lint .cache dist

.venv/runs: requirements.lock requirements-build.lock pyproject.toml
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@echo "installing into .venv …"
	@$(PIP) -r requirements.lock -r requirements-build.lock
	@.venv/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tests: .venv/runs requirements-dev.lock
	@$(PIP) -r requirements-dev.lock
	@touch $@
