from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [("shop", "0005_concurrently")]
    operations = [
        migrations.AlterField(model_name="product", name="maker", field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="people.customer")),
        migrations.AlterField(model_name="product", name="remarks", field=models.TextField(null=True)),
        migrations.AlterField(model_name="section", name="name", field=models.CharField(max_length=40)),
        migrations.AlterModelTable(name="section", table="departments"),
        migrations.AlterField(model_name="product", name="ean", field=models.CharField(db_column="gtin", max_length=14, null=True, unique=True)),
        migrations.CreateModel(
            name="Digital",
            fields=[
                ("product_ptr", models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to="shop.product")),
                ("url", models.URLField()),
                ("size", models.BigIntegerField(null=True)),
                ("length", models.DurationField(null=True)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("blob", models.BinaryField(null=True)),
                ("at", models.TimeField(null=True)),
                ("rank", models.PositiveSmallIntegerField(null=True)),
            ],
            bases=("shop.product",),
        ),
        migrations.CreateModel(name="Cheap", fields=[], options={"proxy": True, "indexes": [], "constraints": []}, bases=("shop.product",)),
        migrations.RenameIndex(model_name="product", new_name="product_labels_idx", old_name="product_tags_idx"),
        migrations.AlterUniqueTogether(name="product", unique_together=set()),
    ]
