"""Where an answer or a paper came from that nobody had to type or bring, in words for whoever reads it."""

from django.utils.translation import gettext as _

from motcua.filing.saying import say_day


def source_words(source: str) -> str:
    """`register@<instant>` and `register:identity@<instant>` name the register and the day, `result:<digest>` a result
    the city issued; '' for nothing, and anything else as it stands.
    """
    kind, _at, when = source.partition("@")
    if kind.startswith("result:"):
        return _("Dùng lại kết quả thành phố đã cấp")
    if kind.startswith("register"):
        said = say_day(when[:10]) if when else ""
        return _("Lấy từ cơ sở dữ liệu dân cư %(day)s") % {"day": said} if said else _("Lấy từ cơ sở dữ liệu dân cư")
    return source
