"""Child processes, their pipes and their supervision; the only place that starts any."""
