# ErlChat. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run terminal test test-deploy lint bench bench-micro bench-log soak publish deb install admin-password

SHELL := /bin/bash
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# The SDK wants ICU, a library for other languages than English, unless it is told to do without. The server does without anyway.
ifeq ($(wildcard /usr/lib/*/libicuuc.so.* /usr/lib/libicuuc.so.* /usr/lib64/libicuuc.so.*),)
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := 1
endif

URLS    ?= http://localhost:8000
SERVER  ?= http://localhost:8000
CONFIG  ?= Release
# Of make publish and make deb: which system a self-contained server is for, such as linux-x64 or linux-arm64. Without, it needs .NET there.
RID     ?=
ARTIFACTS ?= artifacts
VERSION ?= $(shell sed -nE 's:.*<Version>(.*)</Version>.*:\1:p' Directory.Build.props)
WEB     := src/Chat.Web
TESTS   := $(notdir $(wildcard tests/*.Tests) tests/Chat.EndToEnd)

help: ## list the targets
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: packages-sdk ## build and serve the chat on http://localhost:8000 (URLS=… for another address)
	dotnet run --project $(WEB) -c $(CONFIG) -- --urls "$(URLS)"

terminal: packages-sdk ## talk at the terminal: make terminal NICK=john SERVER=http://localhost:8000
	@dotnet build src/Chat.Terminal -c $(CONFIG) -v quiet -clp:NoSummary
	@dotnet run --project src/Chat.Terminal -c $(CONFIG) --no-build -- chat --server "$(SERVER)" $(if $(NICK),--nick "$(NICK)")

test: packages-test ## run all tests (about 10 minutes; TESTS=Chat.Web.Tests: one project's)
	dotnet build $(if $(filter command line,$(origin TESTS)),tests/$(TESTS),ErlChat.sln) -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) ordinary $(TESTS)

test-deploy: packages-deploy ## install, start and upgrade it for real: package, container, systemd, proxies (as root, about 15 minutes)
	@for project in Chat.Web.Tests Chat.Deploy.Tests; do dotnet build tests/$$project -c $(CONFIG) -v quiet -clp:NoSummary || exit 1; done
	@eng/run-tests.sh $(CONFIG) deploy Chat.Web.Tests Chat.Deploy.Tests

lint: packages-sdk packages-lint ## check formatting, and the types of the pages' scripts
	dotnet format ErlChat.sln --verify-no-changes
	@[ eng/js/node_modules/.package-lock.json -nt eng/js/package-lock.json ] || npm ci --prefix eng/js --no-audit --no-fund --loglevel=error
	npm run --silent --prefix eng/js check

bench: packages-sdk packages-bench ## measure the chat under load beside nchan and SignalR, one table (10 minutes)
	@for project in $(WEB) bench/Chat.Load bench/peers/SignalRPeer bench/peers/HeapWatch; do dotnet build $$project -c Release -v quiet -clp:NoSummary || exit 1; done
	dotnet run --project bench/Chat.Load -c Release --no-build -- table --markdown bench/results/table.md

bench-micro: packages-sdk ## measure mailboxes, the fold and the wires by themselves, into bench/results/micro (5 minutes)
	dotnet run --project bench/Chat.Benchmarks -c Release

bench-log: packages-sdk ## measure the durable log (minutes)
	dotnet build bench/Chat.LogBench -c Release -v quiet -clp:NoSummary
	dotnet run --project bench/Chat.LogBench -c Release --no-build

soak: packages-test ## run the long tests: thousands of polls, random disconnects (minutes)
	dotnet build ErlChat.sln -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) soak $(TESTS)

publish: packages-sdk ## put a server to copy elsewhere into artifacts/publish (RID=linux-x64: with .NET in it)
	rm -rf $(ARTIFACTS)/publish
	dotnet publish $(WEB) -c Release -o $(ARTIFACTS)/publish -v quiet -clp:NoSummary $(if $(RID),-r $(RID) --self-contained,) -p:Version=$(VERSION)

deb: packages-deb ## make a Debian package with .NET in it: artifacts/erlchat_VERSION_ARCHITECTURE.deb (RID=linux-x64)
	@$(MAKE) --no-print-directory publish RID=$(or $(RID),linux-x64) VERSION=$(VERSION)
	@deploy/deb/build.sh $(ARTIFACTS)/publish $(or $(RID),linux-x64) $(VERSION) $(ARTIFACTS)

install: ## lay artifacts/publish out as a service of systemd, as root (after make publish RID=linux-x64; DESTDIR=… for another root)
	@deploy/install.sh $(ARTIFACTS)/publish "$(DESTDIR)"

admin-password: packages-sdk ## ask for an administrators' password, print the line to configure
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- admin-password

# FILE and DB go through the environment, and so become one argument each, whatever is in them.
export FILE DB
log-%: packages-sdk ## look after the database: make log-backup FILE=…, log-restore FILE=…, log-verify, log-salvage FILE=…, … (DB=… for another one, FORCE=1)
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- log $* $(if $(FILE),"$$FILE") $(if $(FORCE),--force) $(if $(DB),--path "$$DB")

# What the targets need beyond make.
.PHONY: packages-sdk packages-test packages-deploy packages-deb packages-lint packages-bench no-nginx-service
packages-sdk:
	@eng/need-dotnet.sh

packages-deb: packages-sdk
	@eng/need-packages.sh dpkg:/usr/bin/dpkg-deb xz-utils:/usr/bin/xz

packages-deploy: packages-deb no-nginx-service
	@[ "$$(id -u)" -eq 0 ] || { echo "make test-deploy makes chroots, mounts and namespaces: run it as root." >&2; exit 1; }
	@eng/need-packages.sh debootstrap:/usr/sbin/debootstrap nginx-light:/usr/sbin/nginx haproxy:/usr/sbin/haproxy caddy:/usr/bin/caddy buildah:/usr/bin/buildah lintian:/usr/bin/lintian \
	  curl:/usr/bin/curl openssl:/usr/bin/openssl prometheus:/usr/bin/prometheus systemd:/usr/bin/systemd-analyze util-linux:/usr/bin/unshare

packages-test: packages-sdk no-nginx-service
	@eng/need-packages.sh chromium:/usr/bin/chromium tmux:/usr/bin/tmux nginx-light:/usr/sbin/nginx iproute2:/usr/sbin/ip

# Peers that are not there are left out of the table.
packages-bench: no-nginx-service
	-@eng/need-packages.sh nginx-light:/usr/sbin/nginx libnginx-mod-nchan:/usr/lib/nginx/modules/ngx_nchan_module.so gcc:/usr/bin/gcc libc6-dev:/usr/include/stdio.h

# Debian starts a server that it has just installed (nginx, haproxy, Caddy, Prometheus), at once and after each boot: nobody asked for that.
no-nginx-service:
	-@[ -x /usr/sbin/nginx ] || [ "$$(id -u)" -ne 0 ] || ! command -v systemctl >/dev/null || systemctl mask nginx.service haproxy.service caddy.service prometheus.service

packages-lint:
	@command -v npm >/dev/null || eng/need-packages.sh nodejs:/usr/bin/node npm:/usr/bin/npm
