"""The dossier's own row is no longer indexed by name, dropped without stopping anybody who writes."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dossiers", "0008_names_of_their_own")]

    operations = [RemoveIndexConcurrently("dossier", "dossier_applicant_key")]
