"""Words of the chat app."""

from django.db.models import TextChoices


class Act(TextChoices):
    """What moderators do, as the audit log names it."""

    DELETE = "delete", "Took a message back"
    RESTORE = "restore", "Restored a message"
    PIN = "pin", "Pinned a message"
    UNPIN = "unpin", "Took the pinned message down"
    SETTINGS = "settings", "Changed the rules of the talk"
    TIME_OUT = "time_out", "Gave a time-out"
    LIFT_TIME_OUT = "lift_time_out", "Ended a time-out"
    BAN_CLASS = "ban_class", "Banned from this class"
    LIFT_BAN_CLASS = "lift_ban_class", "Lifted the ban from this class"
    BAN_CLUB = "ban_club", "Banned from the club"
    LIFT_BAN_CLUB = "lift_ban_club", "Lifted the ban from the club"
    APPOINT = "appoint", "Made a moderator of this class"
    DISMISS = "dismiss", "No longer a moderator of this class"
    RELEASE = "release", "Let a message in"
    REJECT = "reject", "Did not let a message in"
    TAKE_REPORT = "take_report", "Took a report"
    RETURN_REPORT = "return_report", "Put a report back"
    NOTE_REPORT = "note_report", "Wrote a note on a report"
    CLOSE_REPORT = "close_report", "Closed a report"


# What is done to a person, as commands and the API name it.
ON_PEOPLE = (
    Act.TIME_OUT,
    Act.LIFT_TIME_OUT,
    Act.BAN_CLASS,
    Act.LIFT_BAN_CLASS,
    Act.BAN_CLUB,
    Act.LIFT_BAN_CLUB,
    Act.APPOINT,
    Act.DISMISS,
)
MINUTES = (1, 5, 10, 60)


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


class Reaction(TextChoices):
    """What one may show without words; the page has the pictures."""

    FLAME = "flame", "On fire"
    MUSCLE = "muscle", "Strong"
    HEART = "heart", "Love it"
    CLAP = "clap", "Well done"
    SMILE = "smile", "Fun"
    HIGH_FIVE = "high_five", "High five"


class QuestionState(TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    DISMISSED = "dismissed", "Put aside"


# Only what is at a place of the text can be masked.
MASKABLE = frozenset({Rule.INSULT, Rule.SLUR, Rule.SEXUAL, Rule.WORDS, Rule.LINKS})
UNMASKED = [(outcome.value, outcome.label) for outcome in Outcome if outcome is not Outcome.MASK]
