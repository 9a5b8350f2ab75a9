# Every target does its own set-up: `make demo` and `make test` work on a fresh clone.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo docs test test-nbgrader test-otter test-gradescope parity qualify gpu check dist bench endurance attacks calibrate clean

setup: .venv/ready

# pip, not uv: the constraints name the CPU build of torch, which is a plain version to pip
.venv/ready: pyproject.toml constraints.txt
	@echo "setting up .venv with torch and Jupyter: some minutes, once"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: setup
	$(BIN)/autograder demo lab6

# a test that hangs says where, and fails
WATCHED := -o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true

test: setup
	$(BIN)/pytest -q -n auto --maxprocesses 8 --dist worksteal $(WATCHED) \
		-m "not (ci or slow or browser or gpu or postgres or cluster)"

# the tests that nbgrader ships, with our converter in place of its own
UPSTREAM := $(addprefix nbgrader.tests.apps.,test_nbgrader_autograde test_api test_nbgrader_generate_feedback \
	test_nbgrader_export test_nbgrader_releasefeedback)
test-nbgrader: setup
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -q -n auto --import-mode=prepend -W default \
		--disable-warnings -p tests.upstream.plugin --pyargs $(UPSTREAM)

# the zip for Gradescope, built by its own setup.sh and run without a network: ten minutes or more
test-gradescope: setup
	$(BIN)/pytest -q tests/gradescope

# whole courses and every case: the same rows by nbgrader, by nbgrader with our line, and by us
parity: setup
	$(BIN)/pytest -q tests/parity

# otter-grader as the oracle: a sample of the example answers, all of them with OTTER_CASES=all (an hour or two)
test-otter: setup
	$(BIN)/pytest -q tests/otter

# what takes too long for `make test`, or needs chromium
qualify: test
	$(BIN)/pytest -q -m "(ci or slow or browser or postgres or cluster) and not gpu"
	$(BIN)/autograder verify lab6
	$(BIN)/autograder verify lab6 --cases cases/lab6/attack --max-tier 2
	$(BIN)/autograder verify lab6 --mutants
	$(BIN)/autograder verify lab7
	$(BIN)/autograder verify lab7 --cases cases/lab7/attack --max-tier 2
	$(BIN)/autograder verify lab7 --mutants

# where there is a GPU and a build of torch for it; elsewhere every test says that it was not run
gpu: setup
	$(BIN)/pytest -q -m gpu

# the documentation as a site in site/, which needs no network; a link that leads nowhere is an error
docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "open site/index.html"

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# the wheel and the source archive of the toolkit, in dist/; the same sources give the same bytes
dist: setup
	rm -rf dist
	$(BIN)/python -m hatchling build

bench: setup
	$(BIN)/python -m benchmarks

# a class of ten thousand, and graders, servers and students that are killed: half an hour or more
endurance: setup
	$(BIN)/python -m benchmarks.endurance

# the attacks of cases/, graded by nbgrader, by Otter and by us; takes an hour or two
attacks: setup
	$(BIN)/python -m benchmarks.attacks

# how near right and wrong answers come to each tolerance, over many seeds: an hour or two
calibrate: setup
	$(BIN)/python -m benchmarks.calibration

# only what can be made again: never a submission of a student's, nor gradebook.db and its backups
clean:
	rm -rf .venv $(foreach room,submitted autograded feedback .autograder/results/lab6,$(room)/demo[0-9][0-9])
