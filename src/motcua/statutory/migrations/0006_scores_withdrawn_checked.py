"""Looks whether the rows there are obey the rule of the migration before; others go on reading and writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("statutory", "0005_scores_withdrawn")]

    operations = [ValidateConstraint("scorerecord", "score_is_of_its_index")]
