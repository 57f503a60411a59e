"""What a run may do and when: queued, claimed, admitted, reported, ended. Starts no process itself."""
