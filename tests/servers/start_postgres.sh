#!/bin/bash
# start_postgres.sh DIR: a real PostgreSQL in DIR alone, reached by a socket there, in the foreground (this pid is the master).
# Writes DIR/url once it can be used. PostgreSQL does not run as root: then its own user (Debian's package makes it) has DIR.
set -eu
mkdir -p "$1"
D=$(cd "$1" && pwd)
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1 || true)
as=(); owner=$(id -un)
if [ "$(id -u)" = 0 ]; then
  owner=postgres; chown postgres "$D"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
cd "$D"
[ -d "$D/data" ] || "${as[@]}" env PATH="$PATH:$bin" initdb -D "$D/data" -U "$owner" -A trust --no-sync --no-instructions -E UTF8 --locale=C >"$D/init.log" 2>&1
echo "postgresql+psycopg://$owner@/postgres?host=$D" >"$D/url"
exec "${as[@]}" env PATH="$PATH:$bin" postgres -D "$D/data" -k "$D" -c listen_addresses= -c fsync=off
