"""Draw the card of every package that has never had one, and those of the site's own pages.

A card that fails is named, gets the default card on its page, is tried again by the next run, and
makes this one exit 1; it never stops the others. Cards that only went out of date are left to
`regenerate`.
"""

from publish.cards.render import render_new
from scripts import frames

main = frames.drawing(__doc__, "render-new", render_new)
