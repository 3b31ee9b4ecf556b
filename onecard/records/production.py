"""Production batches and the files that travel between us, the banks and the card vendor."""

from __future__ import annotations

from django.db import models

from onecard.records._fields import index_field, instant, link, ref_field


class Batch(models.Model):
    """Applications of one bank that are made together."""

    ref = ref_field()
    number = models.CharField(max_length=20, unique=True)
    bank = models.CharField(max_length=12)
    mode = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    made_at = instant()
    closed_at = instant(null=True)

    class Meta:
        db_table = "batch"

    def __str__(self) -> str:
        return self.number


class ExchangeFile(models.Model):
    """A file sent to or received from a partner. Known by partner, kind, day and number.

    The same file twice changes nothing; another content under the same name is refused. `result`
    counts what became of the lines of a return file, and how many are done.
    """

    ref = ref_field()
    batch = link("Batch", "files", null=True)
    kind = models.CharField(max_length=32)
    partner = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    business_on = models.DateField()
    file_number = models.CharField(max_length=32)
    lines = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    blob = models.CharField(max_length=60)
    direction = models.CharField(max_length=3)
    result = models.JSONField(default=dict)
    at = instant()
    sent_at = instant(null=True)
    imported_at = instant(null=True)

    class Meta:
        db_table = "exchange_file"
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "kind", "business_on", "file_number"),
                name="exchange_file_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("at",),
                condition=models.Q(sent_at=None, imported_at=None),
                name="exchange_file_open",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ReturnLine(models.Model):
    """One line of a return file as it was recorded: append only, never overwritten."""

    file = link("ExchangeFile", "return_lines")
    application = link("Application", "return_lines")
    attempt = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=32)
    content_index = index_field()
    verdict = models.CharField(max_length=20)
    reason = models.CharField(max_length=120, blank=True, default="")
    at = instant()

    class Meta:
        db_table = "return_line"
        indexes = (
            models.Index(fields=("application", "kind", "attempt"), name="return_line_of_order"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.verdict}"


class Discrepancy(models.Model):
    """Something a partner says that does not fit what we know: kept, shown, never applied."""

    ref = ref_field()
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=40)
    partner = models.CharField(max_length=32)
    detail = models.JSONField(default=dict)
    found_at = instant()
    settled_at = instant(null=True)
    settled_by = models.CharField(max_length=40, blank=True, default="")
    settlement = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "discrepancy"
        indexes = (
            models.Index(
                fields=("kind", "about"),
                condition=models.Q(settled_at=None),
                name="discrepancy_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
