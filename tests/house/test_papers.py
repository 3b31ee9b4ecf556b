"""The generated papers in `docs/` say what the code says."""

from tests import papers


def test_the_generated_papers_are_current() -> None:
    """规则书、状态图、接口说明、错误目录由代码生成,与代码一致。"""
    stale = [
        name
        for name, text in papers.all_papers().items()
        if not (papers.DOCS / name).exists()
        or (papers.DOCS / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `make papers`"
