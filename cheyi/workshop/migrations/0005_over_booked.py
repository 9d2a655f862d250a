from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshop', '0004_finding_noted'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='over_booked',
            field=models.BooleanField(default=False),
        ),
    ]
