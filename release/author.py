"""What an author is called, and where the page of all that is theirs is.

The name is the one that most of the packages print; of several, the newest.
"""

from release import words

# A scalar subquery on `package`; ?1 is the author's key, '' the answer where none prints a name.
NAME = """
  SELECT author FROM package WHERE author_key = ?1 AND withdrawn_at IS NULL
  GROUP BY author ORDER BY author = '', count(*) DESC, max(coalesce(updated, 0)) DESC, author
  LIMIT 1
"""


def key(account: str, printed: str) -> str:
    """Give what the page /authors/<key> goes by: the account on wordpress.org, else the name."""
    return account or words.key(printed)
