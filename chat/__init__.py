"""Talk beside a stream."""
