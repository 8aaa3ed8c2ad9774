#!/usr/bin/env bash
# need-dotnet.sh: explains how to install the .NET SDK if it is missing or too old (global.json).
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
To install it on Debian $release from Microsoft's packages, run as root (you need wget and ca-certificates):
  wget https://packages.microsoft.com/config/debian/$release/packages-microsoft-prod.deb && dpkg -i packages-microsoft-prod.deb
  apt-get update && apt-get install dotnet-sdk-$wanted
Or install it without root, for your user only, into ~/.dotnet:
  wget https://dot.net/v1/dotnet-install.sh && bash dotnet-install.sh --channel $wanted && export PATH=~/.dotnet:\$PATH
TEXT
exit 1
