"""An HTTP service as a source."""
