"""How long a club's words may be, and the house rules that it begins with; its owners write their own."""

NAME_LENGTH = 80
DESCRIPTION_LENGTH = 4000
RULES_CHARACTERS = 1000
HOUSE_RULES = """Be kind. Everybody here started somewhere.
Cheer people on, and leave their bodies and their pace to them.
Keep what others share to this class.
Something is wrong? Report it. Moderators look at it, and the person is not told who did."""
