"""The standing cast of the chip tests: a card, the host that tops it up, the gate it pays at.

Nothing here is random: chance is a seeded stream, time stands still, keys are the test keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from onecard.chip import purse_reading, tap, transit_purse
from onecard.chip.card_time import BEIJING
from onecard.chip.challenge import Challenge
from onecard.chip.purse_answers import Purchased, PurchaseInitialized, TransactionProof
from onecard.chip.purse_arithmetic import Arithmetic
from onecard.chip.purse_facts import OnlineAttempt, ProvenCounter, Purchase
from onecard.chip.purse_files import (
    CAPP_RECORD_BYTES,
    CardIdentity,
    PublicInformation,
    TransactionType,
)
from onecard.chip.purse_profile import PurseProfile
from onecard.chip.purse_vectors import KEY_VERSION, TRIPLE_DES, VectorSet
from onecard.chip.simulated_card import (
    HrData,
    Manners,
    Personalisation,
    Pin,
    SimulatedCard,
    derive_keys,
)
from onecard.chip.software_ciphers import SoftwareCiphers
from onecard.chip.software_keys import SoftwareKeys
from onecard.chip.wire import hold
from onecard.seams.rng import SeededRng

CIPHERS = SoftwareCiphers()
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
PUBLIC = PublicInformation.decode(bytes.fromhex(PublicInformation.vectors[0][0]))

GATE = bytes.fromhex("300089000340")
CAPP_RECORD = bytes.fromhex("27027D01") + bytes(CAPP_RECORD_BYTES - 4)
ISSUERS_PIN = bytes.fromhex("135790")

HOLDER = HrData(
    card_identifier=bytes.fromhex("320400D15600000500112233445566AA"),
    card_number="C12345678",
    social_security_number="320499199003071234",
    name="张三",
)


def personalised(vectors: VectorSet = TRIPLE_DES, **changes: object) -> Personalisation:
    """A card as the factory makes it: 50.00 yuan, load counter 0x2A, both applications."""
    made = Personalisation(
        profile=vectors.profile,
        public=PUBLIC,
        keys=derive_keys(Arithmetic(vectors.profile, CIPHERS), vectors.masters, vectors.card),
        algorithm=vectors.load.init.algorithm,
        key_version=KEY_VERSION,
        balance_fen=5000,
        load_counter=0x2A,
        purchase_counter=0x0107,
        hr=HOLDER,
        capp_records=(CAPP_RECORD, CAPP_RECORD.replace(b"\x27\x02", b"\x27\x12")),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_card(
    vectors: VectorSet = TRIPLE_DES,
    seed: int = 7,
    image: dict[str, object] | None = None,
    **changes: object,
) -> SimulatedCard:
    """Such a card, lying on the reader."""
    made = personalised(vectors, **changes)
    chance = SeededRng(seed).bytes
    card = SimulatedCard(made, ciphers=CIPHERS, chance=chance, image=image)
    card.enter_field()
    return card


def a_card_with_pin(pin: Pin | None = None, **manners: object) -> SimulatedCard:
    """A card whose system wants the issuer's PIN before a load."""
    return a_card(pin=pin or Pin(ISSUERS_PIN), manners=Manners(**manners))  # type: ignore[arg-type]


@dataclass
class Host:
    """The server with its key custody: begins, signs, checks. Holds a card on its wire."""

    vectors: VectorSet = TRIPLE_DES
    chance: SeededRng = field(default_factory=lambda: SeededRng(11))
    pin: bytes | None = None
    profile_changes: dict[str, object] = field(default_factory=dict)

    @property
    def profile(self) -> PurseProfile:
        """The profile of the cards it serves."""
        return replace(self.vectors.profile, **self.profile_changes)  # type: ignore[arg-type]

    @property
    def card(self) -> CardIdentity:
        """The card it expects."""
        return self.vectors.card

    @property
    def keys(self) -> SoftwareKeys:
        """Its key custody."""
        masters = {(kind, KEY_VERSION): key for kind, key in self.vectors.masters.items()}
        return SoftwareKeys(masters, CIPHERS)

    def challenge(self) -> Challenge:
        """A fresh terminal number."""
        rule = self.profile.challenge
        return Challenge.draw(rule, self.chance.bytes(rule.entropy_bytes))

    def wish(self, amount_fen: int, **changes: object) -> tap.Wish:
        """What it wants of a tap."""
        plain = tap.Wish(
            amount_fen=amount_fen, challenge=self.challenge(), card=self.card, pin=self.pin
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def begin(
        self, card: SimulatedCard, amount_fen: int, type_: TransactionType = TransactionType.LOAD
    ) -> tuple[OnlineAttempt, bytes]:
        """Tap, prove the card, sign: the attempt as it must be saved, and its MAC2."""
        wish = self.wish(amount_fen, type=type_)
        tapped = hold(tap.tap(self.profile, wish), card.transmit)
        loads = type_ is TransactionType.LOAD
        authorise = self.keys.authorise_load if loads else self.keys.authorise_unload
        begun = OnlineAttempt.load if loads else OnlineAttempt.unload
        facts = {"amount_fen": amount_fen, "terminal": wish.challenge.terminal, "at": NOW}
        mac2 = authorise(self.card, self.profile, tapped.init, **facts)  # type: ignore[arg-type]
        attempt = begun(self.card, tapped.init, **facts)  # type: ignore[arg-type]
        return attempt, mac2

    def load(self, card: SimulatedCard, amount_fen: int) -> OnlineAttempt:
        """A whole top-up, proven by its TAC."""
        attempt, mac2 = self.begin(card, amount_fen)
        loaded = hold(transit_purse.credit_load(at=NOW, mac2=mac2), card.transmit)
        assert self.keys.check_load_tac(self.card, self.profile, attempt, loaded.tac)
        return attempt

    def unload(self, card: SimulatedCard, amount_fen: int) -> OnlineAttempt:
        """A whole unload, proven by its MAC3."""
        attempt, mac2 = self.begin(card, amount_fen, TransactionType.UNLOAD)
        done = hold(transit_purse.debit_unload(at=NOW, mac2=mac2), card.transmit)
        assert self.keys.check_unload_mac3(self.card, self.profile, attempt, done.mac3)
        return attempt

    def proves(self, attempt: OnlineAttempt, proof: TransactionProof | None) -> bool:
        """Whether `80 5A` proved this very attempt."""
        if proof is None:
            return False
        loads = attempt.type is TransactionType.LOAD
        check = self.keys.check_load_tac if loads else self.keys.check_unload_tac
        return check(self.card, self.profile, attempt, proof.tac)

    def ask_for_proof(self, card: SimulatedCard, attempt: OnlineAttempt) -> bool:
        """Select the purse again and ask `80 5A`."""
        select_again(self.profile, card)
        asked = transit_purse.prove(attempt.type, attempt.proof_counter)
        return self.proves(attempt, hold(asked, card.transmit))

    def look(self, card: SimulatedCard) -> ProvenCounter:
        """A fresh INITIALIZE: balance and load counter under MAC1."""
        wish = self.wish(1)
        tapped = hold(tap.tap(self.profile, wish), card.transmit)
        return self.keys.prove_counter(
            self.card, self.profile, tapped.init, amount_fen=1, terminal=wish.challenge.terminal
        )


def select_again(profile: PurseProfile, card: SimulatedCard) -> None:
    """SELECT the purse by its name, on a card in the field."""
    hold(purse_reading.select_purse(profile), card.transmit)


@dataclass
class Gate:
    """A gate with its security module: works offline, keeps its own counter."""

    host: Host
    terminal: bytes = GATE
    counter: int = 0x0309

    def purchase(self, amount_fen: int, type_: TransactionType) -> Purchase:
        """The next purchase of this gate."""
        self.counter += 1
        return Purchase(
            type=type_,
            amount_fen=amount_fen,
            terminal=self.terminal,
            terminal_counter=self.counter,
            at=NOW,
        )

    def begin(
        self, card: SimulatedCard, amount_fen: int, type_: TransactionType
    ) -> tuple[Purchase, PurchaseInitialized, bytes]:
        """Select, INITIALIZE, sign: the purchase, the card's answer, MAC1."""
        select_again(self.host.profile, card)
        purchase = self.purchase(amount_fen, type_)
        composite = type_ is TransactionType.CAPP_PURCHASE
        begin = (
            transit_purse.initialize_capp_purchase
            if composite
            else transit_purse.initialize_purchase
        )
        init = hold(
            begin(self.host.profile, amount_fen=amount_fen, terminal=self.terminal), card.transmit
        )
        mac1 = self.host.keys.sign_purchase(self.host.card, self.host.profile, init, purchase)
        return purchase, init, mac1

    def take(self, card: SimulatedCard, amount_fen: int) -> tuple[Purchase, Purchased]:
        """A plain fare, checked by MAC2."""
        purchase, init, mac1 = self.begin(card, amount_fen, TransactionType.PURCHASE)
        paid = hold(transit_purse.debit_purchase(purchase, mac1=mac1), card.transmit)
        assert self.paid(init, purchase, paid)
        return purchase, paid

    def take_with_journey(
        self, card: SimulatedCard, amount_fen: int, *updates: transit_purse.CappUpdate
    ) -> tuple[Purchase, Purchased]:
        """A composite fare: journey and money together."""
        purchase, init, mac1 = self.begin(card, amount_fen, TransactionType.CAPP_PURCHASE)
        paid = hold(transit_purse.debit_capp_purchase(purchase, updates, mac1=mac1), card.transmit)
        assert self.paid(init, purchase, paid)
        return purchase, paid

    def paid(self, init: PurchaseInitialized, purchase: Purchase, paid: Purchased) -> bool:
        """Whether the gate may open."""
        return self.host.keys.check_purchase_mac2(
            self.host.card, self.host.profile, init, purchase, paid.mac2
        )

    def clears(self, purchase: Purchase, tac: bytes) -> bool:
        """Whether the issuer pays the operator for it."""
        return self.host.keys.check_purchase_tac(
            self.host.card, self.host.profile, purchase, tac, key_version=KEY_VERSION
        )


def money_fits(card: SimulatedCard, before_fen: int) -> bool:
    """Whether the chip holds exactly what it had and what its commits moved."""
    return card.balance_fen == before_fen + sum(moved.amount_fen for moved in card.movements)
