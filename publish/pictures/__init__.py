"""The packages' own pictures: asked for, judged, prepared for their cards, and kept."""
