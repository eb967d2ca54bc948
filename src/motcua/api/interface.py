"""The machines' face as one interface: its parts, its description (OpenAPI 3.1), and how each error is described.

Every operation names the problems it may answer with, so that a client generated from the description meets no
surprise. What each part does is left to the parts.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

from motcua.api import acts, catalogue, dossiers, hooks, money, people, results, uploads
from motcua.api.once import HEADER
from motcua.api.problems import MEDIA, ProblemShape, answer_with_problems
from motcua.api.scopes import SCOPES

PROBLEMS = {
    400: "The request cannot be read, or lacks its key",
    401: "No token, or one that is not good any more",
    403: "The token or the law does not allow it",
    404: "Not there, or not this account's",
    409: "The key was used for another request, or the dossier moved on",
    413: "Too large",
    415: "Of a type that is not taken",
    422: "Fields are wrong, or the law refuses",
    503: "Busy: send it again under the same key",
}
KEY = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[\\x21-\\x7e]{8,128}$"},
    "description": "One key for each thing to be done; the same key again is the same thing.",
}
TOKEN = "/api/oauth/token/"  # noqa: S105 - an address


class Interface(NinjaAPI):  # type: ignore[misc]
    """The interface, whose description tells of problems and keys as well."""

    def get_openapi_schema(self, **more: Any) -> Any:
        """The description, completed."""
        schema = super().get_openapi_schema(**more)
        schema["components"].setdefault("schemas", {})["ProblemShape"] = ProblemShape.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        inner = schema["components"]["schemas"]["ProblemShape"].pop("$defs", {})
        schema["components"]["schemas"].update(inner)
        schema["components"]["securitySchemes"] = _security()
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _complete(method, operation)
        return schema


def _security() -> dict[str, Any]:
    scopes = {name: str(words) for name, words in SCOPES.items()}
    flows = {
        "clientCredentials": {"tokenUrl": TOKEN, "scopes": scopes},
        "authorizationCode": {"authorizationUrl": "/api/oauth/authorize/", "tokenUrl": TOKEN, "scopes": scopes},
    }
    return {"oauth2": {"type": "oauth2", "flows": flows}}


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Problems under every operation, the key under those that change something, and the scheme of the tokens."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
    for status, words in PROBLEMS.items():
        operation["responses"].setdefault(status, {"description": words, "content": content})
    if method == "post":
        operation.setdefault("parameters", []).append(KEY)
    operation["security"] = [{"oauth2": []}]


interface = Interface(
    title="Một Cửa",
    version="1",
    description="File dossiers, follow them, pay, and fetch results; for residents' apps and partner systems.",
    docs_url=None,
    urls_namespace="api",
)
answer_with_problems(interface)
interface.add_router("/procedures", catalogue.router)
interface.add_router("/dossiers", dossiers.router)
interface.add_router("/dossiers", acts.router)
interface.add_router("/dossiers", money.router)
interface.add_router("/dossiers", results.router)
interface.add_router("/uploads", uploads.router)
interface.add_router("/webhooks", hooks.router)
interface.add_router("/register", people.router)


def description(request: HttpRequest) -> HttpResponse:
    """The interface for people who build for it."""
    schema = interface.get_openapi_schema()
    paths = [
        {"method": method.upper(), "path": path, "what": operation.get("description") or operation["summary"]}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
    return render(request, "api/description.html", {"paths": paths, "scopes": SCOPES.items()})
