"""Words of the chat filter."""

from django.db.models import TextChoices


class Rule(TextChoices):
    """What may be wrong with a message. The first four are word lists."""

    INSULT = "insult", "Insults and swearing"
    SLUR = "slur", "Slurs"
    SEXUAL = "sexual", "Sexual words"
    WORDS = "words", "The club's own words"
    LINKS = "links", "Links and addresses"
    REPEATS = "repeats", "The same again"
    SHOUTING = "shouting", "Capitals"
    EMOJI = "emoji", "Too many emoji"
    MENTIONS = "mentions", "Too many names called"


class Outcome(TextChoices):
    """What comes of it, from mild to strict."""

    OFF = "off", "Nothing"
    MASK = "mask", "Put stars in its place"
    HOLD = "hold", "Wait for the instructor"
    REFUSE = "refuse", "Do not send it, and say why"


class Review(TextChoices):
    """What became of a message that was held."""

    WAITING = "waiting", "Waiting"
    RELEASED = "released", "Let in"
    REJECTED = "rejected", "Not let in"


# Only what is at a place of the text can be masked.
MASKABLE = frozenset({Rule.INSULT, Rule.SLUR, Rule.SEXUAL, Rule.WORDS, Rule.LINKS})
UNMASKED = [(outcome.value, outcome.label) for outcome in Outcome if outcome is not Outcome.MASK]
