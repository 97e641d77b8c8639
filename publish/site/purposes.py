"""What packages are for, as the front page lists it: the commonest tags that tell a purpose."""

import sqlite3

_MOST = 40
# What the theme directory has authors tick: how a theme is laid out, coloured and made, not what it
# is for. Those of today, by their names and by their slugs, and those that old themes still bear:
# https://make.wordpress.org/themes/handbook/review/required/theme-tags/
_FEATURES = frozenset(
    (
        *("one-column", "two-columns", "three-columns", "four-columns", "grid-layout"),
        *("left-sidebar", "right-sidebar", "wide-blocks", "full-width-template", "footer-widgets"),
        *("fixed-layout", "fluid-layout", "responsive-layout", "fixed-width", "flexible-width"),
        *("accessibility-ready", "block-patterns", "block-styles", "custom-background"),
        *("block-editor-patterns", "block-editor-styles", "block-themes", "full-site-editing"),
        *("custom-colors", "custom-header", "custom-logo", "custom-menu", "editor-style"),
        *("featured-image-header", "featured-images", "flexible-header", "front-page-post-form"),
        *("front-page-posting", "microformats", "post-formats", "rtl-language-support"),
        *("sticky-post", "style-variations", "template-editing", "theme-options"),
        *("threaded-comments", "translation-ready"),
        *("black", "blue", "brown", "gray", "green", "orange", "pink", "purple", "red", "silver"),
        *("tan", "white", "yellow", "dark", "light"),
    )
)


def commonest(site: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Give (address, label, packages) of the tags that most open packages of a site.db bear."""
    rows = site.execute(
        "SELECT tag, label, count(*) FROM tag GROUP BY tag ORDER BY 3 DESC, tag LIMIT ?",
        (_MOST + len(_FEATURES),),
    ).fetchall()
    return [row for row in rows if row[0] not in _FEATURES][:_MOST]
