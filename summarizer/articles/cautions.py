"""Warnings about a text: hidden characters, words addressed to a machine. Nothing is removed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Zero width, bidirectional controls, invisible operators, byte order marks, tag characters.
_HIDDEN = re.compile(
    "[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u180e\u115f\u3164\U000e0000-\U000e007f]"
)
# A zero-width joiner is a part of many emoji and of nothing else in these two languages.
_LONE_JOINER = re.compile(
    "(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d|\u200d(?![\U0001f000-\U0001faff\u2600-\u27bf])"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_MIXED_SCRIPTS = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_FLAGS: Final = re.IGNORECASE | re.MULTILINE
# Each pattern beside the groups of words of which, in small letters, a text must have one each for it to match: to
# run them all takes as long as to find the sentences. The words have no i, k or s: other letters match those too.
_INSTRUCTIONS: Final[tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]] = (
    (
        r"(?:忽略|無視|无视|不要理会|忘记|忘掉)(?:掉)?(?:你)?(?:此前|之前|以上|上述|前面|先前|所有|一切|全部|任何)[^。\n]{0,12}(?:指令|指示|提示|要求|规则|命令|设定)",
        (("忽略", "無視", "无视", "不要理会", "忘记", "忘掉"),),
    ),
    (
        r"(?:致|写给|提示|告知)[^。\n]{0,12}(?:AI|人工智能|大模型|语言模型|机器人|自动摘要)[^。\n]{0,6}(?:助手|系统|程序|模型|读者)",
        (("致", "写给", "提示", "告知"), ("助手", "系统", "程序", "模型", "读者")),
    ),
    (r"系统提示(?:词)?\s*[/／:：】]", (("系统提示",),)),
    (
        r"(?:你|您)(?:现在)?(?:是|扮演)(?:一个|一名)?[^。\n]{0,10}(?:AI|人工智能|语言模型|助手)",
        (("你", "您"), ("是", "扮演")),
    ),
    (
        r"(?:请|必须|务必)(?:你)?(?:在)?(?:摘要|总结|回答|输出|回复)(?:中|里|时)?[^。\n]{0,20}(?:写为|写成|删去|省略|改为|只(?:输出|回复))",
        (("请", "必须", "务必"), ("摘要", "总结", "回答", "输出", "回复")),
    ),
    (
        r"(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|everything\s+)*(?:previous|prior|above|preceding|earlier|foregoing|before|system)\b[^.\n]{0,20}"
        r"(?:instructions?|prompts?|rules|messages?|directions|context)?",
        (("gnore", "regard", "forget", "overr"),),
    ),
    (
        r"(?:note|message|instructions?|attention)\s+(?:to|for)\s+(?:all\s+|any\s+)?(?:ai|llms?|language\s+models?|assistants?|automated|chatbots?)\b",
        (
            ("note", "age", "truct", "attent"),
            ("llm", "language", "tant", "automated", "chatbot", "ai", "aı", "aİ", "ai̇"),
        ),
    ),
    (r"you\s+(?:are\s+now|must\s+now|will\s+now)\b", (("you",), ("now",))),
    (r"reply\s+only\s+with|respond\s+only\s+with", (("reply", "pond"), ("only",))),
    (
        r"do\s+not\s+(?:tell|inform|mention)[^.\n]{0,20}\buser\b",
        (("do",), ("not",), ("tell", "nform", "ment"), ("er",), ("u",)),
    ),
    (r"(?:reveal|print|repeat|show)\s+(?:your|the)\s+(?:system\s+)?prompt", (("prompt",),)),
    (r"<\|?(?:im_start|system|endoftext)\|?>", (("<",),)),
    (r"\[/?INST\]", (("[",),)),
    (r"^[ \t]*(?:system|assistant)[ \t]*:[ \t]", ((":",), ("tem", "tant"))),
)
_INSTRUCTION = re.compile("|".join(pattern for pattern, _ in _INSTRUCTIONS), _FLAGS)


def find_warnings(text: str) -> tuple[str, ...]:
    """Return stable words for what a reader of the text ought to know, sorted.

    `hidden_characters`: zero-width, bidirectional or tag characters. `control_characters`: others that print nothing.
    `replacement_characters`: U+FFFD, text lost before it came here. `mixed_scripts`: Latin and Cyrillic letters within
    one word. `instruction_like_text`: words addressed to a language model, also behind hidden or full-width characters.
    """
    words: set[str] = set()
    is_hiding = _HIDDEN.search(text) is not None or ("\u200d" in text and _LONE_JOINER.search(text) is not None)
    if is_hiding:
        words.add("hidden_characters")
    if _CONTROL.search(text):
        words.add("control_characters")
    if "\ufffd" in text:
        words.add("replacement_characters")
    if _MIXED_SCRIPTS.search(text):
        words.add("mixed_scripts")
    if _is_instructing(_plain(text, is_hiding=is_hiding)):
        words.add("instruction_like_text")
    return tuple(sorted(words))


def find_instructions(text: str) -> tuple[tuple[int, int], ...]:
    """Return the lines of a text that address a language model, as spans: what stands in them is no news.

    Hidden characters are not seen through here; `find_warnings` says that there are any.
    """
    spans: list[tuple[int, int]] = []
    if not _is_instructing(text):
        return ()
    for match in _INSTRUCTION.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        spans.append((start, len(text) if end < 0 else end))
    return tuple(dict.fromkeys(spans))


def _is_instructing(text: str) -> bool:
    """Whether any of the patterns matches; those are run of which the words are there."""
    small = text.lower()
    return any(
        all(any(word in small for word in words) for words in cues) and re.search(pattern, text, _FLAGS)
        for pattern, cues in _INSTRUCTIONS
    )


_FULL_WIDTH = re.compile("[\uff21-\uff3a\uff41-\uff5a]{3}")
_MAX_FOLD_CHARS: Final = 2_000_000


def _plain(text: str, *, is_hiding: bool) -> str:
    """A throw-away copy without disguise; never stored."""
    if is_hiding:
        text = _HIDDEN.sub("", text).replace("\u200d", "")
    if _FULL_WIDTH.search(text):
        text = unicodedata.normalize("NFKC", text[:_MAX_FOLD_CHARS])
    return text
