"""交换文件的编码: bytes from rows and rows from bytes; pure, no network, no disk (platform D7).

Banks: UTF-8 CSV. Card vendor: GB 18030, fixed width, widths in bytes. Both: a header, one line per
row, a trailer with the count and a digest, and a check value at the end of every line, so that a
damaged file is refused whole and the wrong line is named.
"""

from onecard.adapters.exchange_files.files import Contents, fits, read, write
from onecard.adapters.exchange_files.portraits import read_portraits, write_portraits

__all__ = ["Contents", "fits", "read", "read_portraits", "write", "write_portraits"]
