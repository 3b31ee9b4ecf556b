"""Deliberate mistakes: each is made on purpose, and a test of this folder must fail for it.

A mutant changes one thing for one test; `killers` are the tests that have to notice. If one of
them still passes, the promise it stands for has no teeth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from onecard.chip import (
    dialogue,
    purse_answers,
    purse_arithmetic,
    purse_facts,
    purse_verbs,
    status,
)
from onecard.chip import transit_purse as verbs
from onecard.chip.apdu import Answer
from onecard.chip.challenge import Challenge
from onecard.chip.purse_answers import TransactionProof
from onecard.chip.purse_files import TransactionType
from onecard.chip.purse_vectors import TRIPLE_DES
from onecard.chip.simulated_card.files import Says
from onecard.chip.simulated_card.memory import Memory
from onecard.chip.simulated_card.purse import Purse
from onecard.chip.simulated_card.tear import Moment, Tear, Tears
from onecard.chip.simulated_card.transactions import PurseTransactions
from onecard.chip.status import CommandKind, Outcome
from tests.chip import (
    test_bad_chip_input,
    test_challenge,
    test_dialogue,
    test_formulas,
    test_layouts,
    test_simulated_card,
    test_status,
    test_tap,
    test_tears,
    test_transit_purse,
)

Test = Callable[[], object]
KILLED = (Exception, pytest.fail.Exception)


@dataclass(frozen=True)
class Mutant:
    """One mistake: what it changes, and who must notice."""

    name: str
    make: Callable[[pytest.MonkeyPatch], None]
    killers: tuple[Test, ...]


def _mac1_not_checked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(purse_verbs, "_must_be", lambda *_: None)


def _counter_stands_still(patch: pytest.MonkeyPatch) -> None:
    commit = Memory.commit

    def without(self: Memory, changes: Any, *rest: Any) -> None:
        commit(self, {k: v for k, v in changes.items() if k != "load_counter"}, *rest)

    patch.setattr(Memory, "commit", without)


def _nothing_is_undone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Memory, "power_up", lambda self: self._backup.clear())


def _the_log_is_never_missing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Tears, "before_log", lambda _self: None)


def _the_log_is_written_first(patch: pytest.MonkeyPatch) -> None:
    commit = Memory.commit

    def log_first(self: Memory, changes: Any, before: Any, movement: Any = None) -> None:
        if movement:
            self.log(bytes(22) + b"\x01")
        commit(self, changes, before, movement)

    patch.setattr(Memory, "commit", log_first)


def _one_proof_for_all_types(patch: pytest.MonkeyPatch) -> None:
    commit = Memory.commit

    def only_newest(self: Memory, changes: Any, *rest: Any) -> None:
        kept = dict(changes)
        if "proofs" in kept:
            newest = list(kept["proofs"])[-1]
            kept["proofs"] = {newest: kept["proofs"][newest]}
        commit(self, kept, *rest)

    patch.setattr(Memory, "commit", only_newest)


def _any_counter_is_proven(patch: pytest.MonkeyPatch) -> None:
    def prove(self: Any, apdu: Any) -> bytes:
        kept = self._memory.cells.proofs.get(TransactionType(apdu.p2))
        if kept is None:
            raise Says(status.StatusWord.MAC_NOT_AVAILABLE)
        return bytes(kept[1])

    original = Purse.__init__

    def init(self: Any, *args: Any) -> None:
        original(self, *args)
        self._answers = {**self._answers, (0x80, 0x5A): lambda apdu: prove(self, apdu)}

    patch.setattr(Purse, "__init__", init)


def _the_first_initialize_stays(patch: pytest.MonkeyPatch) -> None:
    initialize = PurseTransactions.initialize

    def keep_first(self: PurseTransactions, apdu: Any) -> bytes:
        before = self.pending
        answer = initialize(self, apdu)
        self.pending = before or self.pending
        return answer

    patch.setattr(PurseTransactions, "initialize", keep_first)


def _pending_survives_select(patch: pytest.MonkeyPatch) -> None:
    reset = PurseTransactions.reset

    def keep(self: PurseTransactions) -> None:
        before = getattr(self, "pending", None)
        reset(self)
        self.pending = before

    patch.setattr(PurseTransactions, "reset", keep)


def _pending_is_used_twice(patch: pytest.MonkeyPatch) -> None:
    take = PurseTransactions._take_pending

    def keep(self: PurseTransactions, *types: TransactionType) -> Any:
        pending = take(self, *types)
        self.pending = pending
        return pending

    patch.setattr(PurseTransactions, "_take_pending", keep)


def _the_card_takes_any_mac(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PurseTransactions, "_require_mac", lambda *_args: None)


def _tries_are_counted_afterwards(patch: pytest.MonkeyPatch) -> None:
    commit = Memory.commit

    def late(self: Memory, changes: Any, *rest: Any) -> None:
        if set(changes) != {"pin_tries"} or changes["pin_tries"] > self.cells.pin_tries:
            commit(self, changes, *rest)

    patch.setattr(Memory, "commit", late)


def _refused_is_believed(patch: pytest.MonkeyPatch) -> None:
    plain = {kind: dict(status._EVERY_COMMAND) for kind in CommandKind}
    patch.setattr(status, "_TABLES", plain)


def _money_is_sent_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CommandKind, "moves_money", property(lambda _self: False))


def _follow_ups_without_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(dialogue, "MAX_FOLLOW_UPS", 50)


def _9406_is_a_proof(patch: pytest.MonkeyPatch) -> None:
    def proof_of(_command: Any, answer: Answer) -> TransactionProof:
        return TransactionProof.decode(answer.data or bytes(8))

    patch.setattr(verbs, "proof_of", proof_of)


def _any_algorithm_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verbs, "accepted", lambda _profile, init: init)


def _padding_only_where_needed(patch: pytest.MonkeyPatch) -> None:
    padded = purse_arithmetic._padded

    def pad(profile: Any, data: bytes) -> bytes:
        return padded(profile, data) if len(data) % 8 else data

    patch.setattr(purse_arithmetic, "_padded", pad)


def _tac_over_the_old_balance(patch: pytest.MonkeyPatch) -> None:
    same = property(lambda self: self.old_balance)
    patch.setattr(purse_facts.OnlineAttempt, "new_balance", same)


def _bit_31_is_money(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(purse_answers, "_MASK", 0xFFFFFFFF)


def _a_fixed_terminal_number(patch: pytest.MonkeyPatch) -> None:
    fixed = Challenge(bytes(6), 2**48)
    patch.setattr(Challenge, "draw", classmethod(lambda *_args, **_more: fixed))


def _a_pin_is_tried_again(patch: pytest.MonkeyPatch) -> None:
    plain = dict(status._TABLES[CommandKind.VERIFY])
    plain[status.StatusWord.PIN_WRONG] = status.Reading(Outcome.NEEDS_PIN)
    patch.setitem(status._TABLES, CommandKind.VERIFY, plain)


def _carrier_answers_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    take = dialogue._Asking.take

    def trusting(self: Any, carried: Any) -> None:
        take(self, dialogue.Carried(carried.answers[: len(self.outgoing)], carried.lost))

    patch.setattr(dialogue._Asking, "take", trusting)


def _tear(moment: Moment, write: int = 0) -> Tear:
    return Tear(moment, write=write)


MUTANTS = (
    Mutant(
        "MAC1 is not checked",
        _mac1_not_checked,
        (
            test_bad_chip_input.test_the_mac1_of_another_card_is_worth_nothing,
            lambda: test_bad_chip_input.test_mac1_covers_balance_counter_and_random_number(
                "counter"
            ),
            test_bad_chip_input.test_mac1_covers_amount_and_terminal_number,
            test_transit_purse.test_a_drain_is_signed_for_the_proven_balance_only,
        ),
    ),
    Mutant(
        "the load counter does not move",
        _counter_stands_still,
        (
            lambda: test_transit_purse.test_a_load_moves_money_counter_and_log_and_is_proven(
                TRIPLE_DES
            ),
            lambda: test_tears.test_a_load_torn_after_its_commit_is_proven_and_credited_once(
                _tear(Moment.AFTER), TRIPLE_DES
            ),
        ),
    ),
    Mutant(
        "a torn write is not undone",
        _nothing_is_undone,
        (
            lambda: test_tears.test_no_tear_at_any_command_makes_or_loses_money(
                _tear(Moment.DURING, 1), CommandKind.CREDIT_FOR_LOAD
            ),
            lambda: test_tears.test_a_load_torn_before_its_commit_left_nothing_and_is_proven_so(
                _tear(Moment.DURING, 1), TRIPLE_DES
            ),
            lambda: test_tears.test_a_memory_that_fails_undoes_everything_and_says_6581(2),
        ),
    ),
    Mutant(
        "the log record is never missing",
        _the_log_is_never_missing,
        (test_tears.test_a_log_record_may_be_missing_for_ever_although_the_money_moved,),
    ),
    Mutant(
        "the log is written before the money",
        _the_log_is_written_first,
        (test_tears.test_a_log_record_never_stands_for_money_that_did_not_move,),
    ),
    Mutant(
        "a fare replaces the proof of a load",
        _one_proof_for_all_types,
        (test_simulated_card.test_a_fare_leaves_the_proof_of_the_load_alone,),
    ),
    Mutant(
        "80 5A proves any counter",
        _any_counter_is_proven,
        (
            test_simulated_card.test_9406_says_never_committed_or_replaced_or_another_counter,
            lambda: test_transit_purse.test_the_proof_of_a_load_can_be_asked_for_later(TRIPLE_DES),
        ),
    ),
    Mutant(
        "a second INITIALIZE leaves the first alive",
        _the_first_initialize_stays,
        (
            lambda: (
                test_simulated_card.test_a_withheld_mac2_is_dead_after_anything_that_ends_its_initialize(
                    "load"
                )
            ),
            test_tap.test_the_second_initialize_of_a_tap_is_the_one_that_counts,
        ),
    ),
    Mutant(
        "a pending load outlives SELECT and power",
        _pending_survives_select,
        tuple(
            lambda again=again: (  # type: ignore[misc]
                test_simulated_card.test_a_withheld_mac2_is_dead_after_anything_that_ends_its_initialize(
                    again
                )
            )
            for again in ("select", "field")
        ),
    ),
    Mutant(
        "a pending load is used twice",
        _pending_is_used_twice,
        (
            test_simulated_card.test_a_credit_sent_twice_credits_once,
            test_simulated_card.test_a_rejected_mac2_ends_the_pending_load,
        ),
    ),
    Mutant(
        "the card takes any MAC2",
        _the_card_takes_any_mac,
        (test_transit_purse.test_a_forged_mac2_moves_nothing_and_leaves_the_outcome_unknown,),
    ),
    Mutant(
        "a PIN try is counted only after the comparison",
        _tries_are_counted_afterwards,
        (
            test_simulated_card.test_a_power_cut_gives_no_free_try_of_the_pin,
            test_simulated_card.test_three_wrong_pins_block_and_a_right_one_restores_the_count,
        ),
    ),
    Mutant(
        "a refusal of 80 52 is believed (trusting 9302, 6985, 6581)",
        _refused_is_believed,
        (
            lambda: test_bad_chip_input.test_no_status_word_on_a_credit_concludes_anything("9302"),
            lambda: test_bad_chip_input.test_no_status_word_on_a_credit_concludes_anything("6985"),
            lambda: test_bad_chip_input.test_no_status_word_on_a_credit_concludes_anything("6581"),
        ),
    ),
    Mutant(
        "a command that moves money is treated like any other",
        _money_is_sent_twice,
        (
            test_dialogue.test_a_command_that_moves_money_is_never_repeated,
            test_dialogue.test_a_command_that_moves_money_travels_alone,
            test_status.test_commands_that_move_money_are_the_three_the_standard_names,
        ),
    ),
    Mutant(
        "61xx is followed without end",
        _follow_ups_without_end,
        (lambda: test_dialogue.test_a_card_that_never_comes_to_an_end_is_lost("6104"),),
    ),
    Mutant(
        "9406 counts as a proof",
        _9406_is_a_proof,
        (
            test_tap.test_9406_does_not_stop_the_tap_before_initialize,
            lambda: test_transit_purse.test_the_proof_of_a_load_can_be_asked_for_later(TRIPLE_DES),
        ),
    ),
    Mutant(
        "any algorithm byte and any counter is accepted",
        _any_algorithm_will_do,
        (
            test_bad_chip_input.test_an_unknown_algorithm_byte_is_a_wrong_card_never_a_guess,
            test_bad_chip_input.test_a_card_whose_counter_stands_at_its_end_is_not_loaded,
        ),
    ),
    Mutant(
        "full blocks are not padded",
        _padding_only_where_needed,
        (
            test_formulas.test_padding_adds_a_whole_block_to_full_blocks,
            test_formulas.test_the_tac_key_is_both_halves_xored,
        ),
    ),
    Mutant(
        "the TAC is checked over the old balance",
        _tac_over_the_old_balance,
        (
            lambda: test_formulas.test_every_mac_and_tac_of_a_load_and_an_unload_agrees(
                TRIPLE_DES, "load"
            ),
        ),
    ),
    Mutant(
        "bit 31 counts as money",
        _bit_31_is_money,
        (
            test_layouts.test_bit_31_of_a_balance_is_no_money,
            lambda: (
                test_bad_chip_input.test_more_money_than_the_cap_or_a_counter_that_went_back_is_suspicious(
                    {"old_balance": 0x80000000 | 100_000},
                    suspicious=False,
                )
            ),
        ),
    ),
    Mutant(
        "a fixed terminal number",
        _a_fixed_terminal_number,
        (test_challenge.test_answers_collected_beforehand_fit_a_counter_and_never_a_drawn_number,),
    ),
    Mutant(
        "a wrong PIN does not end the tap",
        _a_pin_is_tried_again,
        (
            lambda: test_status.test_before_money_moves_a_status_word_is_an_answer(
                CommandKind.VERIFY, 0x63C2, Outcome.REFUSED
            ),
        ),
    ),
    Mutant(
        "answers nobody asked for are dropped",
        _carrier_answers_are_not_counted,
        (
            lambda: test_dialogue.test_answers_nobody_asked_for_are_nonsense(
                ["00000AC39000", "00000AC39000"]
            ),
        ),
    ),
)


@pytest.fixture
def alone() -> Iterator[pytest.MonkeyPatch]:
    """A patch of its own, so that it ends before anything else looks."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.name))
def test_the_tests_notice_the_mistake(mutant: Mutant, alone: pytest.MonkeyPatch) -> None:
    """故意改错,测试必须失败。"""
    for killer in mutant.killers:
        killer()
    mutant.make(alone)
    for killer in mutant.killers:
        with pytest.raises(KILLED):
            killer()
