"""What a run may do and when: queued, claimed, admitted, reported, ended. Knows the database; starts no process itself."""
