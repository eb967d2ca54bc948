"""motcua: the one-stop public office ("một cửa, một cửa liên thông") of a whole city."""

__version__ = "0.1.0"
