"""The demo's people, clubs and classes. Installed by the demo's settings alone."""
