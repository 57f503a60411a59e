"""A page of docs/ that declares a protocol, cut into what tests compare with the code."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from fitfriends.core.frames import Frame, Part

ROOT = Path(__file__).parents[1]


class ProtocolPage:
    def __init__(self, name: str) -> None:
        self.text = (ROOT / "docs" / name).read_text()

    def section(self, name: str) -> str:
        return self.text.split(f"\n## {name}\n")[1].split("\n## ")[0]

    def examples(self, name: str) -> dict[str, dict[str, Any]]:
        """The example of each frame, by its heading."""
        found = re.findall(r"### `(\w+)`\n.*?```json\n(.*?)```", self.section(name), re.DOTALL)
        return {heading: json.loads(example) for heading, example in found}

    def table(self, name: str) -> list[list[str]]:
        rows = [line for line in self.section(name).splitlines() if line.startswith("|")][2:]
        return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def field_names(struct: type[Frame | Part]) -> set[str]:
    """As they stand in JSON."""
    names = {field.encode_name for field in msgspec.structs.fields(struct)}
    return names | {"type"} if issubclass(struct, Frame) else names
