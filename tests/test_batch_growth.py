"""A batch that grows: what was asked is not asked again, though the new articles show what is furniture."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.loopback import FakeProvider

TAIL = "某某晨报读者俱乐部每周六开放，欢迎各界读者前来参观交流。"


def write(folder: Path, numbers: range) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        text = f"甲{number}公司今日签署协议。\n项目总投资约{number + 10}亿元，项目落户某市某区。\n{TAIL}\n"
        (folder / f"a{number}.txt").write_text(text, encoding="utf-8")


def test_articles_that_share_a_tail_with_new_ones_are_not_paid_again(
    summarizer: Callable[..., int], provider: FakeProvider, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    write(folder, range(1))
    order = ("run", str(folder), "--out", str(tmp_path / "out"), "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    assert provider.count == 1
    write(folder, range(1, 4))
    assert summarizer(*order) == 0
    assert provider.count == 4
    lines = (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [[one["kind"] for one in record["article"]["furniture"]] for record in records] == [["repeated"]] * 4
