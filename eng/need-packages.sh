#!/usr/bin/env bash
# need-packages.sh PACKAGE:FILE…: if run as root, installs the Debian packages whose file (a pattern) is missing. Otherwise it says what to
# install. Without apt-get it does nothing, and the programs themselves report what is missing.
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
