#!/bin/bash
# start_cyrus.sh DIR: a real Cyrus IMAP 3.6 under DIR alone: loopback, free ports, in the foreground (this pid is the master).
# Debian's cyrus-imapd and dovecot-imapd exclude each other, so the packages are unpacked, not installed (12 MB, no root):
# start_cyrus.sh --unpack does it once (--unpacked: exit 0 if it was done). They lie in CYRUS_PREFIX, by default the user's
# cache directory, or /var/cache for root: the server then runs as mail(8), which may not enter /root. Environment:
#   USERS "alice:secret bob:secret"     NAMES en | fr     HIER "/" | "."
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "$(id -u)" = 0 ]; then cache=/var/cache; else cache=${XDG_CACHE_HOME:-$HOME/.cache}; fi
P=${CYRUS_PREFIX:-$cache/inboxbot-cyrus}
[ "$1" = --unpacked ] && { [ -x "$P/usr/lib/cyrus/bin/master" ]; exit; }
if [ "$1" = --unpack ]; then
  [ -x "$P/usr/lib/cyrus/bin/master" ] && exit 0
  t=$(mktemp -d)
  trap 'rm -rf "$t"' EXIT
  cd "$t"
  chmod 755 "$t"
  apt-get -q download cyrus-common cyrus-imapd libxapian30 libical3 libpcre3 libzephyr4 libjansson4 libwrap0 libpq5 \
    sasl2-bin libsasl2-modules libsasl2-modules-db
  for deb in ./*.deb; do dpkg-deb -x "$deb" unpacked; done
  mkdir -p "${P%/*}"
  mv -T unpacked "$P" || [ -x "$P/usr/lib/cyrus/bin/master" ]   # another one may have been quicker
  exit 0
fi
mkdir -p "$1"
D=$(cd "$1" && pwd)
[ ${#D} -le 60 ] || { echo "start_cyrus: $D is too long: unix sockets have 108 bytes in all, keep it <= 60" >&2; exit 2; }
[ -x "$P/usr/lib/cyrus/bin/master" ] || { echo "start_cyrus: not unpacked: run $0 --unpack" >&2; exit 2; }
B=$P/usr/lib/cyrus/bin
libs=$(echo "$P"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$libs:$P/lib/${libs##*/} SASL_PATH=$libs/sasl2
read -r imap imaps lmtp <<<"$(python3 -c 'import socket
ports = [socket.socket() for _ in range(3)]
for s in ports: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in ports])')"
USERS=${USERS:-alice:secret bob:secret}
umask 022
[ -e "$D/tls/ca.crt" ] || sh "$here/mkcert.sh" "$D/tls"
mkdir -p "$D"/conf/{db,proc,log,msg,socket,user,sync,ptclient,quota,lock,sieve} "$D/part/stage."
case ${NAMES:-en} in
  en) F=(Drafts Sent Junk Trash) ;;
  fr) F=(Brouillons "Envoy&AOk-s" "Ind&AOk-sirables" Corbeille) ;;
  *) exit 2 ;;
esac
all=$(IFS='|'; echo "${F[*]}")
if [ "$(id -u)" = 0 ]; then U=mail; else U=$(id -un); fi
cat >"$D/imapd.conf" <<CFG
cyrus_user: $U
cyrus_group: $(id -gn "$U")
configdirectory: $D/conf
proc_path: $D/conf/proc
mboxname_lockpath: $D/conf/lock
defaultpartition: default
partition-default: $D/part
sievedir: $D/conf/sieve
servername: localhost
admins: cyrusadm
allowplaintext: yes
unixhierarchysep: $([ "${HIER:-/}" = / ] && echo yes || echo no)
altnamespace: yes
virtdomains: off
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $D/sasldb2
sasl_mech_list: PLAIN LOGIN
autocreate_quota: 0
autocreate_quota_messages: 0
autocreate_post: yes
autocreate_inbox_folders: $all
autocreate_subscribe_folders: $all
xlist-drafts: ${F[0]}
xlist-sent: ${F[1]}
xlist-junk: ${F[2]}
xlist-trash: ${F[3]}
tls_server_cert: $D/tls/server.crt
tls_server_key: $D/tls/server.key
tls_client_ca_file: $D/tls/ca.crt
tls_versions: tls1_2 tls1_3
idlesocket: $D/conf/socket/idle
lmtpsocket: $D/conf/socket/lmtp
notifysocket: $D/conf/socket/notify
imapidlepoll: 60
conversations: 0
skiplist_unsafe: 1
maxlogins_per_host: 0
failedloginpause: 0
CFG
cat >"$D/cyrus.conf" <<CFG
START {
  recover cmd="$B/ctl_cyrusdb -C $D/imapd.conf -r"
}
SERVICES {
  imap  cmd="$B/imapd -C $D/imapd.conf" listen="127.0.0.1:$imap" prefork=1 maxchild=60
  imaps cmd="$B/imapd -C $D/imapd.conf -s" listen="127.0.0.1:$imaps" prefork=1 maxchild=60
  lmtp  cmd="$B/lmtpd -C $D/imapd.conf -a" listen="127.0.0.1:$lmtp" prefork=0 maxchild=5
}
DAEMON {
  idled cmd="$B/idled -C $D/imapd.conf"
}
EVENTS {
  checkpoint cmd="$B/ctl_cyrusdb -C $D/imapd.conf -c" period=30
}
CFG
for u in $USERS; do printf %s "${u#*:}" | "$P/usr/sbin/saslpasswd2" -p -c -f "$D/sasldb2" -u localhost "${u%%:*}"; done
chown -R "$U" "$D/conf" "$D/part" "$D/sasldb2" "$D/tls" 2>/dev/null || true
cat >"$D/server.json" <<JSON
{"host": "127.0.0.1", "imap": $imap, "imaps": $imaps, "lmtp": $lmtp, "ca": "$D/tls/ca.crt"}
JSON
exec "$B/master" -C "$D/imapd.conf" -M "$D/cyrus.conf" -p "$D/master.pid" -L "$D/master.log"
