"""PDF files: whole ones of every make, and those that are broken, locked, empty, endless or hostile."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tests.awkward import pdf_writer as pdf
from tests.awkward.case import Case, read, refused
from tests.awkward.texts import ENGLISH, SIMPLIFIED, Numbered


def pdf_cases(canary: str) -> Iterator[Case]:
    text = Numbered(5000)
    yield from _whole(text)
    yield from _layouts(text)
    yield from _fonts(text)
    yield from _damaged(text)
    yield from _hostile(text, canary)


def _one(text: Numbered, kind: str = SIMPLIFIED) -> str:
    return text(kind, " " if kind == ENGLISH else "").strip()


def _chinese(one: str, **options: bool) -> bytes:
    font = pdf.identity(one)
    return pdf.document([pdf.content(pdf.paragraph(one, indent=2), font)], font, **options)


def _english(one: str) -> bytes:
    font = pdf.helvetica()
    return pdf.document([pdf.content(pdf.words(one), font)], font)


def _whole(text: Numbered) -> Iterator[Case]:
    for number in range(3):
        one = _one(text)
        yield read(f"pdf/chinese-{number}.pdf", _chinese(one), one, control=True)
        one = _one(text, ENGLISH)
        yield read(f"pdf/english-{number}.pdf", _english(one), one, control=True)
    one = _one(text)
    yield read("pdf/packed.pdf", _chinese(one, packed=True), one, control=True)
    for encoding, codec in (("GBK-EUC-H", "gbk"), ("UniGB-UCS2-H", "utf-16-be"), ("GBK2K-H", "gb18030")):
        one = _one(text).translate({code: chr(code + 0xFEE0) for code in range(33, 127)})
        font = pdf.predefined(one, encoding, codec)
        yield read(f"pdf/by-{encoding}.pdf", pdf.document([pdf.content(pdf.paragraph(one), font)], font), one)
    one = _one(text)
    yield read("pdf/words-before-the-head.pdf", b"HTTP/1.1 200 OK\r\n\r\n" + _chinese(one), one)
    one = _one(text)
    yield read("pdf/words-behind-the-end.pdf", _chinese(one) + b"\n<!-- served in 3 ms -->\n", one)
    one = _one(text, ENGLISH)
    data = pdf.locked(pdf.content(pdf.words(one), pdf.helvetica()), b"")
    yield read("pdf/locked-against-printing.pdf", data, one)


def _layouts(text: Numbered) -> Iterator[Case]:
    one, two = _one(text), _one(text)
    font = pdf.identity(one + two)
    first = pdf.paragraph(one, indent=2)
    top = first[-1][1] - 18
    drawn = pdf.content([*first, *pdf.paragraph(two, top=top, indent=2)], font)
    yield read("pdf/two-paragraphs.pdf", pdf.document([drawn], font), f"{one}\n{two}", control=True)
    title, one = "甲集团与乙公司签约", _one(text)
    font = pdf.identity(title + one)
    drawn = pdf.content([(150, 790, 18, title), *pdf.paragraph(one, indent=2)], font)
    yield read("pdf/title.pdf", pdf.document([drawn], font), f"{title}\n{one}", control=True)
    one = _one(text) * 4
    lines = pdf.paragraph(one, width=30)
    running = "财经日报第周年号"
    font = pdf.identity(one + running + "0123456789- ")
    pages = []
    for number in range(4):
        part = [
            (x, 700 - 18 * row, size, shown)
            for row, (x, _, size, shown) in enumerate(lines[number * 3 : number * 3 + 3])
        ]
        furniture = [(72, 800, 9, f"{running}"), (290, 40, 9, f"- {number + 1} -")]
        pages.append(pdf.content([furniture[0], *part, furniture[1]], font))
    shown = "".join(line for *_, line in lines[:12])
    yield read("pdf/running-heads-and-page-numbers.pdf", pdf.document(pages, font), shown)
    one = "The long-awaited project is worth about $30 million"
    long = f"{one}, said Orlane Technologies in a statement on Monday, and creates 3,900 jobs over three years in nine countries."
    yield read("pdf/wrapped-english.pdf", _english(long), long, control=True)
    font = pdf.helvetica()
    drawn = pdf.content([(72, 700, 12, "The dam holds 10"), (162, 705, 8, "8"), (168, 700, 12, " cubic metres.")], font)
    yield read("pdf/raised-digit.pdf", pdf.document([drawn], font), "The dam holds 10^8 cubic metres.")
    table = [(72, 700, 12, "Year"), (300, 700, 12, "Revenue"), (72, 680, 12, "2024"), (300, 680, 12, "312.6")]
    yield read("pdf/table.pdf", pdf.document([pdf.content(table, font)], font), "Year\tRevenue\n2024\t312.6")
    soft = [
        (72, 700, 12, "The company will increase its yearly invest\xad"),
        (72, 682, 12, "ment by about $30 million."),
    ]
    joined = "The company will increase its yearly investment by about $30 million."
    yield read("pdf/soft-hyphen.pdf", pdf.document([pdf.content(soft, font)], font), joined)
    over = "甲集团今天宣布在南京建设一个大型数据中心项目总投资额约为12"
    rest = "34亿元。"
    font = pdf.identity(over + rest)
    drawn = pdf.content([(72, 700, 12, over), (72, 682, 12, rest)], font)
    yield read(
        "pdf/number-over-line-end.pdf", pdf.document([drawn], font), f"{over}\n{rest}", warns="number_over_line_end"
    )
    one = _one(text, ENGLISH)
    drawn = (
        pdf.content(pdf.words(one), pdf.helvetica())
        + b"\nBT 3 Tr /F1 12 Tf 1 0 0 1 72 300 Tm (Worth $900 billion.) Tj ET"
    )
    data = pdf.document([drawn], pdf.helvetica())
    yield read("pdf/not-drawn.pdf", data, f"{one}\nWorth $900 billion.", warns="hidden_text")


def _fonts(text: Numbered) -> Iterator[Case]:
    one = _one(text)
    font = pdf.identity(one, says=False)
    data = pdf.document([pdf.content(pdf.paragraph(one), font)], font)
    yield refused("pdf/font-that-says-nothing.pdf", data, "format", "fonts")
    one = _one(text)
    font = pdf.identity(one, leaves_out="亿")
    data = pdf.document([pdf.content(pdf.paragraph(one), font)], font)
    yield read("pdf/one-character-unknown.pdf", data, one.replace("亿", "\ufffd"), warns="replacement_characters")
    one = _one(text)
    font = pdf.identity(one, leaves_out="项目总投资约团区内在甲")
    data = pdf.document([pdf.content(pdf.paragraph(one), font)], font)
    yield refused("pdf/many-characters-unknown.pdf", data, "format", "fonts")
    one = _one(text, ENGLISH)
    drawn = pdf.content(pdf.words(one), pdf.helvetica()).replace(b"/F1", b"/F9")
    yield refused("pdf/font-is-missing.pdf", pdf.document([drawn], pdf.helvetica()), "format", "fonts")
    for name, shape in {
        "drawn-glyphs": b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << >> "
        b"/FirstChar 0 /LastChar 0 /Widths [1] /Encoding << /Differences [65 /g1 /g2 /g3] >> >>",
        "unknown-map": b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /No-Such-Map-H /DescendantFonts [] >>",
    }.items():
        font = pdf.Font((shape,), {chr(code): bytes([code]) for code in range(32, 127)})
        data = pdf.document([pdf.content([(72, 700, 12, "ABCABCABC")], font)], font)
        yield refused(f"pdf/{name}.pdf", data, "format")
    names = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [65 /A /g12 /g1] >> >>"
    font = pdf.Font((names,), {chr(code): bytes([code]) for code in range(32, 127)})
    line = "A" * 40
    data = pdf.document([pdf.content([(72, 700, 12, line + "BC")], font)], font)
    yield read("pdf/glyphs-without-a-name.pdf", data, line + "\ufffd\ufffd", warns="replacement_characters")
    one = "The oﬀice ﬁnances ⼤⾦⽉科大讯⻜人⺠⼾国"
    font = pdf.identity(one)
    data = pdf.document([pdf.content([(72, 700, 12, one)], font)], font)
    yield read("pdf/ligatures-and-radicals.pdf", data, "The office finances 大金月科大讯飞人民户国")


def _damaged(text: Numbered) -> Iterator[Case]:
    one = _one(text)
    whole = _chinese(one)
    yield refused("pdf/head-alone.pdf", b"%PDF-1.7\n", "format", "damaged")
    for share in (10, 40, 70):
        yield refused(f"pdf/cut-at-{share}-percent.pdf", whole[: len(whole) * share // 100], "format")
    yield refused("pdf/text-under-its-name.pdf", text().encode(), "format", "is no PDF")
    yield refused("pdf/picture-under-its-name.pdf", b"\x89PNG\r\n\x1a\n" + bytes(99), "format", "a PNG image")
    yield refused("pdf/word-under-its-name.pdf", b"PK\x03\x04" + bytes(99), "format", "ZIP")
    noise = bytes((number * 7919) % 251 for number in range(20_000))
    yield refused("pdf/noise-behind-its-head.pdf", b"%PDF-1.7\n" + noise, "format")
    one = _one(text)
    moved = _chinese(one).replace(b"startxref\n", b"startxref\n9")
    yield read("pdf/table-of-places-is-wrong.pdf", moved, one, warns="document_repaired")
    one = _one(text)
    packed = bytearray(_chinese(one, packed=True))
    at = packed.find(b"stream\n") + 30
    packed[at : at + 12] = b"\0" * 12
    yield refused("pdf/packed-stream-is-damaged.pdf", bytes(packed), "format", "damaged")
    font = pdf.helvetica()
    yield refused("pdf/no-page.pdf", pdf.document([], font), "format", "without a page")
    yield refused("pdf/blank-page.pdf", pdf.document([b""], font), "empty", "OCR")
    image = pdf.stream(
        b"\0" * 30_000,
        b"/Type /XObject /Subtype /Image /Width 100 /Height 100 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
    )
    number = pdf.first_extra(3, font)
    scan = pdf.document(
        [b"q 595 0 0 842 0 0 cm /I Do Q"] * 3, font, extra=[image], resources=b"/XObject << /I %d 0 R >>" % number
    )
    yield refused("pdf/scan.pdf", scan, "empty", "as a scan does")
    one = _one(text, ENGLISH)
    yield refused("pdf/locked.pdf", pdf.locked(pdf.content(pdf.words(one), font), b"secret"), "format", "password")
    strong = b"<< /Filter /Standard /V 5 /R 6 /Length 256 /O <00> /U <00> /P -44 >>"
    yield refused(
        "pdf/locked-in-an-unknown-way.pdf", pdf.assemble([b"<< /Type /Catalog >>", strong], b"/Encrypt 2 0 R"), "format"
    )


def _hostile(text: Numbered, canary: str) -> Iterator[Case]:
    font = pdf.helvetica()
    actions = {
        "opens-address": f"<< /S /URI /URI ({canary}/pdf-uri) >>",
        "runs-script": f"<< /S /JavaScript /JS (app.launchURL\\('{canary}/pdf-js'\\)) >>",
        "launches": "<< /S /Launch /F (/bin/sh) >>",
        "goes-elsewhere": f"<< /S /GoToR /F << /FS /URL /F ({canary}/pdf-goto) >> /D [0 /Fit] >>",
        "sends-form": f"<< /S /SubmitForm /F << /FS /URL /F ({canary}/pdf-form) >> >>",
    }
    for name, action in actions.items():
        one = _one(text, ENGLISH)
        drawn = pdf.content(pdf.words(one), font)
        yield read(f"pdf/{name}.pdf", pdf.document([drawn], font, root=b"/OpenAction " + action.encode()), one)
    one = _one(text, ENGLISH)
    drawn = pdf.content(pdf.words(one), font)
    outer = b"<< /Type /Filespec /F (%s) >>" % f"{canary}/pdf-file".encode()
    away = pdf.assemble(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
         b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
         b"<< /Length 0 /F %s >>\nstream\n\nendstream" % outer, pdf.HELVETICA]
    )  # fmt: skip
    yield refused("pdf/content-is-elsewhere.pdf", away, "empty")
    loop = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]
    yield refused("pdf/pages-in-a-ring.pdf", pdf.assemble(loop), "format")
    deep = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    deep += [
        b"<< /Type /Pages /Count 1 /Kids [%d 0 R] /Parent %d 0 R >>" % (number + 1, number - 1)
        for number in range(2, 3000)
    ]
    yield refused(
        "pdf/pages-without-end.pdf", pdf.assemble([*deep, b"<< /Type /Pages /Count 0 /Kids [] >>"]), "parser_limit"
    )
    one = _one(text, ENGLISH)
    number = pdf.first_extra(1, font)
    form = pdf.stream(
        b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % number
    )
    ring = pdf.document(
        [pdf.content(pdf.words(one), font) + b" /X Do"],
        font,
        extra=[form],
        resources=b"/XObject << /X %d 0 R >>" % number,
    )
    yield refused("pdf/form-draws-itself.pdf", ring, "format", "part of the text")
    bomb = zlib.compress(b"BT /F1 12 Tf (x) Tj ET\n" * 4_000_000, 1)
    yield refused("pdf/content-is-a-bomb.pdf", _raw_page(bomb, b"/Filter /FlateDecode"), "parser_limit")
    twice = zlib.compress(zlib.compress(b"\0" * 100_000_000, 9), 9)
    yield refused(
        "pdf/content-is-a-bomb-in-a-bomb.pdf", _raw_page(twice, b"/Filter [/FlateDecode /FlateDecode]"), "parser_limit"
    )
    yield refused("pdf/content-is-a-deep-list.pdf", _raw_page(b"[" * 200_000 + b"]" * 200_000, b""), "parser_limit")
    yield refused("pdf/content-never-ends.pdf", _raw_page(b"q " * 2_050_000, b""), "parser_limit")
    table = [b"<< /Type /Catalog /Pages 2 0 R >>" + b" " * 100, b"<< /Type /Pages /Count 99999999 /Kids [] >>"]
    yield refused("pdf/says-a-hundred-million-pages.pdf", pdf.assemble(table), "format")
    ring = pdf.assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"], b"/Prev 15")
    yield refused("pdf/tables-in-a-ring.pdf", ring, "format")


def _raw_page(data: bytes, extra: bytes) -> bytes:
    return pdf.assemble(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
         b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
         pdf.stream(data, extra), pdf.HELVETICA]
    )  # fmt: skip
