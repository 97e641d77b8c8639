# Run by boot.sh's systemd: install as docs/operations.md says, run each unit, tell what came of it.
# A fact a line on standard output.
set -u
as() { setpriv --reuid="$1" --regid="$(id -g "$1")" --init-groups "${@:2}"; }
result() { echo "$1 $(systemctl show -p Result --value "frontispiece-$1.service")"; }

systemd-sysusers /etc/sysusers.d/frontispiece.conf
systemd-tmpfiles --create /etc/tmpfiles.d/frontispiece.conf
cd /etc/systemd/system
# The journal does not run here: what is said goes to a file. And no mount is waited for.
sed -i 's#^\[Service\]#[Service]\nStandardOutput=append:/srv/shared/said\nStandardError=append:/srv/shared/said#
  /^RequiresMountsFor=/d' frontispiece-*.service
systemctl daemon-reload

systemctl start frontispiece-pipeline.service; result pipeline
# They are up when they listen: nothing is waited for.
systemctl start frontispiece-app@1.service frontispiece-app@2.service
ask='import http.client, socket, sys
c = http.client.HTTPConnection("localhost"); c.sock = socket.socket(socket.AF_UNIX)
c.sock.connect(sys.argv[1]); c.request("GET", "/packages/plugin/akismet"); print(c.getresponse().status)'
for n in 1 2; do
  echo "www-data asks app-$n: $(as www-data python3 -c "$ask" "/run/frontispiece/sockets/app-$n")"
  echo "nobody asks app-$n: $(as nobody python3 -c "$ask" "/run/frontispiece/sockets/app-$n" 2>&1 | tail -n 1)"
done

# In the app's very sandbox: what can be written, and what can be read.
cat >/srv/probe.sh <<'PROBE'
data=/var/lib/frontispiece
for folder in /srv /srv/frontispiece /etc /usr /var /var/log /var/cache /home /root /run /boot \
  $data $data/store $data/releases $data/current/ /run/frontispiece /run/frontispiece/sockets; do
  touch "$folder/probe" 2>/dev/null && echo "app writes $folder" && rm "$folder/probe"
done
for file in $data/catalog.db $data/lock $data/last-runs.json /etc/shadow /var/log/frontispiece/. $data/current/site.db; do
  head -c 1 "$file" >/dev/null 2>&1 && echo "app reads $file"
done
exit 0
PROBE
sed 's#^ExecStart=.*#ExecStart=/bin/sh /srv/probe.sh#; s/^Type=.*/Type=oneshot/; /^Restart/d
  s#/srv/shared/said#/srv/shared/facts#' frontispiece-app@.service >probe.service
systemctl daemon-reload
systemctl start probe.service
systemctl stop frontispiece-app@1.service
echo "sockets after one stopped: $(ls /run/frontispiece/sockets)"

printf '%s' '{"at":'"$(date +%s)"'.000,"address":"192.0.2.1","agent":"Composer/2.7.1 (Linux; 6.1; PHP 8.2.7; cURL 8)",' \
  '"body":"{\"downloads\":[{\"name\":\"wp-plugin/akismet\",\"version\":\"5.3.3.0\"}]}"}' >/var/log/frontispiece/downloads.log
echo >>/var/log/frontispiece/downloads.log
chown www-data /var/log/frontispiece/downloads.log
systemctl start frontispiece-regenerate.service; result regenerate
echo "logs left: $(find /var/log/frontispiece -type f | wc -l)"
echo "installs counted: $(python3 -c 'import sqlite3; print(sqlite3.connect("file:/var/lib/frontispiece/catalog.db?mode=ro&immutable=1", uri=True).execute("SELECT sum(installs) FROM package").fetchone()[0])')"
systemctl start frontispiece-backup.service; result backup
echo "backups: $(find /var/lib/frontispiece/backup -name 'catalog-*.db' | wc -l)"
cd /srv/frontispiece
echo "$(as frontispiece make --silent doctor)"
touch /srv/shared/done
systemctl --force --force poweroff
