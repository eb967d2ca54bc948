"""The tables of `calendars`. The application may add versions and revisions, never change or remove one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='AgencyCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar_code', models.CharField(max_length=64)),
                ('agency_number', models.PositiveIntegerField(null=True)),
                ('tier', models.CharField(blank=True, max_length=20)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agency_number__isnull', True), models.Q(('tier', ''), _negated=True)), models.Q(('agency_number__isnull', False), ('tier', '')), _connector='OR'), name='agency_calendar_agency_or_tier'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='agency_calendar_dates_in_order'), models.UniqueConstraint(condition=models.Q(('agency_number__isnull', False)), fields=('agency_number', 'valid_from'), name='agency_calendar_once_per_agency'), models.UniqueConstraint(condition=models.Q(('agency_number__isnull', True)), fields=('tier', 'valid_from'), name='agency_calendar_once_per_tier')],
            },
        ),
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('version', models.PositiveIntegerField()),
                ('data', models.TextField(db_comment='CalendarData as JSON')),
                ('content_digest', models.CharField(db_comment="SHA-256 of the content file's calendar this version stands on", max_length=64)),
                ('decree', models.TextField(blank=True, db_comment='the Decree as JSON that made this version, or empty')),
                ('document_name', models.CharField(blank=True, max_length=300)),
                ('document_number', models.CharField(blank=True, max_length=100)),
                ('document_issued', models.DateField(null=True)),
                ('document_effective', models.DateField(null=True)),
                ('loaded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='calendar_version_once')],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON calendars_calendar, calendars_revision FROM motcua_app",
            "GRANT UPDATE, DELETE ON calendars_calendar, calendars_revision TO motcua_app",
        ),
    ]
