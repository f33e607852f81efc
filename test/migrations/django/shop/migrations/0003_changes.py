from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("shop", "Product").objects.update(title="x")


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_fields")]
    operations = [
        migrations.RenameField(model_name="product", old_name="notes", new_name="remarks"),
        migrations.RenameField(model_name="order", old_name="by", new_name="keeper"),
        migrations.RenameModel(old_name="Category", new_name="Section"),
        migrations.AddIndex(model_name="product", index=models.Index(fields=["price"], name="product_price_idx")),
        migrations.AddConstraint(model_name="product", constraint=models.UniqueConstraint(condition=models.Q(("active", True)), fields=("title",), name="active_title")),
        migrations.AddConstraint(model_name="product", constraint=models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="price_positive")),
        migrations.AlterUniqueTogether(name="product", unique_together={("code", "title")}),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("CREATE VIEW dear AS SELECT * FROM shop_product WHERE price > 100", reverse_sql="DROP VIEW dear"),
        migrations.AlterModelOptions(name="section", options={"ordering": ["name"]}),
    ]
