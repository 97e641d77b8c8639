"""What an author is called: the name that most of the packages print, of several the newest."""

# A scalar subquery on `package`; ?1 is the author's key, '' the answer where none prints a name.
NAME = """
  SELECT author FROM package WHERE author_key = ?1 AND withdrawn_at IS NULL
  GROUP BY author ORDER BY author = '', count(*) DESC, max(coalesce(updated, 0)) DESC, author
  LIMIT 1
"""
