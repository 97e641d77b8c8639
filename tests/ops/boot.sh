#!/bin/bash
# Boot systemd, as the first process of a new PID namespace, on a throw-away layer over this
# machine's files, with the units of ops/ in place; then run trial.sh there.
#
#   unshare --mount --pid --ipc --uts --cgroup --fork --kill-child boot.sh PROJECT SHARED
set -eu -o pipefail
project=$1 shared=$2 layer=$2/layer root=$2/layer/root
mount --make-rprivate /
mkdir -p "$layer" && mount -t tmpfs tmpfs "$layer"
mkdir "$layer"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
rm -rf "$root/srv/frontispiece" "$root/var/lib/frontispiece" && mkdir -p "$root/srv/"{shared,frontispiece}
mount --bind "$shared" "$root/srv/shared"
cd "$project"
cp -r Makefile catalog publish release render scripts server nginx ops data docs requirements.lock \
  debian-packages.txt "$root/srv/frontispiece"
rm -rf "$root/srv/frontispiece/data/"[!s]*
cp -rL .venv "$root/srv/frontispiece/.venv" 2>/dev/null || true
cd "$root/srv/frontispiece"
touch .venv/.packages .venv/.installed
cp ops/systemd/* "$root/etc/systemd/system/"
mkdir -p "$root/etc/sysusers.d" "$root/etc/tmpfiles.d"
cp ops/sysusers.d/* "$root/etc/sysusers.d/"
cp ops/tmpfiles.d/* "$root/etc/tmpfiles.d/"
cp "$project/tests/ops/trial.sh" "$root/srv/trial.sh"
printf '%s\n' 'DATA = /var/lib/frontispiece' 'SITE_URL = http://example.org' \
  'READERS = frontispiece-app www-data' >config.mk
cat >"$root/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash /srv/trial.sh
StandardOutput=append:/srv/shared/facts
StandardError=append:/srv/shared/said
UNIT
cd "$root" && mkdir -p oldroot && pivot_root . oldroot && cd / && umount -l /oldroot
exec env -i container=trial PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system \
  --unit=trial.service --log-level=warning --log-target=console --show-status=no
