"""What is made of the catalogue: cards, release rows, Composer files, badges, lists, mirrors."""
