"""How personal values are shown to people who need not see them whole (guarantees 11.3).

One function for each kind of value; what is not named here is not shown at all.
"""

from __future__ import annotations

import re

_STAR = "*"
_HIDDEN = "****"

_COMPOUND_SURNAMES = """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 宇文 长孙 慕容 司徒 司空 夏侯 轩辕 端木 百里
    东郭 南宫 西门 北堂 独孤 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘
    亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 段干 呼延 东门 羊舌
    微生 梁丘 左丘 第五 赫连 万俟 闻人 公羊 子车 贺兰 叱干 完颜 耶律 纳兰 歐陽 諸葛 長孫
    東方 獨孤 澹臺
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND_SURNAMES.split())

_PART = r"[^\d省街道路镇乡村号弄巷]{1,8}?"
_DISTRICT = re.compile(
    rf"(?:{_PART}(?:省|自治区))?(?:{_PART}(?:市|自治州|地区|盟))?(?:{_PART}(?:(?<![小社校厂园])区|县|旗|市))?"
)
"""Province, city, district as far as they are there; a housing estate (小区) is no district."""


def mask_number(number: str) -> str:
    """An identity or document number: its first and last character only, `3****************4`."""
    if len(number) <= len(_HIDDEN):
        return _STAR * len(number)
    return number[0] + _STAR * (len(number) - 2) + number[-1]


def mask_name(name: str) -> str:
    """A name: the surname and one star, `张*`, `欧阳*`; its length is not told either."""
    name = name.strip()
    if name[:2] in COMPOUND_SURNAMES and len(name) > len("欧阳"):
        return name[:2] + _STAR
    return name[:1] + _STAR if name else ""


def mask_phone(phone: str) -> str:
    """A telephone number: three digits in front and four behind, `138****8000`."""
    if len(phone) < len("138****8000"):
        return _STAR * len(phone)
    return phone[:3] + _STAR * (len(phone) - 7) + phone[-4:]


def mask_address(address: str) -> str:
    """An address as far as the district, `江苏省常州市天宁区****`; without one, stars only."""
    found = _DISTRICT.match(address.strip())
    return (found.group() if found else "") + _HIDDEN if address.strip() else ""


def last4(number: str) -> str:
    """A bank card or account number: its last four characters, `****0019`."""
    if len(number) <= 2 * len(_HIDDEN):
        return _STAR * len(number)
    return _HIDDEN + number[-4:]
