"""The index by which a campaign's own acts are found among those of its answers, built without stopping anybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("campaigns", "0003_closing")]

    operations = [
        AddIndexConcurrently(
            "actdone",
            models.Index(fields=["campaign", "id"], name="campaign_own_acts", condition=models.Q(answer=None)),
        ),
    ]
