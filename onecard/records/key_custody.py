"""Key ceremonies: what was proposed, who approved it, what came of it. Never a key."""

from __future__ import annotations

from django.db import models

from onecard.domain.key_custody import KeyDeed, KeyKind, ProposalState
from onecard.records._fields import EnumField, instant, one_of, ref_field


class KeyProposal(models.Model):
    """One ceremony over one generation of one master key.

    `kcv` is the check value: agreed before for an import, found for a key the token made. For the
    retirement of a generation it is that of the key that ended.
    """

    ref = ref_field()
    deed = EnumField(KeyDeed)
    kind = EnumField(KeyKind)
    version = models.PositiveSmallIntegerField()
    kcv = models.CharField(max_length=8, blank=True, default="")
    state = EnumField(ProposalState, default=ProposalState.PROPOSED)
    reason = models.CharField(max_length=200)
    proposed_by = models.CharField(max_length=40)
    proposed_at = instant()
    decided_by = models.CharField(max_length=40, blank=True, default="")
    decided_at = instant(null=True)
    done_at = instant(null=True)

    class Meta:
        db_table = "key_proposal"
        constraints = (
            one_of("deed", KeyDeed, "key_proposal"),
            one_of("kind", KeyKind, "key_proposal"),
            one_of("state", ProposalState, "key_proposal"),
            models.UniqueConstraint(
                fields=("kind", "version"),
                condition=models.Q(deed__in=["generate", "import"]) & ~models.Q(state="declined"),
                name="key_proposal_one_of_generation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deed.value} {self.kind.value} {self.version}"
