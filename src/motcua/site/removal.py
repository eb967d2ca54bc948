"""Removing a demonstration city whole: its processes, its database wherever it stands, its folder.

A city that was not made as a demonstration is never removed.
"""

import os
import shutil
from collections.abc import Callable

from django.core.management import CommandError

from motcua.site import embedded
from motcua.site.databases import is_embedded
from motcua.site.embedded_place import find_place
from motcua.site.home import Home
from motcua.site.running import end_all


def remove(home: Home, tell: Callable[[str], None]) -> None:
    """Stop and remove the city of `home`; `tell` what was done. Raises CommandError when it is no demonstration."""
    if not home.is_made():
        tell(f"Không có gì ở {home.path} / there is nothing at {home.path}")
        return
    if not home.record().get("demo"):
        raise CommandError(
            f"{home.path} không phải dữ liệu trình diễn nên không bị xóa / "
            f"{home.path} is not a demonstration and is left alone"
        )
    end_all(home, but=os.getpid())
    if is_embedded():
        embedded.stop(home)
        place = find_place(home)
        for folder, usual in ((place.sockets, home.run), (place.data.parent, home.path)):
            if folder != usual and folder.exists():
                shutil.rmtree(folder)
    shutil.rmtree(home.path)
    tell(f"Đã xóa / removed: {home.path}")
