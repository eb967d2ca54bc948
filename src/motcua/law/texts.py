"""A text in the two languages of the house. Which one is shown is the reader's choice, made by the faces."""

import msgspec


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in Vietnamese and English; English may be empty where the law has none."""

    vi: str
    en: str = ""

    def within(self, language: str) -> str:
        """The text in `language`, falling back to Vietnamese."""
        return self.en if language.startswith("en") and self.en else self.vi
