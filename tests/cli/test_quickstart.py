"""The partner quick start is run as it is written (platform D9)."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_sandbox import MEMBER, Sandbox, sandbox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sandbox")]
PAPER = Path(__file__).parents[2] / "docs" / "partner-quickstart.md"
__all__ = ["sandbox"]


def commands(text: str) -> list[str]:
    """Every indented command, in order; the two that start something of their own are left out."""
    found = [line[4:] for line in text.splitlines() if line.startswith("    ") and line[4] != " "]
    return [line for line in found if line.startswith(("call ", "curl "))]


def test_every_command_of_the_quick_start_works(sandbox: Sandbox) -> None:
    """教程里的每条命令都实际跑过。"""
    text = PAPER.read_text(encoding="utf-8")
    values = dict(re.findall(r"export (\w+)=(\S+)", text)) | {"URL": sandbox.url}
    icbc = next(one for one in MEMBER.findall(sandbox.said) if one[0] == "bank:icbc")
    assert (values["SERIAL"], values["KEY"]) == (icbc[3], icbc[4]), "the printed values are current"
    assert values["CARD"] == sandbox.cards()[0][0]
    function = re.search(r"```bash\n(.*?)```", text, re.DOTALL)
    assert function
    lines = [f"export {name}='{value}'" for name, value in values.items()] + [function.group(1)]
    lines += [f"{line}; echo" for line in commands(text)]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], capture_output=True, text=True, timeout=180, check=False
    )
    answers = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(answers) == len(commands(text)) == 9, done.stdout + done.stderr
    assert not [line for line in answers if '"code"' in line]
    assert '"hr_state": "formal_loss"' in answers[3]
    assert "loss.formal.created" in answers[4]
    assert "whsec_" in answers[5]
