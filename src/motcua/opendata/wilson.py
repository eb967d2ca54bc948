"""The margin of a share that was seen in a number of cases (Wilson's interval, 95 %).

Two units whose margins overlap cannot be told apart by their shares, so nobody is ranked without one.
"""

from math import sqrt

Z_95 = 1.959963984540054


def margin(hits: int, of: int, z: float = Z_95) -> tuple[float, float] | None:
    """The lowest and the highest share that fit what was seen; None when nothing was.

    Raises ValueError when there are more hits than cases.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if not of:
        return None
    share, square = hits / of, z * z / of
    centre = (share + square / 2) / (1 + square)
    spread = z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # Nothing and everything are their own bounds, whatever the arithmetic of floats says.
    return (0.0 if hits == 0 else max(0.0, centre - spread)), (1.0 if hits == of else min(1.0, centre + spread))
