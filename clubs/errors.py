"""What can go wrong in clubs, with stable codes."""

from fitfriends.core import errors


class LastOwner(errors.Conflict):
    code = "clubs:owner:last"
    message = "A club needs an owner. Make somebody else an owner first."


class StillTeaching(errors.Conflict):
    code = "clubs:instructor:teaching"
    message = "You still teach classes in this club. Cancel them, or ask an owner to take them over."


class NotOpen(errors.Conflict):
    code = "clubs:join:closed"
    message = "This club lets nobody in that way."


class AlreadyMember(errors.Conflict):
    code = "clubs:member:already"
    message = "This person belongs to the club already."


class Banned(errors.NotAllowed):
    code = "clubs:banned"
    message = "This club does not let this account in."


class AlreadyDecided(errors.Conflict):
    code = "clubs:request:decided"
    message = "Somebody decided about this request already."


class TooManyClubs(errors.Conflict):
    code = "clubs:limit"
    message = "You own as many clubs as one person may."


class TooManyInvitations(errors.TooMany):
    code = "clubs:invitations:limit"
    message = "This club sent many invitations today. Please go on tomorrow."


class TooManyRequests(errors.TooMany):
    code = "clubs:request:limit"
    message = "You asked this club often already. Please give it some time."


class ForAnother(errors.NotAllowed):
    code = "clubs:invitation:other-address"
    message = "This invitation is for another e-mail address. Sign in with the address it was sent to."


class Cancelled(errors.Conflict):
    code = "class:cancelled"
    message = "This class is cancelled."


class Over(errors.Conflict):
    code = "class:over"
    message = "This class is over."


class Full(errors.Conflict):
    code = "class:full"
    message = "This class is full."


class CapacityBelow(errors.Conflict):
    code = "class:capacity:below"
    message = "More people take part already."


class TooManyClasses(errors.Conflict):
    code = "class:limit"
    message = "This club has as many coming classes as it may have."


class NotAMember(errors.NotAllowed):
    code = "clubs:members-only"
    message = "Only members of the club do this."
