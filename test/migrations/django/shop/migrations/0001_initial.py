import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("slug", models.SlugField(unique=True)),
                ("parent", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="children", to="shop.category")),
            ],
            options={"verbose_name_plural": "categories", "ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(db_index=True, max_length=20)),
                ("price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("stock", models.PositiveIntegerField(default=0)),
                ("image", models.ImageField(blank=True, upload_to="products/")),
                ("notes", models.TextField(blank=True, default="")),
                ("made", models.DateField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("weight", models.FloatField(null=True)),
                ("categories", models.ManyToManyField(related_name="products", to="shop.category")),
            ],
            options={"unique_together": {("code", "made")}},
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.customer")),
                ("by", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ("product", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="shop.product")),
                ("state", models.CharField(choices=[("new", "New"), ("paid", "Paid")], default="new", max_length=8)),
            ],
            options={
                "db_table": "sales_order",
                "indexes": [models.Index(fields=["state", "-created"], name="order_state_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id__gt", 0)), name="order_id_positive"),
                    models.UniqueConstraint(fields=("customer", "created"), name="order_once"),
                ],
            },
        ),
    ]
