"""Template words of the site: `{% load site %}`."""

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chat import limits
from chat.enums import Reaction

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; the words beside it say what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def reaction_glyph(kind: str) -> SafeString:
    """The picture of a reaction; the button says its name."""
    return format_html(
        '<svg class="glyph" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/reactions.svg"),
        kind,
    )


@register.simple_tag
def reaction_kinds() -> list[tuple[str, str]]:
    """Name and words of each reaction."""
    return [(str(value), str(label)) for value, label in Reaction.choices]


@register.simple_tag
def chat_limit(name: str) -> int:
    """One of chat/limits.py, so that a field takes no more than the server does."""
    return int(getattr(limits, name))


@register.filter
def initials(name: object) -> str:
    """One or two letters that stand for a face: "Ana Luz Costa" is AC."""
    words = str(name).split()
    if not words:
        return "?"
    return words[0][0] + (words[-1][0] if len(words) > 1 else "")


@register.simple_tag(takes_context=True)
def current(context: Context, *names: str) -> SafeString:
    """Marks a link of the navigation as the page that is open."""
    match = getattr(context.get("request"), "resolver_match", None)
    return SafeString('aria-current="page"' if match and match.url_name in names else "")
