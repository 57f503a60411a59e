"""The composition root: what runs, with which settings, behind which doors."""
