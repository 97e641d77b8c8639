# Keep this as /srv/frontispiece/config.mk: what of the Makefile's variables this machine wants else.
DATA     = /var/lib/frontispiece
SITE_URL = https://packages.example.org
SOURCE   = wporg
READERS  = frontispiece-app www-data

# A command that is told of a failed run, in one line on its standard input.
# NOTIFY = curl --silent --data-binary @- https://alerts.example.org/frontispiece

# Better on another disk than DATA: mount one there. For another folder see docs/operations.md.
BACKUP   = /var/backups/frontispiece
