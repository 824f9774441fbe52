"""A Word report from the records of a run: what is verified, each statement with the number of its source.

python examples/word_report.py out report.docx zh          (needs `pip install python-docx`)
"""

import sys
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn

from summarizer import ArticleRecord, render_amount, render_period

# fmt: off
WORDS = {
    "zh": ("新闻要点", "关键数字", "指标", "主体", "数值", "期间", "交易与合作", "当事方", "出处", "、",
           "（摘要待核对，未收入）"),
    "en": ("News in brief", "Key figures", "Figure", "Entity", "Value", "Period", "Deals", "Parties", "Sources", ", ",
           "(summary to check, left out)"),
}
# fmt: on


class Report:
    """A document under way; each quotation gets the next number and stands at the end."""

    def __init__(self, language):
        self.language = language
        self.words = WORDS[language]
        self.sources = []
        self.document = Document()
        style = self.document.styles["Normal"]
        style.font.name = "Arial"
        # Word chooses the font of Chinese characters apart from the others.
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")
        self.document.add_heading(self.words[0], 0)

    def add(self, record):
        """Add one article; what is not verified does not go to print."""
        self.document.add_heading(clean(record.summary.headline), 1)
        if record.summary.reasons:
            # A number or a name of the summary has no support in the article; the facts below have.
            self.document.add_paragraph(self.words[10])
        else:
            self.document.add_paragraph(clean(record.summary.abstract))
        figures = [figure for figure in record.key_figures or () if figure.verdict == "verified"]
        if figures:
            self.add_figures(record, figures)
        for deal in record.deals or ():
            if deal.verdict == "verified":
                self.add_deal(record, deal)

    def add_figures(self, record, figures):
        """Add a table, one row a figure: the value as code reads it, in the words of the report's language."""
        self.document.add_heading(self.words[1], 2)
        table = self.document.add_table(rows=1, cols=4, style="Table Grid")
        for cell, word in zip(table.rows[0].cells, self.words[2:6], strict=True):
            cell.text = word
        for figure in figures:
            value = render_amount(
                figure.value, figure.unit, self.language, value_max=figure.value_max, qualifier=figure.qualifier
            )
            mark = self.source(record, figure.evidence)
            period = render_period(figure.period, self.language) if figure.period else ""
            texts = (figure.name, figure.entity or "", f"{value or figure.amount} {mark}", period)
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = clean(text)

    def add_deal(self, record, deal):
        """Add a deal with its verified terms."""
        self.document.add_heading(clean(deal.name), 2)
        parties = self.words[9].join(party.name for party in deal.parties)
        self.document.add_paragraph(clean(f"{self.words[7]}: {parties} {self.source(record, deal.evidence)}"))
        for term in deal.terms:
            if term.verdict == "verified":
                text = clean(f"{term.text} {self.source(record, term.evidence)}")
                self.document.add_paragraph(text, style="List Bullet")

    def source(self, record, evidence):
        """Note where a statement comes from and return the numbers that stand behind it."""
        first = len(self.sources) + 1
        for number, one in enumerate(evidence, start=first):
            self.sources.append(f"[{number}] {record.article.id} {one.start}-{one.end}: {one.quote}")
        return "".join(f"[{number}]" for number in range(first, len(self.sources) + 1))

    def save(self, path):
        """Write the sources and the file."""
        self.document.add_heading(self.words[8], 1)
        for line in self.sources:
            self.document.add_paragraph(clean(line))
        self.document.save(path)


def clean(text):
    """Drop what a Word file cannot hold: control characters."""
    return "".join(char for char in text if char.isprintable() or char == "\n")


def main(folder, target, language="zh"):
    """Write the report of an output folder."""
    report = Report(language)
    for record in ArticleRecord.iter_jsonl(Path(folder) / "results.jsonl"):
        if record.summary is not None:
            report.add(record)
    report.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
