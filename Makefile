# Digits: `make serve` installs and serves; `make help` lists the rest. Works with GNU make 3.81 and later.

# The first Python of these that is 3.11 to 3.14 makes .venv. Another one: make install PYTHON=/path/to/python
PYTHONS = python3 python3.13 python3.12 python3.14 python3.11 python
PYTHON =
VENV = .venv
RUN = $(VENV)/bin/python

# HOST and PORT count only on make's command line: shells and other tools set variables of these names for themselves.
ifeq ($(origin HOST),command line)
serve: export DIGITS_HOST = $(HOST)
endif
ifeq ($(origin PORT),command line)
serve: export DIGITS_PORT = $(PORT)
endif

.NOTPARALLEL:
.PHONY: help install serve test train check check-python check-js audit bench fuzz soak serve-ray clean

help: ## List the targets (this text).
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.installed-serve ## Make .venv and install what serving and training need.

serve: install ## Serve on http://127.0.0.1:8000. Options: PORT=9000 HOST=0.0.0.0
	@exec $(RUN) -m app

test: $(VENV)/.installed-test ## Run every test this machine can run. Options: ARGS='-k ink'
	$(RUN) -m pytest $(ARGS)

train: $(VENV)/.installed-offline ## Train both networks anew, into models/. Options: ARGS='--quick'
	@exec $(RUN) -m training.train $(ARGS)

check: check-python check-js audit ## Check format, style and types of the Python and the JavaScript, and audit.

check-python: $(VENV)/.installed-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy

check-js: node_modules/.installed
	npm run --silent check

audit: $(VENV)/.installed-dev ## Hold the dependencies against the known vulnerabilities.
	$(RUN) .ci/audit.py

fuzz: $(VENV)/.installed-fuzz ## Try to break the service by bad input, for about ten minutes. Options: ARGS='--runs 1000'
	$(RUN) -m tests.fuzz $(ARGS)

soak: $(VENV)/.installed-test ## See that memory stays flat over 200,000 requests. Options: ARGS='--requests 20000'
	$(RUN) -m tests.bench.soak $(ARGS)

serve-ray: $(VENV)/.installed-ray ## Serve on Ray: see README.
	@exec $(VENV)/bin/serve run deploy.ray_serve:app

bench: $(VENV)/.installed-test ## Measure serving and training against their reference.
	$(RUN) -m tests.bench.serving
	$(RUN) -m tests.bench.training

clean: ## Remove .venv, node_modules and every cache. Weights and data stay.
	rm -rf $(VENV) node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .coverage
	find app training tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp per set of extras in pyproject.toml; a larger set fulfils the smaller ones in it.
$(VENV)/.installed-serve: EXTRAS =
$(VENV)/.installed-serve: FULFILS = serve
$(VENV)/.installed-offline: EXTRAS = [offline]
$(VENV)/.installed-offline: FULFILS = serve offline
$(VENV)/.installed-test: EXTRAS = [test]
$(VENV)/.installed-test: FULFILS = serve offline test
$(VENV)/.installed-dev: EXTRAS = [dev]
$(VENV)/.installed-dev: FULFILS = serve offline test dev
$(VENV)/.installed-fuzz: EXTRAS = [fuzz]
$(VENV)/.installed-fuzz: FULFILS = serve offline test fuzz
$(VENV)/.installed-ray: EXTRAS = [ray]
$(VENV)/.installed-ray: FULFILS = serve ray

# .venv/.installing stays behind when an installation is killed half-way, or when the very first one fails: the next one
# then begins with an empty .venv. An update that fails, say without network, leaves a working .venv as it was.
$(VENV)/.installed-serve $(VENV)/.installed-offline $(VENV)/.installed-test $(VENV)/.installed-dev $(VENV)/.installed-fuzz $(VENV)/.installed-ray: pyproject.toml constraints.txt
	@if [ -e $(VENV)/.installing ]; then echo 'The last installation was cut short: beginning anew.'; rm -rf $(VENV); fi
	@found=; if ! $(RUN) -m pip --version >/dev/null 2>&1; then \
	  for python in $(if $(PYTHON),'$(PYTHON)',$(PYTHONS)); do \
	    "$$python" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
	      && found=$$python && break; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo 'Digits needs Python 3.11 to 3.14 with its venv module (on Debian and Ubuntu: apt-get install python3-venv).' >&2; \
	    echo 'None of these is one: $(or $(PYTHON),$(PYTHONS)). Name yours: make install PYTHON=/path/to/python3' >&2; exit 1; \
	  fi; \
	  mkdir -p $(VENV) && touch $(VENV)/.installing && "$$found" -m venv $(VENV); \
	fi
	@echo 'Installing into $(VENV); PyTorch makes this a few minutes the first time.'
	@trap 'exit 130' HUP INT TERM; touch $(VENV)/.installing; \
	$(RUN) -m pip install --disable-pip-version-check --quiet -c constraints.txt -e '.$(EXTRAS)' || { \
	  if ls $(VENV)/.installed-* >/dev/null 2>&1; then rm -f $(VENV)/.installing; fi; \
	  echo 'The installation failed; the reason is above. Run the same command again to retry.' >&2; exit 1; }; \
	for extras in $(FULFILS); do touch $(VENV)/.installed-$$extras; done; rm -f $(VENV)/.installing

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo 'The JavaScript check needs npm: install Node.js 20 or newer (on Debian and Ubuntu: apt-get install nodejs npm).' >&2; exit 1; }
	npm ci --loglevel=error --no-audit --no-fund
	@touch $@
