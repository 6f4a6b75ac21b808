#!/bin/sh
# What the tests need besides Python: real mail servers, a real PostgreSQL, OCR, and programs that look on. Installs it where it may, else says exactly what to install.
set -eu
packages="dovecot-imapd dovecot-lmtpd tesseract-ocr tesseract-ocr-fra tesseract-ocr-deu openssl postgresql strace groff-base"
missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
# Cyrus, a second opinion, is unpacked beside Dovecot where Debian's packages can be had; else its tests are skipped.
second_opinion() {
    "$(dirname "$0")/start_cyrus.sh" --unpack >/dev/null 2>&1 || echo "Cyrus cannot be had here: its tests will be skipped" >&2
}
if [ -z "$missing" ]; then
    second_opinion
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "make test needs Dovecot (imapd, lmtpd), Tesseract with fra and deu, openssl, PostgreSQL, strace and groff:" \
        "install them with your package manager" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    sudo=
elif sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    echo "make test needs Debian packages that are missing. Run:" >&2
    echo "    sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "installing$missing …"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# The packages start no service here: the tests run servers of their own, on ports of their own.
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
second_opinion
