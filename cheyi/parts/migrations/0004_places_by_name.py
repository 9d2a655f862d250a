# A warehouse without bins is one place: it is called like the warehouse, in words that people read.

from django.db import migrations

NAMED = """
UPDATE parts_place
   SET code = (SELECT substr(w.name, 1, 20) FROM parts_warehouse w WHERE w.id = parts_place.warehouse_id)
 WHERE warehouse_id IS NOT NULL
   AND code = (SELECT w.code FROM parts_warehouse w WHERE w.id = parts_place.warehouse_id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parts', '0003_car_of_a_request'),
    ]

    operations = [
        migrations.RunSQL(NAMED, migrations.RunSQL.noop, elidable=True),
    ]
