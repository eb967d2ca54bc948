"""A city that signs: its demonstration authority made once, a copy for each test, and a permit on its way to paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dossiers.permits import Permit
from motcua.files import store
from motcua.law import commands as c
from motcua.papers.results import following, issuing
from motcua.papers.results.certificates import DemoAuthority
from motcua.papers.results.keys import KeyRing
from motcua.papers.results.ring import city_ring
from motcua.papers.results.tables import IssuedResult, ResultWork

ADDRESS = "http://127.0.0.1:8107"


@pytest.fixture(scope="session")
def made_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of keys of a city that signs since 2018."""
    folder = tmp_path_factory.mktemp("keys") / "signing"
    folder.mkdir(mode=0o700)
    DemoAuthority(folder / "demo", ADDRESS).create()
    (folder / "signing.toml").write_text("since = 2018-01-01T00:00:00+07:00\n", encoding="utf-8")
    return folder


@pytest.fixture
def ring(made_authority: Path, tmp_path: Path, settings: Any) -> Iterator[KeyRing]:
    """This test's own copy of the keys; the settings name it."""
    own = tmp_path / "signing"
    shutil.copytree(made_authority, own)
    settings.MOTCUA_SIGNING_FOLDER = own
    settings.MOTCUA_BASE_URL = ADDRESS
    return city_ring()


def followed(*ids: int) -> None:
    """What the journal gained becomes work, as the follower would do once it is committed."""
    following.follow(ids)


def numbered(permit: Permit) -> Permit:
    """A permit signed, numbered and at the counter again, its work written down."""
    permit.accept().to("hand_over")
    followed(permit.id)
    return permit


def issued(permit: Permit) -> IssuedResult:
    """The permit's signed file, let out."""
    numbered(permit)
    issuing.issue_due()
    return IssuedResult.objects.get(dossier_id=permit.id)


def content(result: IssuedResult | ResultWork) -> bytes:
    """The bytes that were let out."""
    return b"".join(store.read(result.digest))


def corrected(permit: Permit) -> None:
    """An error of ours is mended: drafted, signed and numbered again."""
    permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    permit.act(c.CorrectResult(reason="Sai số tầng"), permit.people.head)
    draft = c.DraftResult(task=permit.state.tasks[0].no, result="permit", text="Cho phép xây dựng nhà ở bốn tầng")
    permit.act(draft, permit.people.officer)
    permit.act(c.Forward(task=permit.state.tasks[0].no), permit.people.officer)
    permit.act(c.Forward(task=permit.state.tasks[0].no), permit.people.head)
    permit.act(c.Sign(task=permit.state.tasks[0].no), permit.people.leader)
    permit.act(c.NumberResult(task=permit.state.tasks[0].no), permit.people.registrar)
    followed(permit.id)
