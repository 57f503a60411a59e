"""ffmpeg's own reports are read in any portions."""

from media_worker.ffmpeg.progress import Progress, ProgressReader

_REPORT = (
    b"frame=90\nfps=30.1\nstream_0_0_q=23.0\nbitrate=N/A\ntotal_size=N/A\nout_time_us=12900000\n"
    b"out_time=00:00:12.900000\ndup_frames=2\ndrop_frames=1\nspeed=1.01x\nprogress=continue\n"
)


def test_report_is_read_in_any_portions() -> None:
    reader = ProgressReader()

    found = [item for at in range(len(_REPORT)) for item in reader.feed(_REPORT[at : at + 1])]

    assert found == [Progress(90, 30.1, 12.9, 1.01, 2, 1)]


def test_what_is_not_known_yet_counts_as_absent() -> None:
    (found,) = ProgressReader().feed(b"frame=0\nout_time_us=N/A\nspeed=N/A\nnonsense\nprogress=end\n")

    assert found == Progress(0, 0.0, 0.0, None, 0, 0)


def test_endless_line_is_not_kept() -> None:
    reader = ProgressReader()
    for _ in range(100):
        assert not list(reader.feed(b"x" * 65536))

    assert next(iter(reader.feed(b"\nframe=3\nprogress=continue\n"))).frames == 3
