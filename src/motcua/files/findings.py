"""What examining a file may end with: a refusal by code, and the bounds that every examination keeps to.

Knows no framework: it is imported by the process that works on hostile files, apart from the server.
"""

from typing import Any

MILLION = 1_000_000
# The largest phone cameras make pictures of 108 million pixels.
MOST_PIXELS = 110 * MILLION
MOST_PAGES = 200
# Pages that get a picture to look at before confirming; the rest is in the PDF itself.
MOST_PREVIEWS = 20
PREVIEW_WIDTH = 720


class RefusedError(Exception):
    """A file that is not taken: the code of the reason, and what its sentence names."""

    def __init__(self, code: str, **told: Any) -> None:
        super().__init__(code)
        self.code, self.told = code, told
