"""An identity and what came of it: sums of figures that must be equal (or not more), evaluated on intervals.

Here: the record, exact evaluation with the honest tolerance, and when an identity is trivial. Not here: where identities come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.audit.sheet import Figure

HINT = 0.3  # strength of an agreement that nothing promises
_SURE = 0.7  # strength


@dataclass(slots=True)
class Identity:
    """Σ left = Σ right (or ≤). `rule` names the kind of identity, `family` the rule of a finding it would give.

    `strength` is how sure it is that the identity applies here (1: the form promises it). `bound`: left may not exceed right.
    """

    rule: str
    family: str
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]
    strength: float = 1.0
    bound: bool = False
    state: str = "applies"  # applies · not_applicable · insufficient_data · aside (another way explains the same total)
    group: tuple[object, ...] = ()  # identities that stand or fall together
    table: int | None = None
    detail: str = ""
    residual: int = 0
    tolerance2: int = 0  # twice the tolerance, in steps
    id: str = ""
    figures: tuple[Figure, ...] = field(default=())

    def __post_init__(self) -> None:
        """Evaluate once."""
        self.figures = (*self.left, *self.right)
        self.evaluate()

    def evaluate(self) -> None:
        """(Re)compute the residual left − right and the tolerance."""
        self.residual = sum(f.value for f in self.left) - sum(f.value for f in self.right)
        self.tolerance2 = sum(f.increment for f in self.figures)

    @property
    def holds(self) -> bool:
        """Whether it holds within the rounding of its printed terms."""
        excess = self.residual if self.bound else abs(self.residual)
        return 2 * excess <= self.tolerance2

    @property
    def exact(self) -> bool:
        """Whether it holds to the last digit."""
        return self.residual <= 0 if self.bound else self.residual == 0

    @property
    def empty(self) -> bool:
        """Whether all its terms are zero."""
        return not any(f.value for f in self.figures)

    @property
    def trivial(self) -> bool:
        """Whether it says nothing: a bound, or fewer than two distinct non-zero terms (an equal amount in another table is not)."""
        if self.bound:
            return True
        sizes = {abs(f.value) for f in self.figures if f.value}
        if len(sizes) >= 2:
            return False
        return not sizes or len({f.table for f in self.figures if f.value}) < 2

    @property
    def sure(self) -> bool:
        """Whether its failure speaks against its terms even when no cell can be named: it surely applies, and its whole is printed."""
        return self.strength >= _SURE and all(f.fact is not None for f in self.left)

    @property
    def outcome(self) -> str:
        """Outcome as a word of relation `checks`."""
        if self.state != "applies":
            return self.state
        if self.holds:
            return "pass" if self.exact else "pass_by_rounding"
        return "fail"
