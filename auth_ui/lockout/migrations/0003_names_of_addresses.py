from django.db import migrations, models


class Migration(migrations.Migration):
    """Add a column that workers of the last release need not know."""

    dependencies = [("auth_ui_lockout", "0002_parts_of_accounts")]

    operations = [
        migrations.AddField(
            model_name="counter",
            name="names",
            field=models.IntegerField(db_default=0, default=0),
        ),
    ]
