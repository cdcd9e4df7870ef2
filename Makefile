# Ovation. `make help` lists the targets; what is up to date is not done again.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

STAMPS  := .make
BUILD   := dotnet build Ovation.slnx -c Release -v q -nologo
SOURCES := $(shell git ls-files -co --exclude-standard 2>/dev/null -- 'src/*' 'tests/*' 'chaos/*' 'demo/*' 'benchmarks/*' '*.props' 'contracts/abi/*' 'contracts/bytecode/*' | grep -v -E '/(bin|obj)/')

ROUNDS ?= 200

.PHONY: help run demo stack stack-stop test-stack test-servers test-fleet chaos test bench check format build packages contracts-test faults migration clean

help: ## List the targets
	@echo 'Ovation: every play pays the artist.'
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16 | sed 's/^/  make /'
	@echo
	@echo 'OVATION_DATA (default ./data) and OVATION_URL (default http://localhost:8080) choose where `make run` lives.'

run: build ## Start everything; the first run makes a demo artist with songs
	@deploy/run

demo: build ## Tell the whole story in the terminal, each step with its proof
	@dotnet demo/bin/Release/net10.0/ovation-demo.dll story

stack: $(STAMPS)/published ## Start a fleet on this machine: each module a process, PostgreSQL, RabbitMQ, S3, NGINX
	@deploy/stack/up

stack-stop: ## End the fleet; everything is kept
	@deploy/stack/down

test-stack: $(STAMPS)/published ## Test the fleet's servers, then a fleet: its story, the tests of every shape, ten parts killed
	@deploy/stack/test

# The halves of test-stack: the first may run beside other tests; the second measures, and has to run alone.
test-servers: $(STAMPS)/published
	@deploy/stack/test servers

test-fleet: $(STAMPS)/published
	@deploy/stack/test fleet

chaos: build $(STAMPS)/published ## Kill -9 the fleet's parts while it works, ROUNDS=200 times, by SEED; then prove that nothing was lost or done twice
	@ROUNDS='$(ROUNDS)' SEED='$(SEED)' deploy/stack/chaos

test: build $(STAMPS)/published contracts-test ## Run every test
	@deploy/test

contracts-test: $(STAMPS)/npm
	@cd contracts && npm run --silent test && npm run --silent test:deploy

bench: build ## Measure against peers in the same run; fails below a bar
	@dotnet benchmarks/bin/Release/net10.0/ovation-bench.dll

faults: $(STAMPS)/npm ## Seed faults into copies of the contracts; each must be noticed
	@cd contracts && npm run --silent faults

check: build $(STAMPS)/lint ## Formatting, analyzers, contracts as committed, rules of the house
	@deploy/check

format: build ## Format C# and Solidity
	@dotnet format Ovation.slnx --no-restore
	@cd contracts && npm run --silent fmt

migration: $(STAMPS)/packages ## Make a migration: make migration MODULE=Catalog NAME=AddCovers
	@test -n "$(MODULE)" -a -n "$(NAME)" || { echo 'usage: make migration MODULE=Catalog NAME=AddCovers' >&2; exit 2; }
	@dotnet tool restore >/dev/null
	@dotnet ef migrations add $(NAME) --project src/$(MODULE) --startup-project src/Host --context $(MODULE)Db --configuration Release

clean: ## Remove what was built (never the data)
	@rm -rf $(STAMPS) contracts/out contracts/cache
	@find src tests chaos demo benchmarks -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

build: $(STAMPS)/build

packages: $(STAMPS)/packages

# System packages, npm packages and NuGet packages, each from its lock file where it has one.
$(STAMPS)/system: deploy/install-packages
	@mkdir -p $(STAMPS)
	@deploy/install-packages
	@touch $@

$(STAMPS)/npm: contracts/package-lock.json | $(STAMPS)/system
	@echo 'Installing npm packages (contracts/)…'
	@cd contracts && npm ci --silent
	@touch $@

$(STAMPS)/lint: deploy/lint/package-lock.json | $(STAMPS)/system
	@echo 'Installing npm packages (deploy/lint/)…'
	@cd deploy/lint && npm ci --silent
	@touch $@

$(STAMPS)/packages: $(STAMPS)/system $(STAMPS)/npm $(wildcard src/*/packages.lock.json tests/*/packages.lock.json chaos/packages.lock.json demo/packages.lock.json benchmarks/packages.lock.json)
	@echo 'Restoring NuGet packages…'
	@dotnet restore Ovation.slnx --locked-mode -v q
	@touch $@

$(STAMPS)/build: $(STAMPS)/packages $(SOURCES)
	@echo 'Building…'
	@$(BUILD) --no-restore
	@touch $@

# The server compiled ahead of time, for those who run many processes of it.
$(STAMPS)/published: $(STAMPS)/build
	@echo 'Publishing the server…'
	@dotnet publish src/Host -c Release -r linux-x64 --no-restore -v q -nologo
	@touch $@
