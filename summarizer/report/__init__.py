"""Views made from records alone: Markdown, CSV tables, the terminal. No model, no network, no engine.

`views.write_views` writes the asked-for files, `terminal` prints; the other modules give the text of one view each.
Everything that comes from an article or a model is escaped where it is shown (`characters`), and everything that is
not verified is marked so.
"""
