import datetime
from django.db import migrations, models
import django.db.models.deletion
import django.utils.timezone


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField(model_name="product", name="active", field=models.BooleanField(default=True)),
        migrations.AddField(model_name="product", name="ean", field=models.CharField(max_length=13, null=True, unique=True)),
        migrations.AddField(model_name="product", name="title", field=models.CharField(default="", max_length=80), preserve_default=False),
        migrations.AddField(model_name="product", name="seen", field=models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField(model_name="product", name="maker", field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="people.customer")),
        migrations.AddField(model_name="product", name="similar", field=models.ManyToManyField(to="shop.product")),
        migrations.AlterField(model_name="product", name="code", field=models.CharField(db_index=True, max_length=40)),
        migrations.AlterField(model_name="product", name="made", field=models.DateTimeField(null=True)),
        migrations.AlterField(model_name="product", name="weight", field=models.FloatField(default=0)),
        migrations.AlterField(model_name="category", name="name", field=models.CharField(max_length=40, unique=True)),
        migrations.AlterField(model_name="category", name="slug", field=models.SlugField()),
        migrations.AlterField(model_name="order", name="state", field=models.CharField(choices=[("new", "New")], default="old", max_length=8)),
    ]
