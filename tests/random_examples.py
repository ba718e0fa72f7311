"""How many random examples a test tries: a few in every run, many where a run may take long."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings


def quick(examples: int) -> settings:
    """So many examples, the same ones in every run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )


def at_length(examples: int) -> settings:
    """So many examples, or as many as `PUNNET_FUZZ_EXAMPLES` says."""
    return settings(
        quick(examples),
        max_examples=int(os.environ.get("PUNNET_FUZZ_EXAMPLES", examples)),
        # The same ones in every run, but for `make fuzz`.
        derandomize="PUNNET_FUZZ" not in os.environ,
        print_blob=True,
    )
