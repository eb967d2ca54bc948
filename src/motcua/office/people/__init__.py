"""People and posts: lending a post, appointing and ending, accounts, one's own account."""
