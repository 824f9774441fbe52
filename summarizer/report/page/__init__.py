"""report.html: a batch of records as one page that needs nothing but itself, offline and from the file system.

`render_page` gives the page, `page_parts` the same piece by piece, `page_link` the address of an article or item in it.
"""

from summarizer.report.page.keys import page_link
from summarizer.report.page.render import page_parts, render_page

__all__ = ["page_link", "page_parts", "render_page"]
