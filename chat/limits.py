"""Lengths and limits of the chat, each said once: models, frames, serializers, forms and templates take them here."""

BIGGEST_ID = 2**63 - 1

# --- what people write ---------------------------------------------------------------------------------------
MESSAGE_CHARACTERS = 500
POLL_CHARACTERS = 140
OPTION_CHARACTERS = 60
OPTIONS_LEAST, OPTIONS_MOST = 2, 6
QUESTION_CHARACTERS = 200
REASON_CHARACTERS = 200
COMPLAINT_CHARACTERS = 500
NOTE_CHARACTERS = 1000

# --- what is stored of it ------------------------------------------------------------------------------------
# A mask may be longer than the word, so a text may grow while it is filtered.
STORED_MESSAGE_CHARACTERS = 2 * MESSAGE_CHARACTERS
STORED_POLL_CHARACTERS = POLL_CHARACTERS + 60
STORED_QUESTION_CHARACTERS = QUESTION_CHARACTERS + 100
NAME_CHARACTERS = 60
ROLE_CHARACTERS = 20
TITLE_CHARACTERS = 120

# --- what a client names its messages by, so that the same one sent again is one -------------------------------
CLIENT_ID_CHARACTERS = 64
CLIENT_ID_PATTERN = rf"^[!-~]{{1,{CLIENT_ID_CHARACTERS}}}$(?!\n)"

# --- the settings of a room ----------------------------------------------------------------------------------
SLOWEST_SECONDS = 600
LONGEST_DAYS = 365
LONGEST_DELAY = 30

# --- frames --------------------------------------------------------------------------------------------------
FRAME_BYTES = 16 * 1024
FRAMES_IN_AN_ARRAY = 8
HISTORY = 50
PEOPLE = 60
