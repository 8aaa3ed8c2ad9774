# ErlChat. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run terminal test lint bench bench-micro bench-log soak publish admin-password

SHELL := /bin/bash
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

URLS    ?= http://localhost:8000
SERVER  ?= http://localhost:8000
CONFIG  ?= Release
WEB     := src/Chat.Web
TESTS   := $(notdir $(wildcard tests/*.Tests) tests/Chat.EndToEnd)

help: ## list the targets
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: packages-run ## build and serve the chat on http://localhost:8000 (URLS=… for another address)
	dotnet run --project $(WEB) -c $(CONFIG) -- --urls "$(URLS)"

terminal: ## talk at the terminal: make terminal NICK=john SERVER=http://localhost:8000
	@dotnet build src/Chat.Terminal -c $(CONFIG) -v quiet -clp:NoSummary
	@dotnet run --project src/Chat.Terminal -c $(CONFIG) --no-build -- chat --server "$(SERVER)" $(if $(NICK),--nick "$(NICK)")

test: packages-test ## run all tests (about 9 minutes)
	dotnet build ErlChat.sln -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) ordinary $(TESTS)

lint: packages-lint ## check formatting, and the types of the pages' scripts
	dotnet format ErlChat.sln --verify-no-changes
	@[ eng/js/node_modules/.package-lock.json -nt eng/js/package-lock.json ] || npm ci --prefix eng/js --no-audit --no-fund --loglevel=error
	npm run --silent --prefix eng/js check

bench: packages-run packages-bench ## measure the chat under load beside nchan and SignalR, one table (10 minutes)
	@for project in $(WEB) bench/Chat.Load bench/peers/SignalRPeer bench/peers/HeapWatch; do dotnet build $$project -c Release -v quiet -clp:NoSummary || exit 1; done
	dotnet run --project bench/Chat.Load -c Release --no-build -- table --markdown bench/results/table.md

bench-micro: ## measure mailboxes, the fold and the wires by themselves, into bench/results/micro (5 minutes)
	dotnet run --project bench/Chat.Benchmarks -c Release

bench-log: packages-run ## measure the durable log (minutes)
	dotnet build bench/Chat.LogBench -c Release -v quiet -clp:NoSummary
	dotnet run --project bench/Chat.LogBench -c Release --no-build

soak: packages-test ## run the long tests: thousands of polls, random disconnects (minutes)
	dotnet build ErlChat.sln -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) soak $(TESTS)

publish: ## put a server to copy elsewhere into artifacts/publish
	dotnet publish $(WEB) -c Release -o artifacts/publish

admin-password: ## ask for an administrators' password, print the line to configure
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- admin-password

# FILE and DB become one argument each, whatever is in them.
log-%: ## look after the database: make log-backup FILE=…, log-restore FILE=…, log-verify, log-salvage FILE=…, … (DB=… for another one)
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- log $* $(if $(FILE),"$(FILE)") $(if $(FORCE),--force) $(if $(DB),--path "$(DB)")

# What the targets need beyond the SDK and make.
.PHONY: packages-run packages-test packages-lint packages-bench no-nginx-service
packages-run:
	@eng/need-packages.sh "libsqlite3-0:/usr/lib/*/libsqlite3.so.0"

packages-test: no-nginx-service
	@eng/need-packages.sh "libsqlite3-0:/usr/lib/*/libsqlite3.so.0" chromium:/usr/bin/chromium tmux:/usr/bin/tmux nginx-light:/usr/sbin/nginx iproute2:/usr/sbin/ip

# Peers that are not there are left out of the table.
packages-bench: no-nginx-service
	-@eng/need-packages.sh nginx-light:/usr/sbin/nginx libnginx-mod-nchan:/usr/lib/nginx/modules/ngx_nchan_module.so gcc:/usr/bin/gcc libc6-dev:/usr/include/stdio.h

# Debian starts an nginx that it has just installed, on port 80 and after each boot: nobody asked for that.
no-nginx-service:
	-@[ -x /usr/sbin/nginx ] || [ "$$(id -u)" -ne 0 ] || ! command -v systemctl >/dev/null || systemctl mask nginx.service

packages-lint:
	@command -v npm >/dev/null || eng/need-packages.sh nodejs:/usr/bin/node npm:/usr/bin/npm
