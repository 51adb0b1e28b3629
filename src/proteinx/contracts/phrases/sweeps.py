"""Why a sweep or a trial of it stands where it is."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "sweep_stopped_by": "its sweep was stopped by {user}",
    "pruned_by_median": "pruned at step {step}: worse than the median of the complete trials",
    "pruned_by_rungs": "pruned at step {step}: not among the best {best} of {n} that came so far",
    "paused_by": "paused by {user}",
    "stopped_by": "stopped by {user}",
    "hopeless": "the first {n} trials all failed; the first one's log says why",
    "no_finite_metric": "its run logged no finite {metric}; it has: {choices}.{hint}",
    "owner_gone": "{user} may not sign in any more",
}
