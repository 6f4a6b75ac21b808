#!/bin/bash
# start_dovecot.sh DIR: a real Dovecot 2.3 under DIR alone: loopback, free ports, in the foreground (this pid is the master).
# Needs Debian's dovecot-imapd and dovecot-lmtpd (apt-get install --no-install-recommends). Runs as root and as any user.
# Any account "t-…" exists with the password "secret": a fresh mailbox for each test. Environment, all optional:
#   USERS   "alice:secret bob:secret"       more accounts
#   NAMES   en | fr | nested                folder names            SEP   "." (Maildir++) or "/"
#   INBOX_PREFIX  e.g. "INBOX."             a namespace as Courier has it
#   SPECIAL yes | no                        no: no special-use marks at all
#   CAPS    e.g. "-IDLE -SPECIAL-USE"       capabilities to hide
#   AUTH    "plain login xoauth2 oauthbearer"
#   CERT    server | ending | expired | wronghost    PLAINTEXT yes | no: LOGIN without TLS
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
D=$(cd "$1" && pwd)
[ ${#D} -le 60 ] || { echo "start_dovecot: $D is too long: unix sockets have 108 bytes in all, keep it <= 60" >&2; exit 2; }
read -r imap imaps lmtp <<<"$(python3 -c 'import socket
ports = [socket.socket() for _ in range(3)]
for s in ports: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in ports])')"
USERS=${USERS:-alice:secret bob:secret}; SEP=${SEP:-.}; NAMES=${NAMES:-en}; INBOX_PREFIX=${INBOX_PREFIX:-}
SPECIAL=${SPECIAL:-yes}; CAPS=${CAPS:-}; CERT=${CERT:-server}; PLAINTEXT=${PLAINTEXT:-yes}
AUTH=${AUTH:-plain login xoauth2 oauthbearer}
umask 077
mkdir -p "$D"/{run,state,mail,tls,oauth,rawlog}
chmod 755 "$D" "$D/run" "$D/tls"
[ -e "$D/tls/ca.crt" ] || sh "$here/mkcert.sh" "$D/tls"
if [ "$(id -u)" = 0 ]; then   # the packages made these: dovecot (internal), dovenull (login), mail(8)
  internal=dovecot; login=dovenull; group=dovecot; MU=mail; MG=mail
  chown -R "$MU:$MG" "$D/mail" "$D/rawlog"; chown dovecot "$D/oauth"; chmod 755 "$D/oauth"
else
  internal=$(id -un); login=$internal; group=$(id -gn); MU=$internal; MG=$group
fi

: >"$D/users"
for u in $USERS; do echo "${u%%:*}:{PLAIN}${u#*:}::::::" >>"$D/users"; done
chmod 644 "$D/users"

# Tokens are validated locally; the dictionary looks up <prefix>/<azp|default>/<ALG>/<kid|default>, the key in base64.
keys="$D/oauth/keys"
mkdir -p "$keys/default/HS256"
openssl rand -hex 32 | tr -d '\n' >"$D/oauth/hs256.secret"
base64 -w0 "$D/oauth/hs256.secret" >"$keys/default/HS256/default"
chmod -R a+rX "$keys"
cat >"$D/dovecot-oauth2.conf" <<CFG
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$keys/
username_attribute = sub
issuers = https://issuer.test
CFG
chmod 644 "$D/dovecot-oauth2.conf"

case $NAMES in   # the configuration is UTF-8, the wire shows modified UTF-7
  en) names=(Drafts Sent Junk Trash) ;;
  fr) names=(Brouillons "Envoyés" "Indésirables" Corbeille) ;;
  nested) names=("Dossiers${SEP}Brouillons & idées" "Dossiers${SEP}Envoyés" Junk Trash) ;;
  none) names=() ;;
  *) exit 2 ;;
esac
uses=('\Drafts' '\Sent' '\Junk' '\Trash')
mailboxes=""
for i in "${!names[@]}"; do
  mailboxes+="  mailbox \"${names[$i]}\" {
    auto = subscribe
$([ "$SPECIAL" != yes ] || echo "    special_use = ${uses[$i]}")
  }
"
done

capability=""
if [ -n "$CAPS" ]; then
  base=" IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT THREAD=REFERENCES MULTIAPPEND UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED CONDSTORE QRESYNC ESEARCH SEARCHRES WITHIN LIST-STATUS BINARY MOVE STATUS=SIZE LITERAL+ SPECIAL-USE "
  for hidden in $CAPS; do base=${base/ ${hidden#-} / }; done
  capability="imap_capability =${base% }"
fi

cat >"$D/dovecot.conf" <<CFG
protocols = imap lmtp
listen = 127.0.0.1
base_dir = $D/run
state_dir = $D/state
instance_name = t$imap
default_internal_user = $internal
default_internal_group = $group
default_login_user = $login
log_path = $D/dovecot.log
auth_mechanisms = $AUTH
disable_plaintext_auth = $([ "$PLAINTEXT" = yes ] && echo no || echo yes)
auth_failure_delay = 0 secs
auth_cache_size = 0
ssl = yes
ssl_cert = <$D/tls/$CERT.crt
ssl_key = <$D/tls/$CERT.key
ssl_min_protocol = TLSv1.2
mail_location = maildir:$D/mail/%u
mail_uid = $MU
mail_gid = $MG
first_valid_uid = 1
first_valid_gid = 1
mailbox_idle_check_interval = 1 secs
imap_hibernate_timeout = 0
mail_max_userip_connections = ${USERIP:-50}
maildir_very_dirty_syncs = no
# tests only: APPEND is three times faster
mail_fsync = never
$capability
namespace inbox {
  inbox = yes
  separator = $SEP
  prefix = $INBOX_PREFIX
$mailboxes}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $D/dovecot-oauth2.conf
}
# "none" lets the static userdb (LMTP) ask these too
passdb {
  driver = static
  args = password=secret
  username_filter = t-*
  mechanisms = plain login none
  skip = authenticated
}
passdb {
  driver = passwd-file
  mechanisms = plain login none
  args = scheme=plain username_format=%u $D/users
}
userdb {
  driver = static
  args = uid=$MU gid=$MG home=$D/mail/%u-home
}
service imap-login {
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service imap {
  process_min_avail = 1
  service_count = 100
}
# mode 0: no growing delay (2, 4, 8, 15 s) after failed logins from one address
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  client_limit = 4096
}
service stats {
  chroot =
}
service ipc {
  chroot =
}
service lmtp {
  process_min_avail = 1
  inet_listener lmtp {
    port = $lmtp
  }
}
# what clients said once they were logged in: imapservers.py looks at every word of the bot's
protocol imap {
  rawlog_dir = $D/rawlog
}
protocol lmtp {
  postmaster_address = postmaster@localhost
  auth_username_format = %Ln
}
CFG
chmod 644 "$D/dovecot.conf"
cat >"$D/server.json" <<JSON
{"host": "127.0.0.1", "imap": $imap, "imaps": $imaps, "lmtp": $lmtp, "ca": "$D/tls/ca.crt", "maildir": "$D/mail",
 "secret_file": "$D/oauth/hs256.secret"}
JSON
exec dovecot -F -c "$D/dovecot.conf"
