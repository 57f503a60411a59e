# FitFriendsClubs: `make demo` runs it, `make test` proves it. Everything else: README.md.
PYTHON := var/venv/bin/python
.PHONY: demo demo-up demo-down demo-status test test-quick lint format fmt
.DEFAULT_GOAL := demo

# HTTP_PORT, RTMP_PORT, BIND and PUBLIC_URL may be given: make demo HTTP_PORT=9000
# make demo TLS=1: HTTPS on HTTPS_PORT (8443), RTMPS on RTMPS_PORT (1936); RTMP_PLAIN=0 closes plain RTMP to others
export

demo: ## in the foreground, until Ctrl-C
	@sh deploy/bootstrap.sh
	@exec $(PYTHON) -m deploy.local run

demo-up: ## in the background
	@sh deploy/bootstrap.sh
	@$(PYTHON) -m deploy.local up

demo-down:
	@test ! -x $(PYTHON) || $(PYTHON) -m deploy.local down

demo-status:
	@$(PYTHON) -m deploy.local status

test: ## what CI runs: lint, then every test on real parts
	@sh deploy/bootstrap.sh test
	@$(PYTHON) -m deploy.developer.checks
	@$(PYTHON) -m deploy.developer.checks tests

test-quick: ## lint, then everything that needs neither the whole stack nor a browser
	@sh deploy/bootstrap.sh test
	@$(PYTHON) -m deploy.developer.checks
	@$(PYTHON) -m deploy.developer.checks tests-quick

lint:
	@sh deploy/bootstrap.sh lint
	@$(PYTHON) -m deploy.developer.checks

format fmt:
	@var/venv/bin/ruff check --fix-only --quiet . && var/venv/bin/ruff format --quiet .
	@var/venv/bin/djlint --reformat --quiet templates
	@var/venv/bin/node node_modules/@biomejs/biome/bin/biome check --write
