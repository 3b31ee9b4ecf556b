"""制卡: batches, files to and from banks and the card vendor, instant issue, repairs, promises.

Acts change one thing in one transaction; walks put acts and calls to partners in turn and may be
stopped anywhere: run again, they go on where they were, and a partner sees one effect.
"""

from onecard.actions.production.batching import (
    BatchReceipt,
    HeldBack,
    make_batch,
    make_batches,
    make_due_batches,
)
from onecard.actions.production.distributing import (
    ArrivalReceipt,
    PackingList,
    Parcel,
    arrive,
    ask_finance_loading,
    distribute,
    record_finance_loaded,
)
from onecard.actions.production.due import WarningReceipt, Warnings, warn, warn_due
from onecard.actions.production.factory import FactoryTurn, run_factory
from onecard.actions.production.fetching import Fetched, fetch_files
from onecard.actions.production.importing import (
    ImportReceipt,
    import_file,
    note_damaged_file,
    receive_file,
    record_lines,
    resume_imports,
)
from onecard.actions.production.instant import (
    InstantReceipt,
    issue_instantly,
    record_account,
    record_print,
    remake_instant,
    resume_instant,
    start_instant,
)
from onecard.actions.production.ordering import FileReceipt, write_bank_file, write_vendor_file
from onecard.actions.production.repairing import SettleReceipt, remake, settle_discrepancy
from onecard.actions.production.sending import Sent, export_file, mark_sent, send_files

__all__ = [
    "ArrivalReceipt",
    "BatchReceipt",
    "FactoryTurn",
    "Fetched",
    "FileReceipt",
    "HeldBack",
    "ImportReceipt",
    "InstantReceipt",
    "PackingList",
    "Parcel",
    "Sent",
    "SettleReceipt",
    "WarningReceipt",
    "Warnings",
    "arrive",
    "ask_finance_loading",
    "distribute",
    "export_file",
    "fetch_files",
    "import_file",
    "issue_instantly",
    "make_batch",
    "make_batches",
    "make_due_batches",
    "mark_sent",
    "note_damaged_file",
    "receive_file",
    "record_account",
    "record_finance_loaded",
    "record_lines",
    "record_print",
    "remake",
    "remake_instant",
    "resume_imports",
    "resume_instant",
    "run_factory",
    "send_files",
    "settle_discrepancy",
    "start_instant",
    "warn",
    "warn_due",
    "write_bank_file",
    "write_vendor_file",
]
