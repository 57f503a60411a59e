"""Text is readable: every pair that the design uses, light, dark and in the dark room."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/lib/tokens.css").read_text()

# (text, ground): 7:1 at least.
TEXT = [
    ("ink", "paper"),
    ("ink", "raised"),
    ("ink", "sunken"),
    ("ink", "accent-wash"),
    ("muted", "paper"),
    ("muted", "raised"),
    ("muted", "sunken"),
    ("accent-text", "paper"),
    ("accent-text", "raised"),
    ("accent-text", "accent-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-live", "live"),
    ("success", "success-wash"),
    ("warning", "warning-wash"),
    ("danger", "danger-wash"),
    ("danger", "paper"),
    ("room-ink", "room"),
    ("room-muted", "room"),
]
# Edges of controls against their ground: 3:1 at least (WCAG 1.4.11).
CONTROLS = [("line-strong", "paper"), ("line-strong", "raised"), ("focus", "paper")]


def _variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def _scheme(name: str) -> dict[str, str]:
    light = _variables(TOKENS[TOKENS.index(":root {") : TOKENS.index("@media (prefers-color-scheme: dark)")])
    dark = _variables(TOKENS[TOKENS.index("@media (prefers-color-scheme: dark)") : TOKENS.index("/* Bright studio")])
    room = _variables(TOKENS[TOKENS.index(".room {") : TOKENS.index("@media (prefers-reduced-motion")])
    return {"light": light, "dark": light | dark, "room": light | room, "dark room": light | dark | room}[name]


def _rgb(scheme: dict[str, str], name: str) -> tuple[float, ...]:
    value = scheme[name]
    while value.startswith("var("):
        value = scheme[value[6:-1]]
    return tuple(int(value[index : index + 2], 16) / 255 for index in (1, 3, 5))


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(scheme: dict[str, str], text: str, ground: str) -> float:
    high, low = sorted((_luminance(_rgb(scheme, text)), _luminance(_rgb(scheme, ground))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark", "room", "dark room"])
def test_text_stands_out(name: str) -> None:
    scheme = _scheme(name)
    found = {(text, ground): round(_contrast(scheme, text, ground), 2) for text, ground in TEXT}

    assert {pair: ratio for pair, ratio in found.items() if ratio < 7} == {}


@pytest.mark.parametrize("name", ["light", "dark", "room", "dark room"])
def test_controls_stand_out(name: str) -> None:
    scheme = _scheme(name)
    found = {(text, ground): round(_contrast(scheme, text, ground), 2) for text, ground in CONTROLS}

    assert {pair: ratio for pair, ratio in found.items() if ratio < 3} == {}
