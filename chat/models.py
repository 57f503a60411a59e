"""What was said in a room."""

from django.conf import settings
from django.db import models

from chat.filter_models import ChatRules, HeldMessage
from fitfriends.core import clock
from streaming.models import Stream

__all__ = ["ChatRules", "HeldMessage", "Message", "Room"]


class Room(models.Model):
    """The talk beside one stream; `last_seq` numbers everything that changes what a reader sees."""

    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="room")
    last_seq = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Talk beside {self.stream}"


class Message(models.Model):
    """A message. Deleting it keeps the row, clears what readers get, and gives it a new place in `changed_seq`."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveBigIntegerField()
    changed_seq = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="chat_messages"
    )
    author_name = models.CharField(max_length=60)
    author_role = models.CharField(max_length=20)
    text = models.TextField(max_length=1000)
    client_id = models.CharField(max_length=64, null=True, blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="chat_one_message_a_number"),
            models.UniqueConstraint(fields=["room", "author", "client_id"], name="chat_sent_once"),
        ]
        indexes = [models.Index(fields=["room", "changed_seq"], name="chat_changes")]

    def __str__(self) -> str:
        return f"Message {self.seq}"
