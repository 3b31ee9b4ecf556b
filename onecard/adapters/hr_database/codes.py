"""The province's field names and codes (rule book 28). They are known here and nowhere else."""

from __future__ import annotations

from onecard.adapters.bank.codes import BANK
from onecard.adapters.wire import coded, named
from onecard.domain.benefit import BenefitKind
from onecard.domain.hr_function import HrState
from onecard.domain.person import ApplicantClass, Sex

HR_STATE = {
    HrState.SEALED: "0",
    HrState.NORMAL: "1",
    HrState.FORMAL_LOSS: "2",
    HrState.LOCKED: "3",
    HrState.TEMPORARY_LOSS: "4",
    HrState.CANCELLED: "9",
}
"""AAZ502 卡应用状态: 封存 正常 正式挂失 应用锁定 临时挂失 注销."""

SEX = {Sex.MALE: "1", Sex.FEMALE: "2"}
"""AAC004 性别."""

APPLICANT_CLASS = {
    ApplicantClass.MAINLAND: "1",
    ApplicantClass.HK_MACAU_TAIWAN: "2",
    ApplicantClass.FOREIGNER: "3",
}
"""The rule book names no code for the class of a person; these are agreed for this interface."""

BENEFIT = {
    BenefitKind.PENSION: "1",
    BenefitKind.UNEMPLOYMENT: "2",
    BenefitKind.INJURY: "3",
    BenefitKind.SUBSIDY: "9",
}
"""The rule book names no codes for kinds of benefit; these are agreed for this interface."""

CITY = {
    "nanjing": "320100",
    "wuxi": "320200",
    "xuzhou": "320300",
    "changzhou": "320400",
    "suzhou": "320500",
    "nantong": "320600",
    "lianyungang": "320700",
    "huaian": "320800",
    "yancheng": "320900",
    "yangzhou": "321000",
    "zhenjiang": "321100",
    "taizhou": "321200",
    "suqian": "321300",
}
"""AAB301 区划 of the thirteen cities that issue the provincial card (GB/T 2260)."""

PERSON = {
    "identity_number": named("AAC002"),
    "person_number": named("BAZ805"),
    "name": named("AAC003"),
    "sex": named("AAC004"),
    "born_on": named("AAC006"),
    "nationality": named("AAC161"),
    "document_valid_to": named("AAC059"),
}
CARD = {
    "card_number": named("AAZ500"),
    "bank": coded("AAE008", BANK),
    "city": coded("AAB301", CITY),
    "state": named("AAZ502"),
    "issued_on": named("AAZ503"),
}
BENEFIT_DUE = {
    "identity_number": named("AAC002"),
    "bank": coded("AAE008", BANK),
    "card_number": named("AAZ500"),
}
NEW_CARD = {
    "card_number": named("AAZ500"),
    "bank": coded("AAE008", BANK),
    "state": named("AAZ502"),
}
