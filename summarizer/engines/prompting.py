"""Messages: an article's numbered sentences between tags that its text cannot contain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.templates import Prompts, Variable, fingerprint

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.proposals import PartName

_LANGUAGES = {
    "zh": "Write headline, abstract, key points and the names of figures and deals in Chinese; copied words stay as they are.",
    "en": "Write headline, abstract, key points and the names of figures and deals in English; copied words stay as they are.",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message."""

    role: str
    content: str

    def as_dict(self) -> dict[str, str]:
        """Return the message in the provider's form."""
        return {"role": self.role, "content": self.content}


def number_sentences(article: Article, numbers: Iterable[int]) -> str:
    """Return the sentences with these numbers (counted from 1), one a line, each behind its number in brackets.

    White space inside a sentence becomes single spaces, so that no line of the article can pass for a numbered one.
    """
    spans = article.sentences
    lines = []
    for number in numbers:
        start, end = spans[number - 1]
        lines.append(f"[{number}] {' '.join(article.text[start:end].split())}")
    return "\n".join(lines)


def enclose(body: str, text: str, name: str = "article") -> str:
    """Put the body between tags whose code comes from the hash of the text that it was made of, which does not contain them."""
    code = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    length = 12
    while code[:length] in text and length < len(code):
        length += 1
    tag = f"{name}-{code[:length]}"
    return f"<{tag}>\n{body}\n</{tag}>"


def language_line(article: Article, language: str) -> str:
    """Return the instruction that names the language of the answer."""
    return _LANGUAGES[article.language if language == "auto" else language]


def estimate_tokens(text: str) -> int:
    """Estimate a text's tokens on the careful side: one for each character beyond Latin, one for three of the others."""
    wide = sum(char > "\u2e7f" for char in text)
    return wide + (len(text) - wide) // 3 + 1


def system_message(prompts: Prompts, parts: Sequence[PartName], instructions: str = "") -> Message:
    """Return the first message; the same for every article of a run, so that a provider's prompt cache hits.

    `instructions` are a profile's own, in place of the parts'.
    """
    values = {"parts": tuple(parts), "instructions": instructions.strip()}
    return Message("system", prompts["system"].render(values))


def article_message(
    prompts: Prompts, name: str, article: Article, body: str, values: Mapping[str, Variable]
) -> Message:
    """Return the message that shows `body`, the numbered sentences or notes, by the template `name`."""
    before, after = prompts[name].around_article({"published_on": article.published_on, **values})
    return Message("user", before + enclose(body, article.text) + after)


def prompt_version(prompts: Prompts, names: Sequence[str], *further: str) -> str:
    """Return `name@version+fingerprint` for the templates together with what else shapes the request."""
    first = prompts[names[0]]
    texts = [prompts[name].source for name in names]
    label = (
        ",".join(f"{name}@{prompts[name].version}" for name in names)
        if len(names) > 1
        else f"{first.name}@{first.version}"
    )
    return f"{label}+{fingerprint(*texts, *further)}"
