"""`{% load uploads %}`: the question that takes files, for any form of a signed-in person."""

from collections.abc import Sequence
from typing import Any

from django import template

from motcua.files.form_field import field_of

register = template.Library()


@register.inclusion_tag("files/upload_field.html", takes_context=True)
def upload_field(
    context: template.Context, bundle: Any, name: str, label: Any = "", hint: Any = "", required: bool = False,
    errors: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The question `name` of the draft `bundle`; without scripts an ordinary file question of the same name."""
    request = context["request"]
    field = field_of(
        request.user.pk, str(bundle), name, label=label, hint=hint, required=required, errors=list(errors or ())
    )
    return {"field": field, "request": request}
