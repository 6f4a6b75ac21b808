#!/bin/sh
# deb.sh WHEEL MANUAL_DIR OUTPUT_DIR: a Debian package with everything inside /opt/inboxbot, from a wheel and what manual.py wrote.
# It is for the Debian release it is built on: its Python and its architecture. SYSTEM_PYTHON (default /usr/bin/python3) names
# the interpreter, EXTRAS (default ocr,oauth,metrics,postgres,workers) what is installed beside, PIP_OPTIONS more for pip.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wheel=$(readlink -f "$1"); manual=$(readlink -f "$2"); mkdir -p "$3"; output=$(readlink -f "$3")
python=${SYSTEM_PYTHON:-/usr/bin/python3}; extras=${EXTRAS-ocr,oauth,metrics,postgres,workers}
case $(readlink -f "$(command -v "$python")") in
  /usr/bin/*) ;;
  *) echo "deb.sh: $python is no interpreter of this Debian release, which is what the package depends on" >&2; exit 1 ;;
esac
version=$(basename "$wheel" | cut -d- -f2)
series=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
next=$("$python" -c 'import sys; print("%d.%d" % (sys.version_info[0], sys.version_info[1] + 1))')
architecture=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
umask 022

# the program: an environment of its own, which runs only at its place
"$python" -m venv --without-pip "$root/opt/inboxbot"
# shellcheck disable=SC2086 # options are words
"${PIP:-$here/../.venv/bin/python}" -m pip --python "$root/opt/inboxbot/bin/python" --disable-pip-version-check install --quiet \
  --no-compile ${PIP_OPTIONS:-} "$wheel${extras:+[$extras]}"
find "$root/opt/inboxbot/bin" -type f -exec sed -i "1s|^#!$root|#!|" {} +
rm -f "$root/opt/inboxbot/bin/"[Aa]ctivate*
# bytecode that is never checked against its source: the service may write nothing there
"$root/opt/inboxbot/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash -s "$root" "$root/opt/inboxbot/lib" \
  >/dev/null || true
mkdir -p "$root/usr/bin"
ln -s /opt/inboxbot/bin/inboxbot "$root/usr/bin/inboxbot"

put() { # MODE SOURCE TARGET
  install -D -m "$1" "$2" "$root/$3"
}
for unit in inboxbot.service inboxbot-worker@.service inboxbot-learn.service inboxbot-learn.timer; do
  put 644 "$here/../systemd/$unit" "usr/lib/systemd/system/$unit"
done
put 644 "$here/debian/sysusers.conf" usr/lib/sysusers.d/inboxbot.conf
put 644 "$here/debian/tmpfiles.conf" usr/lib/tmpfiles.d/inboxbot.conf
put 644 "$here/debian/inboxbot.toml" etc/inboxbot/inboxbot.toml
put 644 "$manual/inboxbot.1" usr/share/man/man1/inboxbot.1
gzip -9n "$root/usr/share/man/man1/inboxbot.1"
put 644 "$manual/inboxbot.bash" usr/share/bash-completion/completions/inboxbot
put 644 "$manual/_inboxbot" usr/share/zsh/vendor-completions/_inboxbot
put 644 "$manual/inboxbot.fish" usr/share/fish/vendor_completions.d/inboxbot.fish
put 644 "$here/../LICENSE" usr/share/doc/inboxbot/copyright
for each in "$here"/../docs/*.md; do
  put 644 "$each" "usr/share/doc/inboxbot/docs/$(basename "$each")"
done
put 644 "$here/../README.md" usr/share/doc/inboxbot/README.md
put 644 "$here/../CHANGELOG.md" usr/share/doc/inboxbot/changelog
gzip -9n "$root/usr/share/doc/inboxbot/changelog"

for script in postinst prerm postrm; do
  put 755 "$here/debian/$script" "DEBIAN/$script"
done
echo /etc/inboxbot/inboxbot.toml >"$root/DEBIAN/conffiles"
cat >"$root/DEBIAN/control" <<CONTROL
Package: inboxbot
Version: $version
Architecture: $architecture
Maintainer: inboxbot
Section: mail
Priority: optional
Depends: python3 (>= $series), python3 (<< $next), systemd
Recommends: tesseract-ocr, tesseract-ocr-fra, tesseract-ocr-deu
Installed-Size: $(du -sk "$root/opt" | cut -f1)
Description: recognises copyright demand letters and files draft replies
 Watches IMAP mailboxes for demand letters of Copytrack and Pixtrakk and for
 warnings of Hadopi/Arcom, and files careful draft replies and case sheets.
 It never sends, edits or deletes mail.
CONTROL
package="$output/inboxbot_${version}_$architecture.deb"
dpkg-deb --root-owner-group -Zxz -z1 --build "$root" "$package" >/dev/null
echo "$package"
