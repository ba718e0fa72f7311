"""What a configuration declares, and where it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(ABC):
    """Something that a configuration says; as text it is where and what, for messages."""

    # Two that say the same are equal, wherever they stand.
    declared_at: str = field(default="", compare=False, repr=False)
    """As `punnet.toml:12`; empty where no file says it."""

    @property
    @abstractmethod
    def _label(self) -> str:
        """What a message calls it."""

    def __str__(self) -> str:
        return f"{self.declared_at}: {self._label}" if self.declared_at else self._label
