import io
import json
import os
import socket

import pytest

from summarizer.articles import Article, read_inputs
from summarizer.records import FailedInput

TEXT = "甲公司与乙公司签署协议，总投资30亿元。"


def run(*paths, stdin=None):
    return list(
        read_inputs([os.fspath(path) for path in paths], stdin=io.BytesIO(stdin) if stdin is not None else None)
    )


def outcome(item):
    return ("ok", item.id) if isinstance(item, Article) else (item.status, item.kind)


def outcomes(*paths, stdin=None):
    return [outcome(item) for item in run(*paths, stdin=stdin)]


def write(path, content=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_folder_is_read_recursively_in_sorted_order(tmp_path):
    for name in ("b.txt", "a/z.md", "a/y.html", "c.markdown"):
        write(tmp_path / name, TEXT + name)
    assert [item.id for item in run(tmp_path)] == ["y", "z", "b", "c"]


def test_a_file_gives_an_article_with_its_stem_as_id_and_its_path_as_source(tmp_path):
    path = write(tmp_path / "新闻 1.txt")
    (article,) = run(path)
    assert (article.id, article.source, article.text, article.encoding) == ("新闻 1", str(path), TEXT, "utf-8")


def test_what_is_not_read_in_a_folder_is_reported_as_skipped(tmp_path):
    write(tmp_path / "a.doc")
    write(tmp_path / "b.docm")
    write(tmp_path / "c.log")
    write(tmp_path / ".hidden.txt")
    write(tmp_path / ".git" / "x.txt")
    assert [(item.status, item.kind) for item in run(tmp_path)] == [
        ("skipped", "hidden"),
        ("skipped", "unsupported_format"),
        ("skipped", "unsupported_format"),
        ("skipped", "unsupported_format"),
    ]


def test_what_cannot_be_read_fails_when_it_is_named(tmp_path):
    (failure,) = run(write(tmp_path / "a.doc"))
    assert outcome(failure) == ("failed", "unsupported_format")
    assert "save it as .docx, .pdf or .txt" in failure.message
    assert outcomes(write(tmp_path / "x.log")) == [("failed", "unsupported_format")]
    assert outcomes(tmp_path / "missing.txt") == [("failed", "unreadable")]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x00" * 9, "empty"),
        (b"%PDF-1.4 x", "encoding"),
        (b"\xff\xfe\x00", "encoding"),
    ],
)
def test_a_file_without_text_fails_with_one_clear_line(tmp_path, content, kind):
    (failure,) = run(write(tmp_path / "a.txt", content))
    assert (failure.kind, failure.id) == (kind, "a")
    assert "a.txt" in failure.message
    assert "\n" not in failure.message


def test_one_bad_file_does_not_keep_the_others_from_being_read(tmp_path):
    write(tmp_path / "a.txt", b"\x89PNG\r\n\x1a\n")
    write(tmp_path / "b.txt")
    assert outcomes(tmp_path) == [("failed", "encoding"), ("ok", "b")]


def test_the_same_file_twice_is_read_once(tmp_path):
    path = write(tmp_path / "a.txt")
    assert outcomes(path, tmp_path) == [("ok", "a"), ("skipped", "duplicate")]


def test_another_text_under_the_same_stem_gets_an_id_of_its_own(tmp_path):
    write(tmp_path / "a.txt")
    second = write(tmp_path / "x" / "a.txt", TEXT * 2)
    write(tmp_path / "y" / "a.txt", TEXT * 2)
    items = run(tmp_path)
    assert items[0].id == "a"
    assert items[1].id == f"a~{items[1].sha256[:8]}"
    assert items[1].source == str(second)
    assert outcome(items[2]) == ("skipped", "duplicate")


def lines(*objects):
    return b"".join(json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in objects)


def test_json_lines_give_an_article_each_with_what_they_state(tmp_path):
    path = write(
        tmp_path / "news.jsonl",
        lines(
            {
                "id": "x1",
                "text": TEXT,
                "title": "标题",
                "source": "某网",
                "date": "2024-01-02T23:00:00Z",
                "language": "zh-CN",
            },
            {"content": TEXT + "\u2028二"},
            {"id": 7, "html": "<p>投资<b>5</b>亿元</p>"},
        ),
    )
    first, second, third = run(path)
    assert (first.id, first.title, first.publisher, first.published_on) == ("x1", "标题", "某网", "2024-01-02")
    assert (second.id, second.text) == ("news-2", TEXT + "\u2028二")
    assert (third.id, third.text) == ("7", "投资5亿元")
    assert third.source_map is not None


def test_a_torn_last_line_is_named_and_the_others_go_on(tmp_path):
    path = write(
        tmp_path / "n.jsonl", lines({"text": TEXT}) + b'[1]\n{"a": 1}\n\n' + lines({"text": "二"}) + b'{"text": "cut'
    )
    items = run(path)
    assert [outcome(item) for item in items] == [
        ("ok", "n-1"),
        ("failed", "format"),
        ("failed", "format"),
        ("ok", "n-5"),
        ("failed", "format"),
    ]
    assert f"{path}:6" in items[-1].message
    assert items[-1].source == f"{path}:6"


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"text": ' + b"1" * 5000 + b"}",
        b'{"text": "\\ud800x"}',
        b"nul",
        b'{"id": "\\ud800", "text": "x"}',
        b'{"text": 5}',
    ],
)
def test_a_hostile_line_is_one_failure(tmp_path, line):
    (item,) = run(write(tmp_path / "n.jsonl", line))
    assert item.status == "failed"


def test_an_id_that_another_text_bears_fails(tmp_path):
    path = write(
        tmp_path / "n.jsonl", lines({"id": "a", "text": "一"}, {"id": "a", "text": "一"}, {"id": "a", "text": "二"})
    )
    assert outcomes(path) == [("ok", "a"), ("skipped", "duplicate"), ("failed", "duplicate_id")]


def test_json_lines_without_a_line_are_empty(tmp_path):
    assert outcomes(write(tmp_path / "n.jsonl", b"\n \r\n")) == [("failed", "empty")]


def test_standard_input_is_one_text_or_json_lines():
    assert outcomes("-", stdin=TEXT.encode()) == [("ok", "stdin")]
    assert outcomes("-", stdin=lines({"text": "一"}, {"id": "b", "text": "二"})) == [("ok", "stdin-1"), ("ok", "b")]
    assert outcomes("-", stdin=b'{"text": "a"}\nnot json') == [("ok", "stdin")]
    assert outcomes("-", stdin=b"") == [("failed", "empty")]
    (paper,) = run("-", stdin=b"%PDF-1.7")
    assert "damaged PDF" in paper.message
    (page,) = run("-", stdin=b"<!DOCTYPE html><title>T</title><p>a</p>")
    assert page.text == "a"


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    outside = write(tmp_path / "outside" / "secret.txt")
    root = tmp_path / "root"
    write(root / "a.txt")
    (root / "out.txt").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "loop").symlink_to(root)
    (root / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (root / "self.txt").symlink_to("self.txt")
    (root / "within.txt").symlink_to("a.txt")
    assert outcomes(root) == [
        ("ok", "a"),
        ("skipped", "outside"),
        ("skipped", "outside"),
        ("skipped", "link"),
        ("skipped", "outside"),
        ("skipped", "outside"),
        ("ok", "within"),
    ]


def test_a_link_that_is_named_itself_is_followed(tmp_path):
    target = write(tmp_path / "t" / "a.txt")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    assert outcomes(link) == [("ok", "link")]


def test_pipes_sockets_and_devices_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(tmp_path / "s.txt"))
        assert outcomes(tmp_path) == [("skipped", "unreadable"), ("skipped", "unreadable")]
        assert outcomes(tmp_path / "pipe.txt", "/dev/zero") == [("failed", "unreadable"), ("failed", "unreadable")]


def test_a_folder_named_like_a_file_is_a_folder(tmp_path):
    write(tmp_path / "x.txt" / "a.txt")
    assert outcomes(tmp_path / "x.txt") == [("ok", "a")]


def test_awkward_names_are_read_and_reported(tmp_path):
    for name in ("-rf.txt", "a\nb.txt", "é.txt", "e\u0301.txt", "x" * 250 + ".txt", "con.txt"):
        write(tmp_path / name, TEXT + name)
    raw = os.fsencode(tmp_path) + b"/\xff.txt"
    descriptor = os.open(raw, os.O_CREAT | os.O_WRONLY)
    os.close(descriptor)
    items = run(tmp_path)
    assert len(items) == 7
    assert sum(isinstance(item, Article) for item in items) == 6
    (failure,) = [item for item in items if isinstance(item, FailedInput)]
    assert "\\xff.txt" in failure.source
    assert failure.model_dump_json()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_or_folder_is_named(tmp_path):
    write(tmp_path / "a.txt").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    assert outcomes(tmp_path) == [("failed", "unreadable"), ("failed", "unreadable")]


def test_a_path_with_a_nul_is_a_failure():
    assert outcomes("a\x00b") == [("failed", "unreadable")]
