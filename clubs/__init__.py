"""Who belongs where and what is scheduled: club, membership, group session, participation."""
