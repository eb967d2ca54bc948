"""Where a person goes from a message: pages of this house, and one link each that opens without signing in.

Such a link is signed, dated and good for one thing (`dossiers.rating_links`): it can be neither guessed nor turned
to another dossier.
"""

from django.conf import settings

from motcua.dossiers import rating_links


def absolute(path: str) -> str:
    """The address of a page as it stands in a message."""
    return f"{settings.MOTCUA_BASE_URL}{path}"


def dossier_link(dossier_id: int, token: str, account: int) -> str:
    """The dossier's own page for who can sign in; otherwise what the receipt's QR code opens, without a name."""
    return absolute(f"/cua-toi/ho-so/{dossier_id}/" if account else f"/theo-doi/{token}/")


def rating_link(dossier_id: int) -> str:
    """Where the dossier's owner rates it without signing in."""
    return absolute(f"/danh-gia/{rating_links.make(dossier_id)}/")
