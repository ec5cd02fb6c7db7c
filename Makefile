PYTHON311 ?= $(shell tests/find_python.sh 3.11)
PYTHON312 ?= $(shell tests/find_python.sh 3.12)
PYTHON313 ?= $(shell tests/find_python.sh 3.13)
PYTHON ?= $(if $(CI),$(PYTHON311),python3)
PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

# What `make bench` compares, each in an environment of its own.
PEERS := django allauth two-factor ours

TEMPLATES := git ls-files -z --cached --others --exclude-standard '*.html'
PRODUCTION := env -u DEBUG ALLOWED_HOSTS=example.com DATABASE_URL=sqlite://:memory: TRUSTED_PROXY=127.0.0.1 \
	SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz

.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

run: export DEBUG := 1
run: export PORT := $(PORT)
run: $(VENV)/site.stamp ## serve the site on http://127.0.0.1:$PORT, 8000 by default
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py create_demo_accounts
	@$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

serve: export PORT := $(PORT)
serve: $(VENV)/site.stamp ## serve the site as production does, behind a proxy (docs/production.md)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@exec $(BIN)/gunicorn site_config.wsgi

# A row of the matrix says what it runs, and a test holds it to that.
test: export ROW = $(if $(CI),Python 3.11 and Django 5.2)
test: $(VENV)/dev.stamp ## run the tests, in Chromium too; where CI is set, all that test-matrix names
	@tests/browser/install_browsers.sh chromium
	env -u DATABASE_URL $(PYTEST) -m "not browser" $(if $(CI),--cov)
	env -u DATABASE_URL $(PYTEST) -m browser
	@[ -z "$$CI$$TEST_DATABASE_URL" ] || $(MAKE) test-postgres
	@[ -z "$$CI" ] || $(MAKE) test-newer test-guests

test-matrix: ## run what CI runs, on each Python, Django, htmx, browser and database
	@$(MAKE) test CI=true VENV=.venv-3.11

test-newer: ## run the server's tests on the newer Pythons and Djangos, and Firefox on the newest
	@$(MAKE) test-server PYTHON=$(PYTHON312) VENV=.venv-3.12 ROW="Python 3.12 and Django 6.0" \
		DJANGO_LOCK=requirements/django-6.0.txt
	@$(MAKE) test-server test-firefox PYTHON=$(PYTHON313) VENV=.venv-3.13 ROW="Python 3.13 and Django 6.1"

test-server: $(VENV)/dev.stamp ## run the tests but the browser's
	env -u DATABASE_URL $(PYTEST) -m "not browser"

# With everyday's values, also where CI is set: the engine is what differs. There it is the central flows, for time.
FIREFOX_IN_CI := $(patsubst %,tests/browser/test_%.py,wrong_password sign_out other_tabs interrupted_work_goes_on \
	tokens_never_go_stale the_server_says_who_is_signed_in the_part_of_a_page_is_kept browsers_that_lack_something)
test-firefox: $(VENV)/dev.stamp ## run the browser's tests in Firefox
	@tests/browser/install_browsers.sh firefox
	env -u DATABASE_URL -u CI $(PYTEST) -m browser --browser firefox $(if $(CI),$(FIREFOX_IN_CI))

test-postgres: $(VENV)/dev.stamp ## run the tests but the browser's on PostgreSQL, at $TEST_DATABASE_URL or a local server
	@url=$$($(BIN)/python tests/postgres_url.py) && [ -n "$$url" ] || { \
		echo "There is no PostgreSQL here. Name one in TEST_DATABASE_URL." >&2; exit 1; }; \
	DATABASE_URL="$$url" $(PYTEST) -m "not browser"

test-webkit: $(VENV)/dev.stamp ## walk through the site in WebKitGTK
	@tests/browser/install_browsers.sh webkit
	$(BIN)/python -m pytest tests/webkit

screenshots: $(VENV)/dev.stamp ## take a picture of each state, on a phone and a desktop, light and dark, into screenshots/
	@tests/browser/install_browsers.sh chromium
	$(PYTEST) tests/screenshots

test-races: $(VENV)/dev.stamp ## guess and sign in from everywhere at once, 20 times, on SQLite and PostgreSQL
	@$(BIN)/python -m tests.lockout.races

test-drop-in: $(VENV)/dev.stamp ## install the wheel into projects that follow the README, and sign in in Chromium
	@tests/browser/install_browsers.sh chromium
	CI=1 $(PYTEST) tests/drop_in

test-guests: ## follow the pages for guests with Wagtail and second factors, in an environment of their own
	@$(MAKE) .venv-guests/dev.stamp .venv-guests/guests.stamp VENV=.venv-guests
	.venv-guests/bin/python -m pytest tests/guests

test-faults: $(VENV)/dev.stamp ## stop and start the database under the production server
	$(BIN)/python -m pytest tests/faults

CLUSTER := tests/cluster/in_a_network.sh $(BIN)/python -m pytest --capture=no

test-cluster: $(VENV)/dev.stamp ## kill app servers and the database of a site on several machines, under load
	@tests/cluster/install_servers.sh
	$(CLUSTER) tests/cluster/test_machines_come_and_go.py

test-soak: $(VENV)/dev.stamp ## use that site for $MINUTES, 30 by default, and look for what it keeps
	@tests/cluster/install_servers.sh
	$(CLUSTER) tests/cluster/test_it_runs_for_long.py

observatory: $(VENV)/dev.stamp ## scan the production site with the MDN HTTP Observatory, offline
	@$(BIN)/python -m tests.observatory.run

bench-timing: $(VENV)/dev.stamp ## ask whether the time of a failed sign-in tells accounts apart
	$(BIN)/python benchmarks/sign_in_timing.py

bench: $(VENV)/dev.stamp ## compare with other projects' sign-in, or only the tables in ROWS
	@tests/browser/install_browsers.sh chromium
	@for peer in $(PEERS); do \
		$(MAKE) .venv-bench-$$peer/bench-$$peer.stamp VENV=.venv-bench-$$peer || exit 1; \
	done
	@$(BIN)/python benchmarks/compare.py $(if $(ROWS),--only $(ROWS))

bench-growth: $(VENV)/dev.stamp ## ask whether the cost of a sign-in grows with what is stored
	@$(MAKE) .venv-bench-ours/bench-ours.stamp VENV=.venv-bench-ours
	@$(BIN)/python benchmarks/growth.py

bench-sizes: $(VENV)/dev.stamp ## print what a user, a session, a browser and a counter take in PostgreSQL
	@tests/cluster/install_servers.sh
	@tests/cluster/in_a_network.sh $(BIN)/python -W ignore -m benchmarks.row_sizes

bench-crowd: $(VENV)/dev.stamp ## sign a crowd in at the same moment, and under floods, beside Django's own LoginView
	@$(BIN)/python benchmarks/crowd.py

walk: $(VENV)/dev.stamp ## print how many of our files a request enters, and how often it returns to one
	@$(BIN)/python -W ignore::UserWarning benchmarks/walk.py

check: $(VENV)/dev.stamp ## lint, check formats, types, deployment and migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(TEMPLATES) | xargs -0 $(BIN)/djade --check --target-version 5.2
	DEBUG=1 $(BIN)/mypy auth_ui site_config
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run

COMPILE := .venv-lock/bin/uv pip compile --universal --python-version 3.11 \
	--generate-hashes --upgrade --quiet --custom-compile-command 'make lock'

lock: ## lock the newest dependencies for every supported Python
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check --upgrade uv
	$(COMPILE) pyproject.toml --group site --output-file requirements/site.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements/site.txt --output-file requirements/dev.txt
	$(COMPILE) pyproject.toml --group guests --constraint requirements/dev.txt --output-file requirements/guests.txt
	@for peer in $(PEERS); do \
		$(COMPILE) --group pyproject.toml:bench-$$peer --constraint requirements/dev.txt --constraint requirements/guests.txt \
			--output-file requirements/bench-$$peer.txt || exit 1; \
	done
	echo "django~=6.0.0 ; python_version >= '3.12'" | $(COMPILE) --no-deps \
		--output-file requirements/django-6.0.txt -

clean: ## remove what can be made again; the database stays
	rm -rf .venv* .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		dist htmlcov screenshots staticfiles test-results
	find . -name __pycache__ -prune -exec rm -rf {} +

# Without resolving: the lock names every package, and an older pip would otherwise look past a pin
# for the newest release of a package that another one wants with an extra.
# DJANGO_LOCK names the lock of another Django than the one that a Python gets by itself.
$(VENV)/%.stamp: requirements/%.txt $(DJANGO_LOCK) $(BIN)/pip
	@echo "Installing $<"
	@$(PIP_INSTALL) --no-deps --require-hashes --requirement $<
	@$(if $(DJANGO_LOCK),$(PIP_INSTALL) --no-deps --require-hashes --requirement $(DJANGO_LOCK))
	@touch $@

# pip is the last thing that comes into a new environment: where it is, nothing was interrupted.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or later, and $(PYTHON) is older or missing." \
		"Name another in PYTHON, or for test-matrix in PYTHON311, PYTHON312 and PYTHON313." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment." \
		"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
