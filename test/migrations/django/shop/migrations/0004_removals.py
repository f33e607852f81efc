from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_changes")]
    operations = [
        migrations.RemoveIndex(model_name="product", name="product_price_idx"),
        migrations.RemoveConstraint(model_name="product", name="active_title"),
        migrations.RemoveField(model_name="product", name="similar"),
        migrations.RemoveField(model_name="product", name="image"),
        migrations.AlterField(model_name="product", name="stock", field=models.IntegerField(default=0)),
        migrations.AlterField(model_name="product", name="code", field=models.CharField(max_length=40)),
        migrations.DeleteModel(name="Order"),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="product", name="data")],
        ),
    ]
