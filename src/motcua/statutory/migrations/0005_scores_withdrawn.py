"""What was recorded can be withdrawn, by a version that has no values.

Nothing is rewritten, and whoever inserts as before still may: the column has its value from the table. The rule about
the values is put in its wider form without looking at the rows there are, which obeyed the narrower one; the next
migration looks at them, while others read and write.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

_COLUMNS = {"5": ("whole", "offered"), "6": ("posted", "correct", "inspected_on"), "8": ("received", "on_time", "prolonged")}


def _filled(index: str) -> Q:
    filled = {f"{column}__isnull": number != index for number, columns in _COLUMNS.items() for column in columns}
    return Q(index=index, withdrawn=False, **filled)


_EMPTIED = Q(
    withdrawn=True,
    index__in=tuple(_COLUMNS),
    version__gte=2,
    file="",
    **{f"{column}__isnull": True for columns in _COLUMNS.values() for column in columns},
)


class Migration(migrations.Migration):
    dependencies = [("statutory", "0004_records_stay")]

    operations = [
        migrations.AddField("scorerecord", "withdrawn", models.BooleanField(default=False, db_default=False)),
        migrations.RemoveConstraint("scorerecord", "score_is_of_its_index"),
        AddConstraintNotValid(
            "scorerecord",
            models.CheckConstraint(
                name="score_is_of_its_index", condition=_filled("5") | _filled("6") | _filled("8") | _EMPTIED
            ),
        ),
    ]
