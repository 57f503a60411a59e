from django.urls import path

from streaming.api import health, running, sessions, watching

_ONE = "sessions/<id:stream_id>"

urlpatterns = [
    path("sessions", sessions.Sessions.as_view()),
    path(_ONE, sessions.SessionDetail.as_view()),
    path(f"{_ONE}/start", running.Start.as_view()),
    path(f"{_ONE}/end", running.End.as_view()),
    path(f"{_ONE}/cancel", running.Cancel.as_view()),
    path(f"{_ONE}/rotate-key", running.RotateKey.as_view()),
    path(f"{_ONE}/mode", running.SetMode.as_view()),
    path(f"{_ONE}/take-over", running.TakeOver.as_view()),
    path(f"{_ONE}/events", running.Events.as_view()),
    path(f"{_ONE}/state", running.StateOf.as_view()),
    path(f"{_ONE}/signal", running.Signal.as_view()),
    path(f"{_ONE}/health", health.HealthOf.as_view()),
    path(f"{_ONE}/join", watching.Join.as_view()),
    path(f"{_ONE}/renew", watching.Renew.as_view()),
    path(f"{_ONE}/leave", watching.Leave.as_view()),
    path("token", watching.Token.as_view()),
]
