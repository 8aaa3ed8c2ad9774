#!/usr/bin/env bash
# need-dotnet.sh: says how to get the .NET SDK where there is none, or none that is new enough (global.json).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if said=$(dotnet --version 2>&1); then exit 0; fi
wanted=$(sed -nE 's/.*"version": *"([0-9]+\.[0-9]+).*/\1/p' global.json)
if command -v dotnet >/dev/null; then
  echo "The .NET SDK $wanted is missing. dotnet says:" >&2
  sed 's/^/  /; 5q' <<<"$said" >&2
else
  echo "The .NET SDK $wanted is missing: there is no dotnet in PATH." >&2
fi
release=12
[ ! -r /etc/os-release ] || release=$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_ID:-12}" || echo 12)
cat >&2 <<TEXT
Get it for Debian $release as root, with wget and ca-certificates, from Microsoft's packages:
  wget https://packages.microsoft.com/config/debian/$release/packages-microsoft-prod.deb && dpkg -i packages-microsoft-prod.deb
  apt-get update && apt-get install dotnet-sdk-$wanted
or for yourself alone into ~/.dotnet, without root:
  wget https://dot.net/v1/dotnet-install.sh && bash dotnet-install.sh --channel $wanted && export PATH=~/.dotnet:\$PATH
TEXT
exit 1
