"""Send images and Composer metadata to an S3-compatible bucket, to stand behind a CDN.

  bucket s3://name [--endpoint URL]

Objects are named as the site's addresses: og/…, badges/…, p2/…, list.json, filter-summary.json,
packages.json. Cards go
first, then Composer files, the two lists last; then what is gone here is deleted there. Only what
changed is sent: by a record of what the bucket was left with, or, when there is none, by the
bucket's own listing, as with --full. --cards sends the cards alone, before a release names them.

Needs boto3, which finds the credentials as it always does (~/.aws, the environment, the machine's
role). An object that fails is named and stops the run before the lists; exit 1, and the next run
goes on. Exits 2 if boto3, a release or the credentials are missing.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from publish.mirrors.bucket import Sending, bucket
from scripts import arguments
from scripts.arguments import mirrors, values


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Send, and give the exit code."""
    parser = arguments.parser(__doc__, "bucket")
    mirrors.add_bucket(parser)
    parser.add_argument("--cards", action="store_true", help="send new cards and nothing else")
    parser.add_argument(
        "--plain", action="store_true", help="metadata not gzipped, for clients that cannot"
    )
    parser.add_argument(
        "--at-once", type=values.positive, default=16, metavar="N", help="(default 16)"
    )
    args = parser.parse_args(argv)
    sending = Sending(args.cards, args.full, args.plain, args.at_once)
    return bucket(args.data, mirrors.bucket(args), sending, journal or Journal())
