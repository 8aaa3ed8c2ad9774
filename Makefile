# ErlChat. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run terminal cluster test test-deploy lint vendor bench bench-micro bench-log bench-cluster soak publish deb install
.PHONY: admin admin-password

SHELL := /bin/bash
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# The SDK needs ICU, a library for languages other than English, unless it is told to run without it. The server does not use it anyway.
ifeq ($(wildcard /usr/lib/*/libicuuc.so.* /usr/lib/libicuuc.so.* /usr/lib64/libicuuc.so.*),)
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := 1
endif

URLS    ?= http://localhost:8000
SERVER  ?= http://localhost:8000
CONFIG  ?= Release
# For make publish and make deb: the system that a self-contained server is built for, such as linux-x64 or linux-arm64. Without RID, the
# published server needs .NET on its machine.
RID     ?=
ARTIFACTS ?= artifacts
VERSION ?= $(shell sed -nE 's:.*<Version>(.*)</Version>.*:\1:p' Directory.Build.props)
WEB     := src/Chat.Web
TESTS   := $(notdir $(wildcard tests/*.Tests) tests/Chat.EndToEnd)

help: ## list these targets
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: packages-sdk ## build the server and run it on http://localhost:8000 (URLS=… for another address)
	@echo "Building the server. The first time, this may take a few minutes." >&2
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- --urls "$(URLS)"

terminal: packages-sdk ## join the chat from a terminal: make terminal NICK=john SERVER=http://localhost:8000
	@dotnet build src/Chat.Terminal -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project src/Chat.Terminal -c $(CONFIG) --no-build -- chat --server "$(SERVER)" $(if $(NICK),--nick "$(NICK)")

cluster: packages-sdk packages-cluster ## try out three nodes over PostgreSQL behind nginx (PORT=8000 and up; DATA=… keeps the data)
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary
	@PORT="$(PORT)" DATA="$(DATA)" eng/cluster.sh $(WEB)/bin/$(CONFIG)/net10.0/Chat.Web

test: packages-test ## run all tests (about 10 minutes; TESTS=Chat.Web.Tests for one project)
	dotnet build $(if $(filter command line,$(origin TESTS)),tests/$(TESTS),ErlChat.sln) -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) ordinary $(TESTS)

test-deploy: packages-deploy ## test real installations and upgrades: package, container, systemd, proxies (as root, about half an hour)
	@for project in Chat.Web.Tests Chat.Deploy.Tests; do dotnet build tests/$$project -c $(CONFIG) -v quiet -clp:NoSummary || exit 1; done
	@eng/run-tests.sh $(CONFIG) deploy Chat.Web.Tests Chat.Deploy.Tests

lint: packages-sdk packages-lint ## check formatting, and the types in the browser client's scripts
	dotnet format ErlChat.sln --verify-no-changes
	@[ eng/js/node_modules/.package-lock.json -nt eng/js/package-lock.json ] || npm ci --prefix eng/js --no-audit --no-fund --loglevel=error
	npm run --silent --prefix eng/js check

vendor: packages-lint ## renew the libraries in wwwroot/vendor, in the versions that eng/js/package-lock.json names (needs npm)
	npm ci --prefix eng/js --no-audit --no-fund --loglevel=error
	npm run --silent --prefix eng/js vendor

bench: packages-sdk packages-bench ## measure the chat under load next to nchan and SignalR, in one table (10 minutes)
	@for project in $(WEB) bench/Chat.Load bench/peers/SignalRPeer bench/peers/HeapWatch; do \
	  dotnet build $$project -c Release -v quiet -clp:NoSummary || exit 1; done
	dotnet run --project bench/Chat.Load -c Release --no-build -- table --markdown bench/results/table.md

bench-micro: packages-sdk ## measure mailboxes, the fold and the protocols separately; results in bench/results/micro (5 minutes)
	dotnet run --project bench/Chat.Benchmarks -c Release

bench-log: packages-sdk ## measure the durable log (some minutes)
	dotnet build bench/Chat.LogBench -c Release -v quiet -clp:NoSummary
	dotnet run --project bench/Chat.LogBench -c Release --no-build

bench-cluster: packages-sdk packages-postgresql ## measure one to three nodes over PostgreSQL (7 minutes)
	@for project in $(WEB) bench/Chat.Load bench/peers/HeapWatch; do \
	  dotnet build $$project -c Release -v quiet -clp:NoSummary || exit 1; done
	dotnet run --project bench/Chat.Load -c Release --no-build -- cluster --markdown bench/results/cluster.md

soak: packages-soak ## run the long tests: thousands of polls, random disconnects, fail-over (TESTS=Chat.Client.Tests for one project)
	dotnet build $(if $(filter command line,$(origin TESTS)),tests/$(TESTS),ErlChat.sln) -c $(CONFIG) -v quiet -clp:NoSummary
	@eng/run-tests.sh $(CONFIG) soak $(TESTS)

publish: packages-sdk ## build a server for other machines in artifacts/publish (RID=linux-x64 includes .NET)
	@[ ! -e $(ARTIFACTS)/publish/data ] || { \
	  echo "$(ARTIFACTS)/publish/data holds the data of a chat that ran there. Move it away first." >&2; exit 1; }
	rm -rf $(ARTIFACTS)/publish
	dotnet publish $(WEB) -c Release -o $(ARTIFACTS)/publish -v quiet -clp:NoSummary \
	  $(if $(RID),-r $(RID) --self-contained,) -p:Version=$(VERSION)

deb: packages-deb ## build a Debian package that includes .NET: artifacts/erlchat_VERSION_ARCHITECTURE.deb (RID=linux-x64)
	@$(MAKE) --no-print-directory publish RID=$(or $(RID),linux-x64) VERSION=$(VERSION)
	@deploy/deb/build.sh $(ARTIFACTS)/publish $(or $(RID),linux-x64) $(VERSION) $(ARTIFACTS)

install: ## install artifacts/publish as a systemd service, as root (after make publish RID=linux-x64; DESTDIR=… for another root)
	@deploy/install.sh $(ARTIFACTS)/publish "$(DESTDIR)"

admin: packages-sdk ## make a member an administrator: make admin NICK=name (the server may be running)
	@[ -n "$$NICK" ] || { echo "Name the member: make admin NICK=name" >&2; exit 2; }
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- admin "$$NICK"

admin-password: packages-sdk ## ask for an administrators' password and print the setting for it
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- admin-password

# NICK, FILE and DB are passed through the environment, so that each becomes one argument whatever it contains.
export NICK FILE DB
log-%: packages-sdk ## manage the database: make log-backup FILE=…, log-restore FILE=…, log-verify, … (DB=… for another one, FORCE=1)
	@dotnet build $(WEB) -c $(CONFIG) -v quiet -clp:NoSummary >&2
	@dotnet run --project $(WEB) -c $(CONFIG) --no-build -- log $* $(if $(FILE),"$$FILE") $(if $(FORCE),--force) $(if $(DB),--path "$$DB")

# What the targets need beyond make.
.PHONY: packages-sdk packages-test packages-soak packages-cluster packages-deploy packages-deb packages-lint packages-bench
.PHONY: packages-postgresql no-nginx-service no-postgresql-service no-patroni-service
packages-sdk:
	@eng/need-dotnet.sh

packages-cluster: no-nginx-service no-postgresql-service
	@eng/need-packages.sh postgresql:/usr/lib/postgresql/*/bin/initdb nginx-light:/usr/sbin/nginx

packages-deb: packages-sdk
	@eng/need-packages.sh dpkg:/usr/bin/dpkg-deb xz-utils:/usr/bin/xz

packages-deploy: packages-deb no-nginx-service
	@[ "$$(id -u)" -eq 0 ] || { echo "make test-deploy creates chroots, mounts and namespaces. Run it as root." >&2; exit 1; }
	@eng/need-packages.sh debootstrap:/usr/sbin/debootstrap nginx-light:/usr/sbin/nginx haproxy:/usr/sbin/haproxy \
	  caddy:/usr/bin/caddy buildah:/usr/bin/buildah lintian:/usr/bin/lintian \
	  curl:/usr/bin/curl openssl:/usr/bin/openssl prometheus:/usr/bin/prometheus systemd:/usr/bin/systemd-analyze \
	  python3-yaml:/usr/lib/python3/dist-packages/yaml util-linux:/usr/bin/unshare

packages-test: packages-sdk no-nginx-service no-postgresql-service
	@eng/need-packages.sh chromium-headless-shell:/usr/bin/chromium-headless-shell tmux:/usr/bin/tmux \
	  nginx-light:/usr/sbin/nginx iproute2:/usr/sbin/ip postgresql:/usr/lib/postgresql/*/bin/initdb

packages-postgresql: no-postgresql-service
	@eng/need-packages.sh postgresql:/usr/lib/postgresql/*/bin/initdb

# python3-etcd is for the version 2 API of etcd.
packages-soak: packages-test no-patroni-service
	@eng/need-packages.sh patroni:/usr/bin/patroni etcd-server:/usr/bin/etcd python3-etcd:/usr/lib/python3/dist-packages/etcd

# Peers that are not installed are left out of the table.
packages-bench: no-nginx-service
	-@eng/need-packages.sh nginx-light:/usr/sbin/nginx libnginx-mod-nchan:/usr/lib/nginx/modules/ngx_nchan_module.so \
	  gcc:/usr/bin/gcc libc6-dev:/usr/include/stdio.h

# Debian starts nginx, haproxy, Caddy, Prometheus, PostgreSQL and etcd when they are installed, and after each boot. Only the programs are
# needed.
no-nginx-service:
	-@[ -x /usr/sbin/nginx ] || [ "$$(id -u)" -ne 0 ] || ! command -v systemctl >/dev/null \
	  || systemctl mask nginx.service haproxy.service caddy.service prometheus.service

no-postgresql-service:
	-@compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || [ "$$(id -u)" -ne 0 ] || ! command -v systemctl >/dev/null \
	  || systemctl mask postgresql.service

no-patroni-service:
	-@[ -x /usr/bin/etcd ] || [ "$$(id -u)" -ne 0 ] || ! command -v systemctl >/dev/null || systemctl mask etcd.service patroni.service

packages-lint:
	@command -v npm >/dev/null || eng/need-packages.sh nodejs:/usr/bin/node npm:/usr/bin/npm
