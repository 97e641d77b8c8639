# Frontispiece. `make` lists the doors; config.mk (not in git) may set any of the variables below.
SHELL         := /bin/bash
.SHELLFLAGS   := -eu -o pipefail -c
MAKEFLAGS     += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
before        := $(.VARIABLES)
-include config.mk
in_config     := $(filter-out before,$(filter-out $(before),$(.VARIABLES)))

SOURCE        ?= data/sources/sample.jsonl
DATA          ?= data
SITE_URL      ?= http://127.0.0.1:8080
LISTEN        ?= 127.0.0.1:8080
KEEP          ?= 5
GRACE_DAYS    ?= 30
JOBS          ?= $(shell nproc)
WORKERS       ?= 2
MAX_WITHDRAWN ?= 10%
CLOSED        ?= abandon
REPLACES      ?=
REQUIRES_PLUGINS ?=
ADVISORIES    ?=
ADVISORIES_OF ?=
RATE          ?= 20
PROXIES       ?=
METRICS       ?=
HSTS          ?=
CERTIFICATE   ?=
KEY           ?=
INSTALL_LOG   ?= $(DATA)/log/downloads.log
NGINX_PID     ?= $(DATA)/log/nginx.pid
SEEDS         ?=
CHANGELOGS    ?=
CONTACT       ?= $(SITE_URL)
PICTURES      ?= 1
PICTURES_PER_RUN ?= 2000
PICTURE_HOSTS ?= ps.w.org ts.w.org s.w.org
ZIPS          ?= none
ZIPS_LIMIT    ?= 20G
ZIPS_PER_RUN  ?= 500
SIZES         ?= 7500 75000
WAIT          ?= 0
NOTIFY        ?=
QUIET         ?=
BACKUP        ?=
BACKUPS       ?= 14
READERS       ?=
HOSTS         ?=
SSH           ?= ssh
BUCKET        ?=
ENDPOINT      ?=
DASK          ?=
FULL          ?=
PEERS         ?=
TESTERS       ?= 4
OPTIONS       ?=

# Make keeps the blanks between a value and the comment behind it. NOTIFY and SSH are split into words.
values         = SOURCE DATA SITE_URL LISTEN KEEP GRACE_DAYS JOBS WORKERS MAX_WITHDRAWN CLOSED REPLACES \
                 REQUIRES_PLUGINS ADVISORIES ADVISORIES_OF \
                 RATE INSTALL_LOG NGINX_PID SEEDS CHANGELOGS CONTACT PICTURES PICTURES_PER_RUN ZIPS ZIPS_LIMIT ZIPS_PER_RUN WAIT BACKUP BACKUPS BUCKET ENDPOINT DASK FULL \
                 RELEASE
$(foreach name,$(values),$(eval override $(name) := $$(strip $$($(name)))))

# Told with a call, without a default; PY and SHELL where they are elsewhere.
once           = RELEASE PACKAGE MEND WITH MOST OUTLINE T PY SHELL
# A mistyped name would be passed over, and the site be published under another's address. What
# another Makefile that calls this one was told comes along: that may be its own.
known          = $(once) $(shell sed -nE 's/^([A-Z_]+) +\?=.*/\1/p' $(firstword $(MAKEFILE_LIST)))
typed         := $(if $(filter 0,$(MAKELEVEL)),$(foreach name,$(.VARIABLES),$(if \
                 $(filter command,$(origin $(name))),$(name))))
unknown        = $(if $(strip $(1)),$(filter-out $(known),$(1)))
meant          = $(foreach name,$(1),$(filter $(name)%,$(known)))
which          = ($(if $(meant),do you mean $(strip $(meant))?,README.md has a table of them))
$(foreach name,$(call unknown,$(typed)),$(error there is no variable $(name) $(call which,$(name))))
$(foreach name,$(call unknown,$(in_config)),$(warning config.mk sets $(name), which nothing reads $(call which,$(name))))

# The system's own interpreter where there is one: the server's unprivileged user can run it, too.
PYTHON        ?= $(firstword $(wildcard /usr/bin/python3.11) python3.11)
PY            := .venv/bin/python
RUN            = $(PY) -m scripts --data '$(DATA)' --wait $(WAIT) $(if $(QUIET),--quiet) \
                 $(if $(NOTIFY),--notify $(call quoted,$(NOTIFY)))
quoted         = '$(subst ','\'',$(1))'

# For what reads records and is no step of a run: the first source.
RECORDS        = $(patsubst wporg,$(DATA)/wporg/records.jsonl,$(firstword $(SOURCE)))
MADE           = $(if $(REPLACES),--replaces) $(if $(REQUIRES_PLUGINS),--requires-plugins)
READ           = $(foreach source,$(SOURCE),--source '$(source)') --max-withdrawn '$(MAX_WITHDRAWN)' $(MADE) \
                 $(if $(ADVISORIES),--advisories '$(ADVISORIES)')
FETCH          = --contact '$(CONTACT)' $(if $(SEEDS),--seeds '$(SEEDS)') $(if $(CHANGELOGS),--changelogs)
ASK_HOSTS      = $(foreach host,$(PICTURE_HOSTS),--picture-host '$(host)')
PICTURED       = --pictures-per-run $(if $(filter 0,$(PICTURES)),0,$(PICTURES_PER_RUN)) $(ASK_HOSTS)
ZIPPED         = --zips '$(ZIPS)' --zips-limit '$(ZIPS_LIMIT)' --zips-per-run $(ZIPS_PER_RUN)
SITE           = --site-url '$(SITE_URL)' --closed '$(CLOSED)' \
                 $(if $(ADVISORIES_OF),--advisories-of $(call quoted,$(ADVISORIES_OF)))
DRAW           = --jobs $(JOBS) $(if $(DASK),--dask '$(DASK)')
COUNT          = --log '$(INSTALL_LOG)' --nginx-pid '$(NGINX_PID)'
KEEPING        = --keep $(KEEP) --grace-days $(GRACE_DAYS)

# Beyond this machine, after every release: a bucket has new cards before a page names them.
SSH_AND_FULL   = --ssh $(call quoted,$(SSH)) $(if $(FULL),--full)
STORE          = $(if $(ENDPOINT),--endpoint '$(ENDPOINT)')
AWAY           = $(if $(BUCKET),--bucket '$(BUCKET)' $(STORE)) $(foreach host,$(HOSTS),--host '$(host)') \
                 $(if $(BUCKET)$(HOSTS),$(SSH_AND_FULL))

##@ The daily round
# Each is one run under one lock; `make -n` and --help tell its steps in their order.
.PHONY: pipeline refetch regenerate build fetch-zips fetch-pictures render-new deploy
pipeline: setup ## build → render-new → deploy: everything made, then published with one switch
	$(RUN) pipeline $(READ) $(FETCH) $(PICTURED) $(ZIPPED) $(DRAW) $(SITE) $(KEEPING) $(AWAY) $(OPTIONS)

refetch: setup ## ask wordpress.org for PACKAGE=plugin/slug anew, and publish what it says
	$(RUN) pipeline $(READ) $(FETCH) $(foreach one,$(PACKAGE),--package '$(one)') $(PICTURED) $(ZIPPED) $(DRAW) $(SITE) $(KEEPING) $(AWAY) $(OPTIONS)

regenerate: setup ## the daily job: count installs → redraw cards whose printed facts changed → deploy
	$(RUN) regenerate $(COUNT) $(DRAW) $(SITE) $(KEEPING) $(AWAY) $(OPTIONS)

build: setup ## read the source, or several (SOURCE="wporg own.jsonl"), into the catalogue
	$(if $(filter wporg,$(SOURCE)),$(RUN) fetch $(FETCH) && )$(RUN) build $(READ) --jobs $(JOBS) $(OPTIONS)

fetch-zips: setup ## keep zips of our own: ZIPS=untagged or all, ZIPS_LIMIT, ZIPS_PER_RUN
	$(RUN) fetch-zips $(ZIPPED) $(MADE) --site-url '$(SITE_URL)' --contact '$(CONTACT)' --jobs $(JOBS) $(OPTIONS)

fetch-pictures: setup ## ask for packages' icons and screenshots (PICTURES_PER_RUN), for their cards
	$(RUN) fetch-pictures $(foreach source,$(SOURCE),--source '$(source)') --contact '$(CONTACT)' --jobs $(JOBS) $(PICTURED) $(OPTIONS)

render-new: setup ## draw the cards of packages that have never had one
	$(RUN) render-new $(DRAW) $(OPTIONS)

deploy: setup ## publish a release, if anything changed
	$(RUN) deploy $(SITE) $(KEEPING) $(OPTIONS)

##@ Looking after it
.PHONY: plan status releases rollback prune check-release doctor backup restore
plan: setup ## what the next pipeline and regenerate would do, and why; changes nothing
	@$(RUN) plan $(READ) $(ZIPPED) $(SITE) $(OPTIONS)

status: setup ## release, cards, last runs, the machine; fails when something is unwell
	@$(RUN) status $(if $(CERTIFICATE),--certificate '$(CERTIFICATE)') $(OPTIONS)

releases: setup ## list the kept releases
	@$(RUN) releases $(OPTIONS)

rollback: setup ## publish the release before, or RELEASE=id
	$(RUN) rollback $(if $(RELEASE),--release '$(RELEASE)') $(OPTIONS)
	$(if $(BUCKET),$(RUN) bucket '$(BUCKET)' $(STORE))
	$(if $(HOSTS),$(RUN) push $(SSH_AND_FULL) $(HOSTS))

prune: setup ## remove old releases (KEEP) and old cards (GRACE_DAYS)
	$(RUN) prune $(KEEPING) $(OPTIONS)

check-release: setup ## ask the real app for pages of the live release, or RELEASE=id
	@$(RUN) check $(if $(RELEASE),--release '$(RELEASE)') $(OPTIONS)

doctor: setup ## look at everything under DATA and say how to mend it; MEND=1 mends what is safe
	@$(RUN) doctor $(foreach user,$(READERS),--reader '$(user)') $(if $(MEND),--mend) $(OPTIONS)

backup: setup ## a checked copy of the catalogue in the folder BACKUP (default DATA/backup)
	$(RUN) backup $(if $(BACKUP),--to '$(BACKUP)') --keep $(BACKUPS) $(OPTIONS)

restore: setup ## take the catalogue back from BACKUP=path; the one in place is moved aside
	$(RUN) restore $(if $(BACKUP),--from '$(BACKUP)') $(OPTIONS)

.PHONY: compare canary
compare: setup ## which versions the Composer repository WITH=https://… offers and this site does not, and back
	@$(RUN) compare $(if $(WITH),'$(WITH)') --contact '$(CONTACT)' $(if $(MOST),--most '$(MOST)') $(OPTIONS)

canary: setup ## try three packages (PACKAGE) all the way from wordpress.org into a project; for a timer
	@$(RUN) canary --site-url '$(SITE_URL)' --contact '$(CONTACT)' $(foreach one,$(PACKAGE),--package '$(one)') $(OPTIONS)

##@ Beyond one machine
.PHONY: push bucket
push: setup ## publish the live release on HOSTS="user@web1:/srv/frontispiece …", too
	$(RUN) push $(SSH_AND_FULL) $(foreach host,$(HOSTS),'$(host)') $(OPTIONS)

bucket: setup ## send images, kept zips and Composer files to BUCKET=s3://name [ENDPOINT=url]
	$(RUN) bucket $(if $(BUCKET),'$(BUCKET)') $(STORE) $(if $(FULL),--full) $(OPTIONS)

##@ Serving
FACE           = --site-url '$(SITE_URL)' --workers $(WORKERS) --rate $(RATE) $(foreach network,$(PROXIES),--proxy-address '$(network)') \
                 $(foreach network,$(METRICS),--metrics '$(network)')
TLS            = $(if $(CERTIFICATE),--certificate '$(CERTIFICATE)' --key '$(KEY)') $(if $(HSTS),--hsts '$(HSTS)')
.PHONY: serve nginx-conf restart
serve: setup ## nginx and the app in the foreground on LISTEN; Ctrl-C stops both
	@setpriv --pdeathsig TERM -- $(RUN) serve --listen '$(LISTEN)' $(FACE) $(OPTIONS)

nginx-conf: setup ## print the site for Debian's nginx: WORKERS, RATE, PROXIES, METRICS, CERTIFICATE, KEY, HSTS
	@$(RUN) nginx-conf --production $(FACE) $(TLS) --install-log /var/log/frontispiece/downloads.log $(OPTIONS)

restart: setup ## start the app's processes (systemd) anew, one after the other, without a gap
	@$(RUN) restart $(OPTIONS)

# All tests are shared out to workers, more than a small machine has processors: tests wait a lot.
# Python's development mode tells of what is left open; its allocator would take a tenth of the time.
PYTEST         = PYTHONMALLOC=pymalloc $(PY) -X dev -m pytest $(if $(T),,--dist loadfile --tx '$(TESTERS)*popen//python=$(PY) -X dev')

##@ Working on it
.PHONY: test check soak bench bench-scale bench-load preview lock clean help
test: setup-tests check ## every test, on real nginx, SQLite, sockets
	$(PYTEST) --durations=20 -m 'not soak' $(T)

soak: setup-tests ## the longer profiles of the tests
	$(PYTEST) -m soak $(T)

check: setup-tests ## lint, format, types
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy

bench: $(if $(PEERS),setup-tests,setup) ## measure the drawing of cards against its baseline; PEERS=1: and takumi's
	@$(PY) -m tests.scale.drawing --source '$(RECORDS)'
	@$(PY) -m tests.scale.whole
	$(if $(PEERS),@$(PY) -m tests.scale.peer)

bench-scale: setup-tests ## measure every step at 7,500 and 75,000 packages; SIZES="7500 75000 300000"
	@$(PY) -m tests.scale.bench --out '$(DATA)/scale' --sizes $(SIZES)

bench-load: setup-tests ## measure what the site bears, on the largest catalogue of bench-scale's
	@$(PY) -m tests.scale.load --data '$(DATA)/scale/$(lastword $(SIZES))/data'

preview: setup ## the hardest cards of the catalogue on one sheet, under DATA/preview; OUTLINE=1
	@$(PY) -m scripts.preview $(if $(wildcard $(DATA)/catalog.db),--data '$(DATA)',\
	  --source '$(RECORDS)') --out '$(DATA)/preview' $(if $(OUTLINE),--outline)

lock: setup-tests ## write the lock files anew from pyproject.toml
	scripts/lock.sh

clean: ## remove the virtual environment and caches; DATA stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Set-up
EXTRAS         = $(if $(BUCKET),.venv/.installed-s3) $(if $(DASK),.venv/.installed-dask)
# Every stamp begins with this: who may not write what set-up makes is told who does it, and so is NOTIFY.
MAY_SET_UP     = @command -v $(PYTHON) >/dev/null || \
  { echo 'There is no $(PYTHON): install Debian'"'"'s python3-venv, then run this again.' >&2; exit 2; }; \
  $(PYTHON) -B -m scripts.set_up --data '$(DATA)' $(if $(NOTIFY),--notify $(call quoted,$(NOTIFY)))
PIP            = .venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r
# Nothing is left for a first run to write, which may be another user's: modules are compiled here.
WARM           = .venv/bin/python -m compileall -q .venv/lib
.PHONY: setup setup-tests
setup: .venv/.packages .venv/.installed $(EXTRAS) .venv/.compiled ## Debian packages, virtual environment, pinned dependencies

setup-tests: .venv/.packages-tests setup .venv/.installed-tests node_modules/.installed

.venv/.packages: debian-packages.txt scripts/debian_packages.py
	$(MAY_SET_UP)
	@$(PYTHON) scripts/debian_packages.py debian-packages.txt
	@mkdir -p .venv && touch $@

.venv/.packages-tests: debian-packages.txt scripts/debian_packages.py
	$(MAY_SET_UP)
	@$(PYTHON) scripts/debian_packages.py debian-packages.txt --tests
	@mkdir -p .venv && touch $@

# On its own check, too: what an older set-up left out is made good.
.venv/.installed: requirements.lock scripts/set_up.py | .venv/.packages
	$(MAY_SET_UP)
	$(PYTHON) -m venv .venv
	$(PIP) $<
	$(WARM)
	@touch $@

.venv/.installed-%: requirements-%.lock .venv/.installed
	$(MAY_SET_UP)
	$(PIP) $<
	$(WARM)
	@touch $@

.venv/.installed-tests: requirements-test.lock .venv/.installed
	$(MAY_SET_UP)
	$(PIP) $<
	$(WARM)
	@touch $@

# Ours, too: who may not write beside them would compile them at every start.
ROOMS          = release catalog render publish server scripts
MODULES        = $(foreach room,$(ROOMS),$(wildcard $(room)/*.py $(room)/*/*.py $(room)/*/*/*.py))
.venv/.compiled: $(MODULES) | .venv/.installed
	@test ! -w .venv || { .venv/bin/python -m compileall -q $(ROOMS) && touch $@; }

node_modules/.installed: package-lock.json .venv/.packages-tests
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
