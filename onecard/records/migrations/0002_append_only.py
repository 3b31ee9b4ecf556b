"""The walls around the tables that only grow."""

from typing import Any

from django.db import migrations

from onecard.records import append_only


def _up(_apps: Any, schema_editor: Any) -> None:
    append_only.raise_walls(schema_editor.connection.vendor, schema_editor.execute)


def _down(_apps: Any, schema_editor: Any) -> None:
    append_only.lower_walls(schema_editor.connection.vendor, schema_editor.execute)


class Migration(migrations.Migration):
    """Triggers on both engines."""

    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(_up, _down)]
