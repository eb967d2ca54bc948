"""What this room does by the clock: removes codes, tallies and lists of sessions whose time has passed."""

from motcua.accounts import codes, guarding, sessions


def sweep() -> None:
    """Quick, and safe to run twice."""
    codes.sweep()
    guarding.sweep()
    sessions.sweep()
