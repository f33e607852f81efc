from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0004_removals")]
    operations = [
        migrations.AddField(model_name="product", name="tags", field=ArrayField(models.CharField(max_length=10), default=list)),
        AddIndexConcurrently(model_name="product", index=models.Index(fields=["title"], name="product_title_idx")),
        AddIndexConcurrently(model_name="product", index=GinIndex(fields=["tags"], name="product_tags_idx")),
        RemoveIndexConcurrently(model_name="product", name="product_title_idx"),
        AddConstraintNotValid(model_name="product", constraint=models.CheckConstraint(condition=models.Q(("stock__lt", 1000)), name="stock_small")),
        ValidateConstraint(model_name="product", name="stock_small"),
    ]
