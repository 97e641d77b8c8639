"""What plugins are for, as the front page lists it: the commonest tags that tell a purpose."""

import sqlite3

_MOST = 40
_LOOKED_AT = 400  # tags, the commonest: those of themes among them are no more than a hundred
_BEARERS = 50  # of a tag, that tell whose it is


def commonest(site: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Give (address, label, packages) of the tags of a site.db that most open packages bear.

    Only tags whose most installed bearers are plugins rather than themes: the others tell how a
    theme is laid out, coloured and made.
    """
    rows = site.execute(
        "SELECT tag, label, packages FROM ("
        "  SELECT tag, label, count(*) AS packages FROM tag"
        "  GROUP BY tag ORDER BY 3 DESC, tag LIMIT ?"
        ") AS common WHERE ("
        "  SELECT avg(type = 'plugin') FROM ("
        "    SELECT package_id FROM tag WHERE tag = common.tag ORDER BY rank LIMIT ?"
        "  ) JOIN package ON id = package_id"
        ") > 0.5 ORDER BY packages DESC, tag LIMIT ?",
        (_LOOKED_AT, _BEARERS, _MOST),
    )
    return rows.fetchall()
