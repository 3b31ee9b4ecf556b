"""People, their identity documents, their guardians. Personal columns are sealed."""

from __future__ import annotations

from django.db import models

from onecard.domain.documents import DocumentKind
from onecard.domain.person import ApplicantClass, Sex
from onecard.records._fields import (
    EnumField,
    SealedField,
    index_field,
    instant,
    link,
    one_of,
    ref_field,
)


class Person(models.Model):
    """One person, for ever: documents, numbers and cards may change, the person does not (V1).

    `identity_index` finds the social security number; `name_index` the name in its matching form.
    `language` is the one in which the person wants to be told things.
    """

    ref = ref_field()
    applicant_class = EnumField(ApplicantClass)
    sex = EnumField(Sex)
    identity_number = SealedField()
    identity_index = index_field(unique=True)
    person_number = SealedField()
    name = SealedField()
    name_index = index_field(db_index=True)
    born_on = SealedField()
    nationality = models.CharField(max_length=3, default="CHN")
    phone = SealedField()
    address = SealedField()
    occupation = models.CharField(max_length=2, blank=True, default="")
    deceased = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="zh")
    demo = models.CharField(max_length=40, blank=True, default="")
    created_at = instant()

    class Meta:
        db_table = "person"
        constraints = (
            one_of("applicant_class", ApplicantClass, "person"),
            one_of("sex", Sex, "person"),
        )

    def __str__(self) -> str:
        return self.ref


class Document(models.Model):
    """An identity document that somebody has shown; `valid_to` empty means without end."""

    ref = ref_field()
    person = link("Person", "documents")
    kind = EnumField(DocumentKind)
    number = SealedField()
    number_index = index_field(db_index=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    seen_at = instant()

    class Meta:
        db_table = "document"
        constraints = (one_of("kind", DocumentKind, "document"),)

    def __str__(self) -> str:
        return self.ref


class Guardianship(models.Model):
    """Who answers for a child, as told at an application."""

    ref = ref_field()
    child = link("Person", "guardianships")
    guardian = link("Person", "wards", null=True)
    name = SealedField()
    document_kind = EnumField(DocumentKind)
    document_number = SealedField()
    relation = SealedField()
    recorded_at = instant()

    class Meta:
        db_table = "guardianship"

    def __str__(self) -> str:
        return self.ref
