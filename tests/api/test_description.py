"""The description holds: whatever is sent, the answer is one it names, in a shape it names, and never our fault."""

from typing import Any

import pytest
import schemathesis
from django.test import Client as Browser
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from api.connecting import partner
from motcua.api.interface import interface
from motcua.site.wsgi import application

SCHEMA = schemathesis.openapi.from_dict(interface.get_openapi_schema())
SCHEMA.app = application
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
load_all_checks()
NAMED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
EXAMPLES = 40


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_no_answer_is_ours_to_blame_or_undescribed(operation: Any, fresh_city: Any) -> None:
    program, _account = partner()
    checks = CHECKS.get_by_names(NAMED)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def run(case: Any) -> None:
        case.headers = {**(case.headers or {}), **program.headers, "Accept-Encoding": "identity"}
        response = case.call()
        case.validate_response(response, checks=checks)

    run()


@pytest.mark.django_db
def test_every_operation_names_its_problems_and_asks_for_a_token() -> None:
    told = Browser().get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    operations = [each for path in told["paths"].values() for each in path.values()]
    assert len(operations) >= 12
    for each in operations:
        assert {"401", "403", "404", "422"} <= set(each["responses"])
        assert each["security"]
    assert "clientCredentials" in told["components"]["securitySchemes"]["oauth2"]["flows"]


@pytest.mark.django_db
def test_people_can_read_the_description_too() -> None:
    page = Browser().get("/api/").content.decode()
    assert "/api/v1/dossiers" in page
    assert "dossiers:write" in page


def test_every_operation_has_a_door() -> None:
    without = [
        f"{operation.methods} {path}"
        for _prefix, router in interface._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if not operation.auth_callbacks
    ]
    assert without == []
