"""What tests of filing may ask for: a register that knows somebody."""

import pytest

from filing.citizen import FakeRegister
from motcua.filing import register as seam


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> FakeRegister:
    """The city's register, replaced by one of two people."""
    known = FakeRegister()
    monkeypatch.setattr(seam, "_present", known)
    return known
