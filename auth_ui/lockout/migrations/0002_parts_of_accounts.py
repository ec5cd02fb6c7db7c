from django.db import migrations, models


class Migration(migrations.Migration):
    """Add a column that workers of the last release need not know."""

    dependencies = [("auth_ui_lockout", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="counter",
            name="is_part",
            field=models.BooleanField(db_default=False, default=False),
        ),
        # In Python alone: the columns keep their names.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField(model_name="counter", old_name="person", new_name="user"),
                migrations.AlterField(
                    model_name="counter",
                    name="user",
                    field=models.CharField(db_column="person", max_length=255, verbose_name="user"),
                ),
                migrations.AlterField(
                    model_name="counter",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("name_and_address", "a name from one address"),
                            ("name", "a name"),
                            ("address", "an address"),
                            ("browser", "a known browser"),
                        ],
                        max_length=16,
                        verbose_name="counts",
                    ),
                ),
            ]
        ),
        migrations.AddIndex(
            model_name="counter",
            index=models.Index(fields=["user"], name="auth_ui_lockout_user"),
        ),
    ]
