"""Names in a table of their own, filled from the dossiers there are; indexed when it is full."""

from django.db import migrations, models

_FILL = """
    INSERT INTO dossiers_name (dossier_id, receiving, key)
    SELECT id, receiving, applicant_key FROM dossiers_dossier ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_checkpoints_by_day")]

    operations = [
        migrations.CreateModel(
            "Name",
            [
                ("dossier_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("receiving", models.IntegerField()),
                ("key", models.TextField()),
            ],
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "name",
            models.Index(
                fields=["receiving", "key", "-dossier_id"],
                name="name_of_agency",
                opclasses=["int4_ops", "text_pattern_ops", "int8_ops"],
            ),
        ),
        migrations.AddIndex(
            "name",
            models.Index(
                fields=["key", "-dossier_id"],
                name="name_in_city",
                opclasses=["text_pattern_ops", "int8_ops"],
                include=["receiving"],
            ),
        ),
    ]
