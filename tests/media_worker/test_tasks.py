"""The domain sends tasks by name: each name has its task, and the long one its queue."""

from django.conf import settings

from media_worker import tasks
from media_worker.domain import dispatch


def test_every_name_that_is_sent_is_a_task() -> None:
    assert (tasks.transcode.name, tasks.close_room.name) == (dispatch.TRANSCODE, dispatch.CLOSE_ROOM)


def test_runs_have_a_queue_of_their_own() -> None:
    assert settings.CELERY_TASK_ROUTES[dispatch.TRANSCODE] == {"queue": "media"}
