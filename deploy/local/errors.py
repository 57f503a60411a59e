"""What can go wrong before the stack runs, in words for the person at the terminal."""


class StackError(Exception):
    """Printed without a traceback; its text says what happened and what to do."""
