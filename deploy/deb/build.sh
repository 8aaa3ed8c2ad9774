#!/usr/bin/env bash
# build.sh PUBLISHED RID VERSION FOLDER: makes FOLDER/erlchat_VERSION_ARCHITECTURE.deb from a self-contained published server, and prints the
# file's name.
set -euo pipefail
published=$1 rid=$2 version=$3 folder=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $rid in
  linux-x64) architecture=amd64 ;;
  linux-arm64) architecture=arm64 ;;
  *) echo "make deb supports linux-x64 and linux-arm64, but not $rid." >&2; exit 1 ;;
esac
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 0755 "$tree"
"$here/../install.sh" "$published" "$tree"

install -d "$tree/DEBIAN" "$tree/usr/share/lintian/overrides"
install -m 0644 "$here/copyright" "$tree/usr/share/doc/erlchat/copyright"
install -m 0644 "$here/lintian-overrides" "$tree/usr/share/lintian/overrides/erlchat"
printf 'erlchat (%s) stable; urgency=medium\n\n  * Version %s.\n\n -- ErlChat <erlchat@example.org>  %s\n' "$version" "$version" "$(date -R)" \
  | gzip -9n > "$tree/usr/share/doc/erlchat/changelog.gz"
chmod 0644 "$tree/usr/share/doc/erlchat/changelog.gz"
for script in preinst postinst prerm postrm; do install -m 0755 "$here/$script" "$tree/DEBIAN/$script"; done
echo /etc/erlchat/appsettings.json > "$tree/DEBIAN/conffiles"
size=$(du -sk --apparent-size "$tree/usr" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" "$here/control" > "$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum > DEBIAN/md5sums)
chmod 0644 "$tree/DEBIAN/md5sums" "$tree/DEBIAN/conffiles" "$tree/DEBIAN/control"

mkdir -p "$folder"
package=$folder/erlchat_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz -z2 --build "$tree" "$package" >/dev/null
echo "$package"
