"""From the selection of an operation to the reads that answer it: pure."""
