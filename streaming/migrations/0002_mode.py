from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clubs", "0003_house_rules"),
        ("streaming", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="mode",
            field=models.CharField(
                choices=[("broadcast", "Broadcast"), ("interactive", "Interactive")],
                default="broadcast",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="stream",
            name="ingest_bridged",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(mode__in=["broadcast", "interactive"]), name="streaming_known_mode"
            ),
        ),
    ]
