#!/usr/bin/env bash
# need-packages.sh PACKAGE:FILE…: installs the Debian packages whose file (a pattern) is missing, when root; otherwise says what to install.
# Where there is no apt-get it does nothing: the programs say themselves what they miss.
set -euo pipefail
command -v apt-get >/dev/null || exit 0
missing=()
for pair in "$@"; do
  compgen -G "${pair#*:}" >/dev/null || missing+=("${pair%%:*}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "Missing: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${missing[*]} …"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
