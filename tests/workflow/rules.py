"""The rules of the workflow as text."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.paths import ROOT


@dataclass(frozen=True)
class Rule:
    """A rule and the file that defines it."""

    name: str
    file: Path
    text: str

    @property
    def shell(self) -> str:
        """The shell command, without quotes; empty for a target rule, which runs nothing."""
        after = self.text.partition("\n    shell:")[2] or self.text.partition("\n        shell:")[2]
        return "".join(re.findall(r"""^ +["'](.*)["']$""", after, re.M))


RULE = re.compile(r"^( *)rule (\w+):.*?(?=^ *rule \w+:|\Z)", re.M | re.S)

FILES = sorted((ROOT / "workflow/rules").glob("*.smk"))
RULES = [
    Rule(match.group(2), path, match.group(0)) for path in FILES for match in RULE.finditer(path.read_text())
]
JOBS = [rule for rule in RULES if rule.shell]
