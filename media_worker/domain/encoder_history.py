"""What earlier runs of an encoder have shown, for its next run."""

from fractions import Fraction

from media_worker.models import TranscodeRun
from media_worker.plan import EncoderHistory

# Runs that ended before a verdict say what the picture was, an older one whether it may pass.
_LOOK_BACK = 8


def of(run: TranscodeRun) -> EncoderHistory | None:
    """None where the encoder has no name, or was never seen."""
    if not run.encoder:
        return None
    seen = TranscodeRun.objects.filter(encoder=run.encoder, width__gt=0).exclude(pk=run.pk).order_by("-pk")
    earlier = [_known(item) for item in seen[:_LOOK_BACK]]
    return next((item for item in earlier if item.safe is not None), earlier[0] if earlier else None)


def _known(run: TranscodeRun) -> EncoderHistory:
    fps = Fraction(run.source_fps) if run.source_fps else None
    # A run that ended before its first facts says nothing about sound; most have some.
    audio = bool(run.audio_codec) or run.facts_at is None
    return EncoderHistory(run.width, run.height, fps, run.copies_audio, run.passes, audio)
