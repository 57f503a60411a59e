"""Who somebody is: user, sign-in, API credentials."""
