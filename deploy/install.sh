#!/usr/bin/env bash
# install.sh PUBLISHED DESTINATION: lays a self-contained published server out as the service expects it, below DESTINATION (empty for this
# machine; a folder for a package).
# A configuration that is there already stays as it is.
set -euo pipefail
published=$1 root=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -x "$published/Chat.Web" ] || { echo "$published has no Chat.Web. Make it with: make publish RID=linux-x64" >&2; exit 1; }
[ -f "$published/libcoreclr.so" ] || { echo "$published is not self-contained. Make it with: make publish RID=linux-x64" >&2; exit 1; }

lib=$root/usr/lib/erlchat
doc=$root/usr/share/doc/erlchat
rm -rf "$lib"
install -d "$lib" "$doc" "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/usr/lib/sysusers.d" "$root/etc/erlchat"
cp -r "$published/." "$lib/"

# Documentation of the code, and a part for a tracer that Debian does not have.
rm -f "$lib"/*.xml "$lib/libcoreclrtraceptprovider.so"
find "$lib" -type d -exec chmod 0755 {} +
find "$lib" -type f -exec chmod 0644 {} +
chmod 0755 "$lib/Chat.Web" "$lib/createdump"
ln -sfn /etc/erlchat/appsettings.json "$lib/appsettings.json"
[ -e "$root/etc/erlchat/appsettings.json" ] || install -m 0640 "$here/systemd/appsettings.json" "$root/etc/erlchat/appsettings.json"

install -m 0755 "$here/erlchat" "$root/usr/bin/erlchat"
install -m 0644 "$here/systemd/erlchat.service" "$root/usr/lib/systemd/system/erlchat.service"
install -m 0644 "$here/systemd/erlchat.sysusers" "$root/usr/lib/sysusers.d/erlchat.conf"
install -m 0644 "$here"/../docs/*.md "$doc/"
cp -rT "$here/nginx" "$doc/nginx"
cp -rT "$here/caddy" "$doc/caddy"
cp -rT "$here/haproxy" "$doc/haproxy"
find "$doc" -type d -exec chmod 0755 {} +
find "$doc" -type f -exec chmod 0644 {} +
