#!/bin/bash
# run_unit.sh UNIT_FILE APP_DIR CONFIG_DIR SECONDS
# Really runs a systemd unit (DynamicUser, LoadCredential, WatchdogSec, seccomp and all) where systemd is not PID 1: boots the
# machine's own systemd in systemd-nspawn on a throw-away overlay of /. APP_DIR becomes /opt/inboxbot, CONFIG_DIR /etc/inboxbot.
# Needs root. Nothing is installed, nothing outside the overlay is written; 127.0.0.1 is shared. Prints the unit's state, its
# journal, and how its stop went.
set -eu
[ "${1:-}" = --inner ] || exec unshare -m --propagation private bash "$0" --inner "$@" </dev/null
shift; unit=$(readlink -f "$1"); app=$(readlink -f "$2"); config=$(readlink -f "$3"); seconds=$4
nspawn=${NSPAWN_PREFIX:-/tmp/nspawn-prefix}
if [ ! -x "$nspawn/usr/bin/systemd-nspawn" ]; then
    fetched=$(mktemp -d); chmod 755 "$fetched"
    (cd "$fetched"; apt-get -q download systemd-container >/dev/null 2>&1; mkdir -p "$nspawn"; dpkg-deb -x ./*.deb "$nspawn")
    rm -rf "$fetched"
fi
work=$(mktemp -d /tmp/unit-XXXX); mount -t tmpfs -o mode=755 tmpfs "$work"; mkdir "$work"/{up,work,root}; chmod 755 "$work"/{up,root}
root=$work/root
mount -t overlay overlay -o lowerdir=/,upperdir="$work/up",workdir="$work/work" "$root"
name=$(basename "$unit"); cp "$unit" "$root/etc/systemd/system/$name"
mkdir -p "$root/opt/inboxbot" "$root/etc/inboxbot"
cp -a "$app/." "$root/opt/inboxbot/"; chmod -R a+rX "$root/opt/inboxbot"
cp -a "$config/." "$root/etc/inboxbot/"; chmod 755 "$root/etc/inboxbot"
cat >"$root/etc/systemd/system/report.service" <<UNIT
[Unit]
After=$name
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/sh -c 'sleep $seconds; systemctl show $name -p ActiveState,SubState,Result,NRestarts,StatusText,MemoryCurrent >/report.txt; systemctl stop $name; echo "after the stop:" >>/report.txt; systemctl show $name -p ActiveState,Result,ExecMainStatus >>/report.txt; journalctl -u $name --no-pager -o cat >>/report.txt; systemctl poweroff -ff'
UNIT
cat >"$root/etc/systemd/system/proof.target" <<UNIT
[Unit]
Requires=basic.target
Wants=$name report.service
After=basic.target
UNIT
machine=unit$$
timeout $((seconds + 60)) "$nspawn/usr/bin/systemd-nspawn" -q --register=no --keep-unit -D "$root" -b --machine="$machine" \
    --link-journal=no -- --unit=proof.target >"$work/console" 2>&1 || true
cat "$root/report.txt" 2>/dev/null || tail -20 "$work/console"
rmdir "/run/systemd/nspawn/propagate/$machine" 2>/dev/null || true; umount "$root"; umount "$work"; rmdir "$work"
