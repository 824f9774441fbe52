"""The follow-up: one further request, only where verification found fault, within three paid answers."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from summarizer.articles import Article
from summarizer.engines import Ask
from summarizer.engines.asking import LlmEngine
from summarizer.pipeline import Pipeline
from summarizer.records import ArticleRecord
from summarizer.settings import Settings
from summarizer.wire.transport import build_transport

TEXT = (
    "11月18日，甲集团与乙公司签订战略合作协议，项目总投资约30亿元。"
    "去年甲集团营业收入12.5亿元，同比增长8%，净利润2.1亿元。同等条件下，乙公司优先使用甲集团的云服务。"
)


def figure(amount: str, s: int, name: str = "总投资") -> dict[str, Any]:
    return {"s": s, "amount": amount, "name": name, "of": "甲集团", "when": "", "status": "actual"}


ALL = [
    figure("约30亿元", 1),
    figure("12.5亿元", 2, "营业收入"),
    figure("8%", 2, "营业收入同比增长"),
    figure("2.1亿元", 2, "净利润"),
]
DEAL = {
    "s": 1, "words": "签订战略合作协议", "name": "战略合作", "type": "strategic_cooperation", "status": "signed",
    "parties": [{"name": name, "kind": "company", "role": "party"} for name in ("甲集团", "乙公司")],
    "signed": "11月18日", "effective": "", "place": "", "people": [], "areas": [], "amount": "", "duration": "",
    "terms": [],
}  # fmt: skip
TERM = {
    "s": 3,
    "words": "乙公司优先使用甲集团的云服务",
    "kind": "preference",
    "by": "乙公司",
    "to": "甲集团",
    "cond": "",
}


def whole(**changes: Any) -> dict[str, Any]:
    answer = {"deals": [DEAL], "figures": ALL, "points": [], "abstract": ["双方签约。"], "headline": "签约"}
    return answer | changes


def mending(**changes: Any) -> dict[str, Any]:
    return {"deals": [], "terms": [], "figures": [], "abstract": [], "headline": ""} | changes


class Model:
    """Answers in turn; keeps the requests."""

    def __init__(self, *answers: object) -> None:
        self.answers = answers
        self.requests: list[dict[str, Any]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.requests.append(body)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, int):
            return httpx2.Response(answer, json={"error": {"message": "no"}})
        call = {"name": body["tools"][0]["function"]["name"], "arguments": json.dumps(answer, ensure_ascii=False)}
        message = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": call}]}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return httpx2.Response(200, json={"id": "1", "model": "m", "choices": [choice], "usage": usage})

    @property
    def appendix(self) -> str:
        first, second = (body["messages"][1]["content"] for body in self.requests[:2])
        assert second.startswith(first)
        return second[len(first) :]


@pytest.fixture
def process() -> Callable[..., ArticleRecord]:
    def run(model: Model, *, text: str = TEXT, follows_up: bool = True) -> ArticleRecord:
        async def main() -> ArticleRecord:
            transport = build_transport(network=httpx2.MockTransport(model))
            engine = LlmEngine(Settings(base_url="http://127.0.0.1:9/v1"), transport)
            pipeline = Pipeline(engine=engine, engine_name="llm", ask=Ask(), follows_up=follows_up)
            try:
                return await pipeline.process(Article.from_text(text, id="a"))
            finally:
                await engine.aclose()

        return asyncio.run(main())

    return run


def test_an_answer_that_is_admitted_as_a_whole_is_not_followed_up(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole())
    record = process(model)
    assert len(model.requests) == 1
    assert record.status == "ok"
    assert record.run.follow_ups == 0


def test_a_refused_figure_is_mended_and_no_longer_listed(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(figures=[figure("约3亿元", 1), *ALL[1:]]), mending(figures=[figure("约30亿元", 1)]))
    record = process(model)
    assert "figure: 总投资 «约3亿元» in [1]: these words do not stand in the article so" in model.appendix
    assert record.key_figures is not None
    assert [one.value for one in record.key_figures if one.name == "总投资"] == ["3000000000"]
    assert record.audit is not None
    assert record.audit.rejected == ()
    assert record.status == "ok"
    assert (record.run.requests, record.run.follow_ups, record.run.output_tokens) == (2, 1, 40)


def test_what_stays_wrong_stays_listed_and_is_not_asked_again(process: Callable[..., ArticleRecord]) -> None:
    wrong = figure("约3亿元", 1)
    model = Model(whole(figures=[wrong, *ALL[1:]]), mending(figures=[wrong, ALL[1]]))
    record = process(model)
    assert len(model.requests) == 2
    assert record.audit is not None
    assert {item.reasons for item in record.audit.rejected} == {("QUOTE_NOT_FOUND",)}
    assert record.status == "needs_review"


def test_forgotten_amounts_are_asked_for_with_their_sentences(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(figures=ALL[:1]), mending(figures=ALL[1:]))
    record = process(model)
    assert "- [2] 12.5亿元\n- [2] 8%\n- [2] 2.1亿元" in model.appendix
    assert record.key_figures is not None
    assert [one.amount for one in record.key_figures] == ["约30亿元", "12.5亿元", "8%", "2.1亿元"]


def test_words_without_a_number_are_not_worth_a_request_of_their_own(process: Callable[..., ArticleRecord]) -> None:
    unreadable = figure("优先使用", 3, "优先")
    alone = Model(whole(figures=[*ALL, unreadable]))
    process(alone)
    assert len(alone.requests) == 1
    beside = Model(whole(figures=[figure("约3亿元", 1), *ALL[1:], unreadable]), mending())
    process(beside)
    assert "«优先使用» in [3]: these words hold no amount" in beside.appendix


def test_one_forgotten_amount_is_the_models_judgement(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(figures=ALL[:3]))
    process(model)
    assert len(model.requests) == 1


def test_a_refused_term_comes_back_into_its_deal(process: Callable[..., ArticleRecord]) -> None:
    stitched = TERM | {"words": "乙公司独家使用甲集团的云服务"}
    model = Model(whole(deals=[DEAL | {"terms": [stitched]}]), mending(terms=[TERM | {"deal": "战略合作"}]))
    record = process(model)
    assert "term of the deal 战略合作: «乙公司独家使用甲集团的云服务» in [3]" in model.appendix
    assert record.deals is not None
    assert [term.text for term in record.deals[0].terms] == ["乙公司优先使用甲集团的云服务"]
    assert record.status == "ok"


def test_a_number_that_the_summary_invents_has_it_written_again(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(abstract=["总投资约300亿元。"]), mending(abstract=["总投资约30亿元。"]))
    record = process(model)
    assert "without it: 300亿元" in model.appendix
    assert record.summary is not None
    assert (record.summary.abstract, record.summary.headline) == ("总投资约30亿元。", "签约")
    assert record.status == "ok"


def test_three_paid_answers_leave_no_room_for_a_follow_up(process: Callable[..., ArticleRecord]) -> None:
    model = Model({"nonsense": 1}, {"nonsense": 1}, whole(figures=[figure("约3亿元", 1)]))
    record = process(model)
    assert len(model.requests) == 3
    assert record.run.follow_ups == 0
    assert record.status == "needs_review"


def test_after_one_re_ask_a_follow_up_gets_one_answer_and_no_more(process: Callable[..., ArticleRecord]) -> None:
    model = Model({"nonsense": 1}, whole(figures=[figure("约3亿元", 1), *ALL[1:]]), {"nonsense": 1})
    record = process(model)
    assert len(model.requests) == 3
    assert record.run.notes == ("follow_up_failed:invalid_output",)
    assert record.run.requests == 3


def test_a_follow_up_that_fails_leaves_the_first_answer_as_it_was(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(figures=[figure("约3亿元", 1), *ALL[1:]]), 400)
    record = process(model)
    assert record.status == "needs_review"
    assert record.key_figures is not None
    assert len(record.key_figures) == 3
    assert record.run.notes == ("follow_up_failed:bad_request",)


def test_it_can_be_switched_off(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(figures=[figure("约3亿元", 1)]))
    process(model, follows_up=False)
    assert len(model.requests) == 1


def test_template_syntax_in_refused_words_is_not_rendered(process: Callable[..., ArticleRecord]) -> None:
    model = Model(whole(figures=[figure("{{ 7*7 }}亿元", 1), *ALL[1:]]), mending())
    process(model)
    assert "«{{ 7*7 }}亿元»" in model.appendix
    assert "49" not in model.appendix
