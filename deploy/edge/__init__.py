"""An edge of our own before the origin: nginx on another machine, which asks the origin for verdicts and media."""
