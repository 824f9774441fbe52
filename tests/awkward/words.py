"""Word files: what Word writes, what it hides, what others put into it, and archives that are bombs."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator

from tests.awkward import word_writer as writer
from tests.awkward.case import Case, read, refused
from tests.awkward.texts import ENGLISH, Numbered
from tests.awkward.word_writer import cell, package, paragraph, parts, plain, run, table, word


def word_cases(canary: str) -> Iterator[Case]:
    text = Numbered(6000)
    yield from _whole(text)
    yield from _seen_and_unseen(text)
    yield from _other_kinds(text)
    yield from _broken(text)
    yield from _outward(text, canary)
    yield from _bombs(text)


def _one(text: Numbered, kind: str = "simplified") -> str:
    return text(kind, " " if kind == ENGLISH else "").strip()


def _whole(text: Numbered) -> Iterator[Case]:
    import docx

    for kind in ("simplified", "traditional", ENGLISH):
        one, two = _one(text, kind), _one(text, kind)
        document = docx.Document()
        for line in (one, "", two):
            document.add_paragraph(line)
        rows = document.add_table(rows=1, cols=2).rows
        rows[0].cells[0].text, rows[0].cells[1].text = "2024", "312.6"
        out = io.BytesIO()
        document.save(out)
        yield read(f"word/by-library-{kind}.docx", out.getvalue(), f"{one}\n{two}\n2024\t312.6", control=True)
    one, two = _one(text), _one(text)
    yield read("word/paragraphs.docx", word(plain(one, "", two)), f"{one}\n{two}", control=True)
    one = _one(text)
    title = paragraph(run("甲集团签约"), style="a1")
    yield read("word/title.docx", word(title + plain(one)), f"甲集团签约\n{one}", control=True)
    rows = table(("年份", "收入（亿元）"), ("2024", "312.6"))
    yield read(
        "word/table-between.docx",
        word(plain("前") + rows + plain("后")),
        "前\n年份\t收入（亿元）\n2024\t312.6\n后",
        control=True,
    )
    one = _one(text)
    pieces = "".join(run(one[at : at + 3]) for at in range(0, len(one), 3))
    yield read("word/runs-cut-numbers.docx", word(f"<w:p>{pieces}</w:p>"), one, control=True)
    wide = "<w:tbl><w:tr>" + cell("合计", '<w:gridSpan w:val="2"/>') + cell("5") + "</w:tr></w:tbl>"
    yield read("word/wide-cell.docx", word(plain("表") + wide), "表\n合计\t\t5")
    nested = f"<w:tbl><w:tr><w:tc>{table(('内一', '内二'))}{plain('尾')}</w:tc>{cell('外')}</w:tr></w:tbl>"
    yield read("word/table-in-table.docx", word(nested), "内一 内二 尾\t外")


def _seen_and_unseen(text: Numbered) -> Iterator[Case]:
    gone = run("约900亿元")
    deleted = '<w:del w:id="1"><w:r><w:delText>约900亿元</w:delText></w:r></w:del>'
    choice = f'<mc:Choice Requires="wps">{run("甲")}</mc:Choice><mc:Fallback>{run("乙900亿元")}</mc:Fallback>'
    inline = {
        "inserted": (f'<w:ins w:id="1">{run("约30亿元")}</w:ins>', "约30亿元"),
        "deleted": (deleted + run("约30亿元"), "约30亿元"),
        "moved-away": (f'<w:moveFrom w:id="1">{gone}</w:moveFrom>', ""),
        "moved-here": (f'<w:moveTo w:id="1">{run("约30亿元")}</w:moveTo>', "约30亿元"),
        "link": (f'<w:hyperlink r:id="rId7">{run("约30亿元")}</w:hyperlink>', "约30亿元"),
        "control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('约30亿元')}</w:sdtContent></w:sdt>", "约30亿元"),
        "smart-tag": (f"<w:smartTag>{run('约30亿元')}</w:smartTag>", "约30亿元"),
        "field": (f'<w:fldSimple w:instr="DATE">{run("11月18日")}</w:fldSimple>', "11月18日"),
        "field-code": ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>= 900 亿元</w:instrText></w:r>'
                       f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("30亿元")}', "30亿元"),
        "alternatives": (f"<mc:AlternateContent>{choice}</mc:AlternateContent>", "甲"),
        "raised": (run("10") + run("8", '<w:vertAlign w:val="superscript"/>'), "10^8"),
        "note-mark": (run("30亿元") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "30亿元"),
        "comment-mark": (run("30亿元") + '<w:r><w:commentReference w:id="2"/></w:r>', "30亿元"),
        "ruby": (f"<w:r><w:ruby><w:rt>{run('nán')}</w:rt><w:rubyBase>{run('南')}</w:rubyBase></w:ruby></w:r>", "南"),
        "hyphens": ("<w:r><w:t>23</w:t><w:noBreakHyphen/><w:t>24 in</w:t><w:softHyphen/><w:t>vest</w:t></w:r>", "23-24 invest"),
        "break": ("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>", "一\n二"),
        "no-break-space": (run("30\xa0亿元"), "30 亿元"),
        "formula": ("<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>8</m:t></m:r>"
                    "</m:sup></m:sSup></m:oMath>", "10^8"),
        "emoji": (run("🚀30亿元🚀"), "🚀30亿元🚀"),
    }  # fmt: skip
    for name, (markup, shown) in inline.items():
        one = _one(text)
        link = writer.external("hyperlink", "http://example.invalid").replace("rId9", "rId7")
        yield read(f"word/{name}.docx", word(paragraph(run(one), markup), relations=link), one + shown)
    one = _one(text)
    yield read("word/hidden.docx", word(paragraph(run(one), run("900亿元", "<w:vanish/>"))), one, warns="hidden_text")
    one = _one(text)
    yield read("word/not-hidden.docx", word(paragraph(run(one), run("。", '<w:vanish w:val="0"/>'))), one + "。")
    one, two = _one(text), _one(text)
    box = f"<w:r><w:pict><wps:txbx><w:txbxContent>{plain(two)}</w:txbxContent></wps:txbx></w:pict></w:r>"
    yield read("word/text-box.docx", word(paragraph(run(one), box)), f"{one}\n{two}")
    one, two = _one(text), _one(text)
    held = f"<w:sdt><w:sdtContent>{plain(one)}{table(('甲', '5'))}</w:sdtContent></w:sdt>"
    yield read("word/control-round-blocks.docx", word(held + plain(two)), f"{one}\n甲\t5\n{two}")
    one = _one(text)
    gone_row = f'<w:tbl><w:tr><w:trPr><w:del w:id="3"/></w:trPr>{cell("900")}</w:tr><w:tr>{cell("5")}</w:tr></w:tbl>'
    yield read("word/deleted-row.docx", word(plain(one) + gone_row), f"{one}\n5")


def _other_kinds(text: Numbered) -> Iterator[Case]:
    inside = body = writer.body(plain(text()))
    macros = writer.MAIN.replace(
        "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
    )
    yield refused("word/macros.docx", package(parts(inside, main=macros)), "format", "macros")
    yield refused("word/macros-hidden.docx", word(plain(text()), **{"vbaProject.bin": b"x"}), "format", "macros")
    sheet = writer.MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet")
    yield refused("word/workbook.docx", package(parts(inside, main=sheet)), "format", "Excel")
    slides = writer.MAIN.replace("wordprocessingml.document", "presentationml.presentation")
    yield refused("word/slides.docx", package(parts(inside, main=slides)), "format", "PowerPoint")
    yield refused("word/zip.docx", package({"a.txt": b"x"}), "format", "no Word document")
    yield refused("word/empty-zip.docx", package({}), "format", "no Word document")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    yield refused("word/old-kind.docx", ole, "format", "old kind")
    yield refused("word/locked.docx", ole + "EncryptedPackage".encode("utf-16-le") + bytes(99), "format", "password")
    yield refused("word/text.docx", text().encode(), "format", "no Word document")
    yield refused("word/pdf.docx", b"%PDF-1.7\n", "format", "a PDF document")
    yield refused("word/page.docx", b"<html><body>x</body></html>", "format", "no Word document")
    attached = word(plain(text()) + '<w:altChunk r:id="rId9"/>')
    yield refused("word/attached-text.docx", attached, "format", "attached file")
    yield refused("word/pictures-alone.docx", word("<w:p><w:r><w:drawing/></w:r></w:p>"), "empty", "OCR")
    strict = body.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    yield refused("word/strict.docx", package(parts(strict)), "format", "Strict")


def _broken(text: Numbered) -> Iterator[Case]:
    whole = word(plain(text()))
    for share in (10, 50, 90):
        yield refused(f"word/cut-at-{share}-percent.docx", whole[: len(whole) * share // 100], "format")
    flipped = bytearray(whole)
    at = whole.find(b"word/document.xml") + 60
    flipped[at : at + 20] = bytes(20)
    yield refused("word/damaged-part.docx", bytes(flipped), "format", "damaged")
    inside = parts(writer.body(plain(text())))
    for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
        yield refused(f"word/without-{name.strip('[]_./').split('/')[-1].split('.')[0].strip(']')}.docx",
                      package({part: data for part, data in inside.items() if part != name}), "format")  # fmt: skip
    yield refused(
        "word/xml-is-cut.docx", package(inside | {"word/document.xml": writer.body(plain(text()))[:300]}), "format"
    )
    yield refused("word/xml-is-text.docx", package(inside | {"word/document.xml": b"not at all"}), "format", "no XML")
    other = b"<?xml version='1.0'?><html><body><p>x</p></body></html>"
    yield refused("word/xml-is-a-page.docx", package(inside | {"word/document.xml": other}), "format")
    deep = "<w:sdt><w:sdtContent>" * 20_000 + plain(text()) + "</w:sdtContent></w:sdt>" * 20_000
    yield refused("word/deep.docx", word(deep), "format")
    locked = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(mark)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(mark, at + 4)
    yield refused("word/locked-parts.docx", bytes(locked), "format", "password")


def _outward(text: Numbered, canary: str) -> Iterator[Case]:
    for kind in ("attachedTemplate", "image", "oleObject", "frame", "subDocument"):
        one = _one(text)
        yield read(
            f"word/outward-{kind}.docx", word(plain(one), relations=writer.external(kind, f"{canary}/{kind}")), one
        )
    one = _one(text)
    yield read(
        "word/outward-file.docx", word(plain(one), relations=writer.external("image", "file:///etc/passwd")), one
    )
    types = {
        "entity": '<!DOCTYPE x [<!ENTITY a "900亿元">]>',
        "entity-of-a-file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        "entity-of-an-address": f'<!DOCTYPE x [<!ENTITY a SYSTEM "{canary}/docx-entity">]>',
        "type-of-an-address": f'<!DOCTYPE x SYSTEM "{canary}/docx-type">',
        "parameter-entity": f'<!DOCTYPE x [<!ENTITY % a SYSTEM "{canary}/docx-parameter"> %a;]>',
        "laughs": "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
            f"<!ENTITY {chr(98 + step)} '{f'&{chr(97 + step)};' * 10}'>" for step in range(9)) + "]>",
        "large-entity": f"<!DOCTYPE x [<!ENTITY a '{'x' * 50_000}'>]>",
    }  # fmt: skip
    for name, kind in types.items():
        inside = parts(writer.body(paragraph("<w:r><w:t>&a;</w:t></w:r>"), "<?xml version='1.0'?>" + kind))
        yield refused(f"word/{name}.docx", package(inside), "format", "document type")
    inside = parts(writer.body(plain(text())))
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        hidden = (
            writer.body("<w:p/>", f"<?xml version='1.0' encoding='utf-16'?>{types['entity']}").decode().encode(encoding)
        )
        yield refused(
            f"word/type-in-{encoding}.docx", package(inside | {"word/styles.xml": hidden}), "format", "document type"
        )
    other = b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE x+AD4-"
    yield refused("word/type-in-utf-7.docx", package(inside | {"word/styles.xml": other}), "format", "encoding")
    relations = inside["_rels/.rels"].replace(b"<Relationships", b"<!DOCTYPE x><Relationships")
    yield refused(
        "word/type-in-relations.docx", package(inside | {"_rels/.rels": relations}), "format", "document type"
    )


def _bombs(text: Numbered) -> Iterator[Case]:
    inside = parts(writer.body(plain(text())))
    yield refused(
        "word/ratio.docx", package(inside | {"word/media/a.bin": bytes(20_000_000)}), "parser_limit", "100 times"
    )
    many = {f"word/media/{number}.bin": b"" for number in range(2001)}
    yield refused("word/entries.docx", package(inside | many, level=1), "parser_limit", "2000")
    half = bytes(range(256)) * 2000
    large = {f"word/media/{number}.bin": half for number in range(400)}
    yield refused("word/size.docx", package(inside | large, level=1), "parser_limit", "unpacks to")
    paragraphs = writer.body("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 1_850_000)
    yield refused("word/xml-size.docx", package(inside | {"word/document.xml": paragraphs}, level=1), "parser_limit")
    lying = package(inside | {"word/media/a.bin": bytes(5_000_000)})
    yield refused("word/size-is-a-lie.docx", writer.says_less(lying, "word/media/a.bin", 10), "format", "damaged")
    nested = package({"inner.zip": package({"a": bytes(1000)})})
    yield refused(
        "word/archive-within.docx", package(inside | {"word/media/a.png": nested}), "format", "another archive"
    )
    yield refused(
        "word/gzip-within.docx",
        package(inside | {"word/media/a.bin": b"\x1f\x8b\x08" + bytes(99)}),
        "format",
        "another archive",
    )
    one = _one(text)
    chart = package(parts(writer.body(plain(one))) | {"word/embeddings/sheet.xlsx": nested})
    yield read("word/workbook-of-a-chart.docx", chart, one)
    twice = io.BytesIO(package(inside))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(twice, "a") as archive:
            archive.writestr(zipfile.ZipInfo("word/document.xml"), writer.body(plain("约900亿元")))
    yield refused("word/one-part-twice.docx", twice.getvalue(), "format", "two parts of one name")
    yield refused("word/leads-out.docx", package({"../../outside/x": b"x"}), "format", "no Word document")
