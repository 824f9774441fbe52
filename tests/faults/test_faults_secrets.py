"""The API key stands in no byte that is written or printed: under any fault, with every library logging all it can."""

import base64
import io
import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import ValidationError

from summarizer import redaction
from summarizer.redaction import redact, redact_bytes
from summarizer.settings import Settings
from tests.faults.replies import KINDS
from tests.faults.server import Canary, FaultServer, Plan
from tests.faults.test_faults_matrix import FOR_ALL

Serve = Callable[[Plan], FaultServer]
News = Callable[[int], Path]

PROJECT = Path(__file__).parents[2]
# A slash and a plus, so that the form in a URL is another one.
KEY = "sk-canary-Zq7/Xw2+Lm9Kp4Rt6Vb8"
STOPPING = (*FOR_ALL, "echo_401", "echo_redirect", "429_after_years")

DEBUGGED = """
import logging, sys
logging.basicConfig(level=1, filename="debug.log", format="%(name)s %(message)s")
from tests.faults.quick import short_waits
from summarizer.__main__ import main
with short_waits():
    sys.exit(main())
"""


def forms_of(key: str) -> list[bytes]:
    """Return what must be found nowhere: the key, its halves, its forms in base64 and in a URL."""
    half = len(key) // 2
    texts = [key, key[:half], key[half:], quote(key, safe=""), base64.b64encode(key.encode()).decode()]
    return [text.encode() for text in texts]


def check_nowhere(folder: Path, *printed: str) -> int:
    """Look through all files and what was printed; return how many bytes that were."""
    contents = [("printed", text.encode("utf-8", "surrogateescape")) for text in printed]
    contents += [(str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    for name, content in contents:
        for form in forms_of(KEY):
            assert form not in content, f"{form!r} in {name}"
    return sum(len(content) for _, content in contents)


class Watched:
    """The command with the key in its environment, libraries at DEBUG, and all it writes in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tmp").mkdir()

    def run(self, *order: object, script: str = DEBUGGED) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}
        clean |= {
            "OPENAI_API_KEY": KEY,
            "OPENAI_LOG": "debug",
            "SUMMARIZER_ATTEMPT_TIMEOUT_S": "1",
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(PROJECT),
        }
        command = [sys.executable, "-c", script, *map(str, order)]
        return subprocess.run(
            command, cwd=self.folder, env=clean, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_no_fault_that_an_article_meets_brings_the_key_out(
    watched: Watched, serve: Serve, news: News, canary: Canary
) -> None:
    kinds = [kind for kind in KINDS if kind not in (*STOPPING, "429_after_minutes")]
    server = serve(lambda asked: kinds[asked.number])
    server.canary = canary
    # Among them one that is answered first, so that three refusals in a row stop nothing.
    order = ("run", news(len(kinds)), "--out", "out", "--base-url", server.base_url, "--record", "recorded")
    done = watched.run(*order, "--format", "jsonl,md,html,csv,xlsx,ledger")
    assert done.returncode == 1, done.stderr
    assert {one.kind for one in server.sent} == set(kinds)
    read = check_nowhere(watched.folder, done.stdout, done.stderr)
    assert read > 500_000
    log = (watched.folder / "debug.log").read_text(encoding="utf-8")
    # What was looked through is what would have held it.
    assert "receive_response_headers.complete" in log
    assert "session=***" in log
    assert len(list((watched.folder / "recorded").iterdir())) > 10
    assert canary.visits() == 0


@pytest.mark.parametrize("kind", ["401", "429_quota", "429_after_years", "echo_401", "echo_redirect"])
def test_no_fault_that_stops_the_run_brings_the_key_out(
    watched: Watched, serve: Serve, news: News, canary: Canary, kind: str
) -> None:
    server = serve(lambda _: kind)
    server.canary = canary
    done = watched.run("run", news(2), "--out", "out", "--base-url", server.base_url)
    assert done.returncode == 3, done.stderr
    check_nowhere(watched.folder, done.stdout, done.stderr)
    assert canary.visits() == 0


def test_a_traceback_that_ends_the_command_does_not_show_the_key(watched: Watched, news: News) -> None:
    # A fault that no code of ours foresees, in the words of a library that repeats what it was given.
    script = """
import os, sys, threading
from summarizer import api
from summarizer.__main__ import main
def fail():
    raise TypeError("Illegal header value: Bearer " + os.environ["OPENAI_API_KEY"])
class Loud:
    def __del__(self):
        fail()
def fails(*_, **__):
    Loud()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    fail()
api.open_engine = fails
main()
"""
    done = watched.run("run", news(1), "--out", "out", "--base-url", "http://127.0.0.1:9/v1", script=script)
    assert done.returncode == 1
    assert done.stderr.count("TypeError: Illegal header value: Bearer ****") == 3
    check_nowhere(watched.folder, done.stdout, done.stderr)


def test_a_key_is_cut_out_in_every_form_and_place() -> None:
    for form in forms_of(KEY):
        text = f"before {form.decode()} after"
        assert form.decode() not in redact(text, KEY)
        assert redact(text, KEY).startswith("before *")
        assert len(redact(text, KEY)) == len(text)
        assert form not in redact_bytes(text.encode(), KEY)
    for before in ("", "a", "ab"):
        packed = base64.b64encode(f"{before}{KEY}".encode()).decode()
        assert packed[4:40] not in redact(packed, KEY)


def test_short_placeholders_of_local_servers_are_left_alone() -> None:
    assert redact("no-key and a test", "no-key", "test", "") == "no-key and a test"


def test_logs_of_other_programs_pass_untouched_and_those_of_the_wire_are_cleaned() -> None:
    before = logging.getLogRecordFactory()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("httpcore2.made_later", "somebody")]
    try:
        redaction.keep_out_of_logs(KEY)
        redaction.keep_out_of_logs(KEY)
        for logger in loggers:
            logger.addHandler(handler)
            logger.propagate = False
            logger.warning("header %r", KEY)
        try:
            raise ValueError(KEY)
        except ValueError:
            loggers[0].exception("failed")
    finally:
        logging.setLogRecordFactory(before)
        for logger in loggers:
            logger.removeHandler(handler)
    first, second, *rest = stream.getvalue().splitlines()
    assert (first, second) == (f"header '{'*' * len(KEY)}'", f"header {KEY!r}")
    assert rest[0] == "failed"
    assert rest[-1] == f"ValueError: {'*' * len(KEY)}"


def test_settings_give_the_key_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.load(api_key=KEY)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("SUMMARIZER_API_KEY", raising=False)
    packed = pickle.dumps(settings)
    shown = [repr(settings), str(settings), settings.model_dump_json(), repr(settings.model_dump(mode="json"))]
    for content in (packed, *(text.encode() for text in shown)):
        assert not any(form in content for form in forms_of(KEY))
    assert pickle.loads(packed).api_key is None
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert pickle.loads(packed) == settings
    with pytest.raises(ValidationError) as caught:
        Settings(api_key=f"{KEY}\n{KEY}")
    assert KEY not in str(caught.value)


def test_the_key_cannot_be_given_where_other_users_see_it(summarizer: Callable[..., int]) -> None:
    # Arguments stand in the list of processes.
    with pytest.raises(SystemExit) as caught:
        summarizer("run", "x", "--out", "out", "--api-key", KEY)
    assert caught.value.code == 2


def test_a_provider_that_repeats_the_key_in_an_answer_is_replayed_without_it(
    watched: Watched, serve: Serve, news: News
) -> None:
    server = serve(lambda _: "echo_200")
    order = ("run", news(1), "--format", "jsonl", "--out")
    done = watched.run(*order, "out", "--base-url", server.base_url, "--record", "recorded")
    assert done.returncode == 0, done.stderr
    [recording] = (watched.folder / "recorded").iterdir()
    assert json.loads(recording.read_text(encoding="utf-8"))["response"]["body"]["id"] == f"echo-{'*' * len(KEY)}"
    done = watched.run(*order, "again", "--replay", "recorded")
    assert done.returncode == 0, done.stderr
    check_nowhere(watched.folder, done.stdout, done.stderr)
