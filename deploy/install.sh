#!/usr/bin/env bash
# install.sh PUBLISHED DESTINATION: copies a self-contained published server to where the service expects it, below DESTINATION (empty for
# this machine, a folder for a package). Existing settings are not changed.
set -euo pipefail
published=$1 root=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -x "$published/Chat.Web" ] || { echo "$published does not contain Chat.Web. Create it with: make publish RID=linux-x64" >&2; exit 1; }
[ -f "$published/libcoreclr.so" ] || { echo "$published is not self-contained. Create it with: make publish RID=linux-x64" >&2; exit 1; }

[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || { echo "This installs into /usr and /etc. Run it as root, or with DESTDIR=…" >&2; exit 1; }

lib=$root/usr/lib/erlchat
doc=$root/usr/share/doc/erlchat
rm -rf "$lib"
install -d "$lib" "$doc" "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/usr/lib/sysusers.d" "$root/etc/erlchat"
cp -r "$published/." "$lib/"

# Remove the XML documentation of other libraries (the chat's own is what --help prints), and a library for a tracer that Debian does not
# have.
find "$lib" -maxdepth 1 -name '*.xml' ! -name 'Chat.*.xml' -delete
rm -f "$lib/libcoreclrtraceptprovider.so"
find "$lib" -type d -exec chmod 0755 {} +
find "$lib" -type f -exec chmod 0644 {} +
chmod 0755 "$lib/Chat.Web" "$lib/createdump"
ln -sfn /etc/erlchat/appsettings.json "$lib/appsettings.json"
[ -e "$root/etc/erlchat/appsettings.json" ] || install -m 0640 "$here/systemd/appsettings.json" "$root/etc/erlchat/appsettings.json"

install -m 0755 "$here/erlchat" "$root/usr/bin/erlchat"
install -m 0644 "$here/systemd/erlchat.service" "$root/usr/lib/systemd/system/erlchat.service"
install -m 0644 "$here/systemd/erlchat.sysusers" "$root/usr/lib/sysusers.d/erlchat.conf"
cp -rT "$here/../docs" "$doc"
for folder in nginx caddy haproxy cluster prometheus grafana; do cp -rT "$here/$folder" "$doc/$folder"; done
rm -f "$doc"/prometheus/*.test.yml
find "$doc" -type d -exec chmod 0755 {} +
find "$doc" -type f -exec chmod 0644 {} +

[ -n "$root" ] || cat <<'TEXT'
Installed. For a first start:
  systemd-sysusers && chgrp erlchat /etc/erlchat/appsettings.json && systemctl daemon-reload && systemctl enable --now erlchat
After an upgrade:
  systemctl daemon-reload && systemctl restart erlchat
TEXT
