"""What keeps an installation well: backups, examinations, who is told of a failure."""
