"""Safe as delivered: headers, sign-in, rights, and what a failure says to people and to the log."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, connections
from django.http import HttpRequest
from django.test import Client, RequestFactory

from cities import City
from motcua.site import errors
from motcua.site.databases import application_settings, owner_settings, ready_roles
from motcua.site.home import Home
from motcua.site.log_lines import DiscreetFormatter
from motcua.site.signin import username_of

SIGN_IN = "/tai-khoan/login/"


@pytest.mark.django_db
def test_pages_allow_nothing_from_elsewhere_and_nothing_inline(client: Client) -> None:
    headers = client.get(SIGN_IN).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_a_public_address_makes_cookies_secure_and_passes_djangos_own_examination(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "motcua.site.cli", "check", "--deploy", "--fail-level", "WARNING"],
        env=os.environ | {"MOTCUA_HOME": str(tmp_path / "none"), "MOTCUA_BASE_URL": "https://motcua.example.vn"},
        capture_output=True,
        text=True,
        check=False,
    )
    # HSTS for subdomains and preloading bind sites that are not ours; the rest must be clean.
    left = [line for line in done.stderr.splitlines() if "(security." in line]
    assert all("W005" in line or "W021" in line for line in left), left


def test_nothing_is_switched_on_by_default() -> None:
    assert settings.DEBUG is False
    assert "*" not in settings.ALLOWED_HOSTS
    assert settings.PASSWORD_HASHERS[-2].endswith("Argon2PasswordHasher")


@pytest.mark.django_db
def test_nobody_makes_an_account_for_himself(client: Client) -> None:
    before = get_user_model().objects.count()
    given = {"username": "intruder", "password1": "một-mật-khẩu-dài", "password2": "một-mật-khẩu-dài"}
    client.post("/tai-khoan/signup/", given)
    assert get_user_model().objects.count() == before


def make_official(username: str, password: str) -> Any:
    official = get_user_model()(username=username)
    official.set_password(password)
    official.save()
    return official


@pytest.mark.django_db
def test_sixty_officials_behind_one_address_sign_in_while_one_who_guesses_is_stopped(secret: str) -> None:
    names = [f"can-bo-{number}" for number in range(60)]
    for name in names:
        make_official(name, secret)
    victim = names[0]
    for _ in range(settings.AXES_FAILURE_LIMIT):
        refused = Client().post(SIGN_IN, {"login": victim, "password": "đoán mò"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    for name in names[1:]:
        assert Client().post(SIGN_IN, {"login": name, "password": secret}).status_code == 302
    # The right password does not help any more, in whatever spelling of the name.
    for spelling in (victim, victim.upper(), f" {victim} "):
        assert Client().post(SIGN_IN, {"login": spelling, "password": secret}).status_code == 429


@pytest.mark.parametrize("spelling", ["Lan", " LAN", "lan "])
def test_failures_are_counted_for_an_account_however_it_is_spelt(spelling: str) -> None:
    request = RequestFactory().post(SIGN_IN, {"login": spelling})
    assert username_of(request) == "lan"
    assert username_of(request, {"username": spelling}) == "lan"
    assert username_of(RequestFactory().post(SIGN_IN)) is None


def test_a_database_of_ones_own_is_used_under_the_applications_role(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = Home(tmp_path / "none")
    monkeypatch.setenv("DATABASE_URL", "postgresql://city:pw@db.example:6432/hanoi?sslmode=require")
    found = application_settings(home)
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "hanoi",
        "USER": "city",
        "PASSWORD": "pw",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["assume_role"] == "motcua_app"
    assert "jit=off" in found["OPTIONS"]["options"]
    assert owner_settings(home)["USER"] == "city"
    assert "assume_role" not in owner_settings(home)["OPTIONS"]
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db.example/hanoi")
    assert owner_settings(home)["USER"] == "owner"


@pytest.mark.django_db
def test_the_application_may_add_to_the_journal_and_nothing_else() -> None:
    with connection.cursor() as cursor:
        for table in ("dossiers_event", "dossiers_checkpoint", "dossiers_checkpointleaf"):
            cursor.execute(
                "SELECT name FROM unnest(%s::text[]) AS name WHERE has_table_privilege(current_user, %s, name)",
                [["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"], table],
            )
            assert {right for (right,) in cursor.fetchall()} == {"SELECT", "INSERT"}
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_an_owner_who_is_no_superuser_readies_the_roles_and_the_city_runs_under_them(fresh_city: City) -> None:
    name = fresh_city.database
    with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {name} LOGIN CREATEROLE")
        owner.execute(f"GRANT motcua_app TO {name} WITH ADMIN OPTION")
        owner.execute(f"GRANT CREATE, USAGE ON SCHEMA public TO {name} WITH GRANT OPTION")
    try:
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict["USER"] = name
        ready_roles(connection)
        ready_roles(connection)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE made_later (id int)")
            cursor.execute("SET ROLE motcua_app")
            cursor.execute("INSERT INTO made_later VALUES (1)")
        connection.close()
        connection.settings_dict.update(before)
    finally:
        with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
            owner.execute(f"DROP OWNED BY {name} CASCADE")
            owner.execute(f"DROP ROLE {name}")


def test_a_database_that_is_away_is_a_page_that_says_so_and_comes_back(fresh_city: City) -> None:
    client = Client(raise_request_exception=False)
    host = connection.settings_dict["HOST"]
    connections["default"].close()
    connection.settings_dict["HOST"] = "/nowhere"
    away = client.get("/healthz")
    connection.settings_dict["HOST"] = host
    assert away.status_code == 503
    assert away.headers["Retry-After"] == "10"
    assert "Hệ thống đang tạm nghỉ" in away.content.decode()
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (psycopg.errors.DiskFull("x"), "full"),
        (psycopg.errors.LockNotAvailable("x"), "busy"),
        (psycopg.errors.DeadlockDetected("x"), "busy"),
        (psycopg.OperationalError("connection refused"), "away"),
    ],
)
def test_what_ails_the_database_is_told_apart(cause: Exception, reason: str) -> None:
    failure = OperationalError("đứt")
    failure.__cause__ = cause
    assert errors.trouble(failure)[0] == reason
    try:
        raise failure
    except OperationalError:
        answer = errors.server_error(HttpRequest())
    assert answer.status_code == 503


def test_a_fault_of_ours_is_no_trouble_of_the_database() -> None:
    try:
        raise ValueError("012345678901")
    except ValueError:
        answer = errors.server_error(HttpRequest())
    assert answer.status_code == 500
    assert "012345678901" not in answer.content.decode()


def test_the_log_says_what_failed_and_nothing_about_whom() -> None:
    try:
        try:
            raise psycopg.errors.UniqueViolation("Key (number)=(012345678901) already exists.")
        except psycopg.Error as error:
            raise ValueError("Nguyễn Thị Ánh") from error
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "reference %s", ("ab12",), sys.exc_info())
    line = DiscreetFormatter().format(record)
    assert "reference ab12" in line
    assert "builtins.ValueError" in line
    assert "psycopg.errors.UniqueViolation sqlstate=23505" in line
    assert "test_the_log_says_what_failed" in line
    assert "0123" not in line
    assert "Nguyễn" not in line


def test_the_log_knows_a_request_by_its_route_not_by_its_address() -> None:
    request = RequestFactory().get("/tra-cuu/mot-ma-bi-mat")
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s: %s", ("Error", request.path), None)
    record.request = request
    line = DiscreetFormatter().format(record)
    assert "mot-ma-bi-mat" not in line
    assert "GET" in line
