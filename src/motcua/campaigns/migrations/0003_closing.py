"""A campaign can be closed: since when, empty for all there are. Adding the column rewrites nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_what_stands")]

    operations = [
        migrations.AddField("campaign", "closed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "campaign",
            models.CheckConstraint(
                name="campaign_closed_after_opening",
                condition=models.Q(("closed_at__gte", models.F("opened_at"))),
            ),
        ),
    ]
