"""Whose account a dossier is, and when the clock has to do something about it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0004_sent_on_its_way")]

    operations = [
        migrations.AddField("dossier", "account", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("dossier", "filer", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("dossier", "wake_at", models.DateTimeField(null=True)),
    ]
