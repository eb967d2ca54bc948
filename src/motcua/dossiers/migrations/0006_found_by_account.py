"""The indexes of the columns of 0005, built without stopping anybody who writes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dossiers", "0005_whose_account")]

    operations = [
        AddIndexConcurrently(
            "dossier",
            models.Index(fields=["account", "-id"], name="dossier_account", condition=~models.Q(account=0)),
        ),
        AddIndexConcurrently(
            "dossier", models.Index(fields=["filer", "-id"], name="dossier_filer", condition=~models.Q(filer=0))
        ),
        AddIndexConcurrently(
            "dossier",
            models.Index(fields=["wake_at", "id"], name="dossier_wake", condition=models.Q(wake_at__isnull=False)),
        ),
    ]
