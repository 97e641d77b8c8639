"""Sixty short searches: an exact name that few use does not stand before what is meant."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from catalog import database
from catalog.packages import Allowance, take
from catalog.source import opened
from publish.site import write
from server.queries import search
from server.queries.lists import Filter
from tests.conftest import ROOT

# What is typed, and what belongs into the first three, whatever its place there.
TABLE = {
    "seo": "wordpress-seo seo-by-rank-math all-in-one-seo-pack",
    "slider": "smart-slider-3 nextgen-gallery",
    "smtp": "wp-mail-smtp fluent-smtp",
    "gallery": "nextgen-gallery",
    "forms": "wpforms-lite ninja-forms",
    "form": "contact-form-7 wpforms-lite ninja-forms",
    "contact form": "contact-form-7 wpforms-lite",
    "contact": "contact-form-7 wpforms-lite",
    "cache": "litespeed-cache wp-fastest-cache wp-super-cache",
    "caching": "litespeed-cache",
    "backup": "all-in-one-wp-migration updraftplus",
    "security": "wordfence really-simple-ssl",
    "firewall": "wordfence",
    "login": "limit-login-attempts-reloaded wordfence",
    "login security": "wordfence limit-login-attempts-reloaded",
    "migration": "all-in-one-wp-migration updraftplus",
    "analytics": "google-site-kit koko-analytics",
    "google analytics": "google-site-kit",
    "woocommerce": "woocommerce",
    "store": "storefront woocommerce",
    "page builder": "elementor",
    "builder": "elementor wpforms-lite",
    "elementor": "elementor hello-elementor essential-addons-for-elementor-lite",
    "editor": "classic-editor",
    "classic editor": "classic-editor",
    "block editor": "classic-editor",
    "image optimizer": "ewww-image-optimizer shortpixel-image-optimiser",
    "images": "shortpixel-image-optimiser",
    "svg": "svg-support safe-svg",
    "duplicate": "duplicate-page duplicate-post",
    "duplicate page": "duplicate-page",
    "redirect": "redirection",
    "translate": "loco-translate translatepress-multilingual",
    "multilingual": "translatepress-multilingual",
    "newsletter": "newsletter mailpoet",
    "email": "wp-mail-smtp mailpoet",
    "mail": "wp-mail-smtp mailpoet",
    "events": "the-events-calendar",
    "calendar": "the-events-calendar",
    "table": "tablepress flexible-table-block",
    "custom fields": "advanced-custom-fields",
    "fields": "advanced-custom-fields",
    "post type": "custom-post-type-ui",
    "snippets": "code-snippets",
    "code snippets": "code-snippets",
    "statistics": "wp-statistics",
    "spam": "akismet antispam-bee",
    "anti spam": "akismet antispam-bee",
    "sitemap": "wordpress-seo",
    "thumbnails": "regenerate-thumbnails",
    "media": "enable-media-replace",
    "invoice": "woocommerce-pdf-invoices-packing-slips",
    "pdf": "woocommerce-pdf-invoices-packing-slips",
    "ssl": "really-simple-ssl",
    "speed": "google-site-kit jetpack litespeed-cache",
    "performance": "litespeed-cache",
    "accessibility": "pojo-accessibility",
    "cron": "wp-crontrol",
    "history": "simple-history",
    "photo gallery": "nextgen-gallery",
}


@pytest.fixture(name="catalogue", scope="module")
def _catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The sample, and for each search a package of exactly that name that few still use."""
    folder = tmp_path_factory.mktemp("three")
    sample = (ROOT / "data" / "sources" / "sample.jsonl").read_text().splitlines()
    taken = {json.loads(line)["slug"] for line in sample}
    source = folder / "source.jsonl"
    source.write_text("\n".join((*sample, *(_forgotten(words, taken) for words in TABLE))))
    with database.writing(folder) as db:
        take(db, [opened(str(source))], Allowance(), int(time.time()))
        db.execute(
            "INSERT INTO page_card VALUES ('default', ?, '{}', 'x', 1200, 630, 0)", ["a" * 32]
        )
        write.write(db, None, folder / "site.db", write.Settings("https://x.org"), time.time())
    with closing(sqlite3.connect(folder / "site.db")) as connection:
        yield connection


def _forgotten(words: str, taken: set[str]) -> str:
    slug = words.replace(" ", "-")
    record = {
        "type": "theme" if slug in taken else "plugin",
        "slug": slug,
        "name": words.title(),
        "short_description": "",
        "version": "1.0",
        "author": "Someone",
        "active_installs": 200,
        "last_updated": "2012-03-01 1:00pm GMT",
        "versions": {},
    }
    return json.dumps(record)


@pytest.mark.parametrize(("words", "wanted"), TABLE.items(), ids=TABLE)
def test_what_is_meant_is_among_the_first_three(
    catalogue: sqlite3.Connection, words: str, wanted: str
) -> None:
    """What most people mean stands first; the forgotten one of that name is on the first page."""
    found = search.find(catalogue, words, Filter())
    assert found.match is not None
    entries = search.page(catalogue, found.match, "", 24, 0)
    slugs = [entry.slug for entry in entries]

    assert set(wanted.split()) <= set(slugs[:3])
    assert words.title() in [entry.name for entry in entries if entry.active_installs == 200]
