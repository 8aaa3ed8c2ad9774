# ErlChat. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run terminal test lint bench soak publish admin-password

SHELL := /bin/bash
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

URLS    ?= http://localhost:8000
SERVER  ?= http://localhost:8000
CONFIG  ?= Release
WEB     := src/Chat.Web
TESTS   := $(notdir $(wildcard tests/*.Tests) tests/Chat.EndToEnd)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: packages-run ## build and serve the chat on http://localhost:8000 (URLS=… for another address)
	dotnet run --project $(WEB) -c $(CONFIG) -- --urls "$(URLS)"

terminal: ## talk at the terminal: make terminal NICK=john SERVER=http://localhost:8000
	@dotnet build src/Chat.Terminal -c $(CONFIG) -v quiet -clp:NoSummary
	@dotnet run --project src/Chat.Terminal -c $(CONFIG) --no-build -- chat --server "$(SERVER)" $(if $(NICK),--nick "$(NICK)")

test: packages-test ## run all tests (about 3 minutes)
	dotnet build ErlChat.sln -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) ordinary $(TESTS)

lint: packages-lint ## check formatting, and the types of the pages' scripts
	dotnet format ErlChat.sln --verify-no-changes
	@[ eng/js/node_modules/.package-lock.json -nt eng/js/package-lock.json ] || npm ci --prefix eng/js --no-audit --no-fund --loglevel=error
	npm run --silent --prefix eng/js check

bench: packages-run ## measure parked polls, fan-out and the durable log (minutes)
	dotnet build bench/Chat.Load -c Release -v quiet -clp:NoSummary
	dotnet build bench/Chat.LogBench -c Release -v quiet -clp:NoSummary
	dotnet build $(WEB) -c Release -v quiet -clp:NoSummary
	dotnet run --project bench/Chat.Load -c Release --no-build -- park
	dotnet run --project bench/Chat.Load -c Release --no-build -- fanout
	dotnet run --project bench/Chat.LogBench -c Release --no-build

soak: packages-test ## run the long tests: thousands of polls, random disconnects (minutes)
	dotnet build ErlChat.sln -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) soak $(TESTS)

publish: ## put a server to copy elsewhere into artifacts/publish
	dotnet publish $(WEB) -c Release -o artifacts/publish

admin-password: ## ask for an administrators' password, print the line to configure
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- admin-password

# What the targets need beyond the SDK and make.
.PHONY: packages-run packages-test packages-lint
packages-run:
	@eng/need-packages.sh "libsqlite3-0:/usr/lib/*/libsqlite3.so.0"

packages-test:
	@eng/need-packages.sh "libsqlite3-0:/usr/lib/*/libsqlite3.so.0" chromium:/usr/bin/chromium tmux:/usr/bin/tmux

packages-lint:
	@command -v npm >/dev/null || eng/need-packages.sh nodejs:/usr/bin/node npm:/usr/bin/npm
