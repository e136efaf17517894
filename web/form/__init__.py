"""The page of a post, which works with the line cut."""
