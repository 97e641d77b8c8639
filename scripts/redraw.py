"""Redraw the cards whose printed facts changed since they were drawn.

A card is redrawn exactly if its fingerprint, of everything printed on it, the template, the fonts
and the renderer, differs from the fingerprint of the card it has. A card that fails keeps the
older one, is named, and makes the run exit 1.
"""

from publish.cards.render import redraw
from scripts import frames

main = frames.drawing(__doc__, "redraw", redraw)
