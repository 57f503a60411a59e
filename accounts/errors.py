"""What can go wrong with signing in and with tokens."""

from fitfriends.core import errors


class WrongCredentials(errors.Invalid):
    """Unknown e-mail, wrong password and a frozen account look alike."""

    code = "auth:credentials"
    message = "This e-mail address and password do not belong together."


class UnverifiedEmail(errors.NotAllowed):
    code = "auth:email:unverified"
    message = "Please confirm your e-mail address first: we sent you a link."


class TooManyAttempts(errors.TooMany):
    code = "auth:attempts"
    message = "Too many attempts to sign in. Please wait a few minutes."


class MissingScope(errors.NotAllowed):
    code = "auth:scope"
    message = "This token may not be used for that."


class TooManyTokens(errors.Conflict):
    code = "token:limit"
    message = "You hold as many tokens as one person may. Revoke one that you no longer need."
