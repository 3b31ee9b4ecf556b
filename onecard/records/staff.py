"""People who work here: sign-in names, roles, second factors. Citizens are never in this table."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django_otp.models import Device, ThrottlingMixin

from onecard.domain.authority import Role
from onecard.records._fields import (
    REF_LENGTH,
    EnumField,
    SealedField,
    instant,
    link,
    one_of,
    ref_field,
)


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """By sign-in name."""
        return self.get(username=username)


class Staff(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """A clerk, supervisor, operator, employer's agent or auditor. One account, one role.

    An account is active once a second administrator approved it, and until somebody ends it.
    """

    ref = ref_field()
    username = models.CharField(max_length=40, unique=True)
    display_name = models.CharField(max_length=60)
    role = EnumField(Role)
    outlet = link("Outlet", "staff", null=True)
    employer = link("Employer", "staff", null=True)
    bank = models.CharField(max_length=12, blank=True, default="")
    person = link("Person", "staff_accounts", null=True)
    is_active = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=True)
    created_by = models.CharField(max_length=40)
    approved_by = models.CharField(max_length=40, blank=True, default="")
    demo = models.CharField(max_length=60, blank=True, default="")
    created_at = instant()

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "staff"
        constraints = (one_of("role", Role, "staff"),)

    def __str__(self) -> str:
        return self.username


class StaffTotp(ThrottlingMixin, Device):  # type: ignore[misc]
    """A time-based one-time code generator; its secret is sealed, each code works once.

    Keeps a number as its key beside `ref`, because django-otp names devices by number.
    """

    ref = models.CharField(max_length=REF_LENGTH, unique=True)
    secret = SealedField()
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "staff_totp"

    def __str__(self) -> str:
        return self.ref
