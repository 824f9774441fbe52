"""Articles of which every one is different, in what two languages and many scripts have to offer."""

from __future__ import annotations

SIMPLIFIED = "simplified"
TRADITIONAL = "traditional"
ENGLISH = "english"


def article(kind: str = SIMPLIFIED, newline: str = "\n", number: int = 0) -> str:
    """Return a short article; `number` makes it another one."""
    if kind == ENGLISH:
        lines = (
            f"Orlane Technologies signed an agreement no. {number} with Marbeck Partners on 18 November 2024.",
            f"The project is worth about ${number + 30} million and creates {number + 3900:,} jobs over three years.",
        )
    elif kind == TRADITIONAL:
        lines = (
            f"11月18日，甲{number}集團與乙公司在臺北簽訂戰略合作協議，雙方將於產業園區內開展業務。",
            f"項目總投資約{number + 30}億元，占地5萬平方米，預計帶動就業2,000人。",
        )
    else:
        lines = (
            f"11月18日，甲{number}集团与乙公司在南京签订战略合作协议，双方将在产业园区内开展业务。",
            f"项目总投资约{number + 30}亿元，占地5万平方米，预计带动就业2,000人。",
        )
    return newline.join(lines) + newline


class Numbered:
    """Gives articles with numbers of their own, the same ones in every run."""

    def __init__(self, first: int) -> None:
        self._next = first

    def __call__(self, kind: str = SIMPLIFIED, newline: str = "\n") -> str:
        self._next += 1
        return article(kind, newline, self._next)
