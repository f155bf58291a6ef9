"""Write HTML: tables, figures, sections, and a page that needs no other file and no network."""

import base64
import html
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bsnpp.core.errors import UserError

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 68rem;
       margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: #555; padding-bottom: .3rem; }
th, td { padding: .18rem .5rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top;
         white-space: nowrap; }
th { border-bottom: 1px solid #777; white-space: normal; }
.number { text-align: right; }
.chosen td { font-weight: 600; background: #eef4fb; }
.scroll { overflow-x: auto; }
figure { margin: 1rem 0; break-inside: avoid; }
img { max-width: 100%; height: auto; }
figcaption { color: #555; }
.video svg { width: 100%; height: auto; max-width: 60rem; }
.video [data-tip] { cursor: help; }
.tip { position: fixed; z-index: 9; max-width: 24rem; padding: .25rem .5rem; font-size: 13px; color: #fff;
       background: #1a1a1a; border-radius: 3px; pointer-events: none; }
summary { cursor: pointer; padding: .2rem 0; }
.answer { font-size: 1.15rem; }
nav ol { columns: 2; padding-left: 1.4rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f6; padding: .6rem; font-size: 12px; }
a { color: #0b5394; }
@media print { body { padding: 0; max-width: none; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""

PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>$title</title>
<style>$style</style>
</head>
<body>
<header>
<h1>$title</h1>
$first
<nav aria-label="Contents">
<h2>Contents</h2>
<ol>
$contents
</ol>
</nav>
</header>
<main>
$sections
</main>
$script</body>
</html>
""")


class Section(NamedTuple):
    """A section of a page: its anchor, its title, and its content as HTML."""

    anchor: str
    title: str
    content: str


def escape(value: Any) -> str:
    """Return a text with the special characters of HTML escaped."""
    return html.escape(str(value))


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph of plain text, with an optional class."""
    return f"<p{_class(kind)}>{escape(text)}</p>\n"


def items(texts: Iterable[str]) -> str:
    """Return a list of plain texts."""
    return "<ul>\n" + "".join(f"<li>{escape(text)}</li>\n" for text in texts) + "</ul>\n"


def preformatted(text: str) -> str:
    """Return a text with its own lines."""
    return f"<pre>{escape(text)}</pre>\n"


def folded(title: str, content: str, opened: bool = False) -> str:
    """Return HTML that is hidden, or at first shown, and that a click on its title shows or hides."""
    return f"<details{' open' if opened else ''}><summary>{escape(title)}</summary>\n{content}</details>\n"


def table(frame: pd.DataFrame, caption: str, decimals: int = 2, chosen: Sequence[bool] = ()) -> str:
    """Return a table.

    Parameters
    ----------
    frame : pd.DataFrame
        The column names are the header. Numbers are aligned to the right; missing values are empty cells.
    caption : str
        What it shows, with units.
    decimals : int
        Decimals of every float.
    chosen : sequence of bool
        Which rows are emphasised; empty: none.
    """
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame]
    kinds = ["number" if number else "" for number in numeric]
    head = "".join(
        f'<th scope="col"{_class(kind)}>{escape(name)}</th>' for name, kind in zip(frame, kinds, strict=True)
    )
    rows = []
    for index, row in enumerate(frame.itertuples(index=False, name=None)):
        cells = "".join(
            f"<td{_class(kind)}>{escape(_cell(value, decimals))}</td>"
            for value, kind in zip(row, kinds, strict=True)
        )
        kind = "chosen" if len(chosen) and chosen[index] else ""
        rows.append(f"<tr{_class(kind)}>{cells}</tr>\n")
    return (
        f'<div class="scroll"><table>\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table></div>\n"
    )


def _cell(value: Any, decimals: int) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float | np.floating):
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)


def figure(path: str | Path, alternative: str, caption: str) -> str:
    """Return a figure with the PNG file inside.

    Parameters
    ----------
    path : str or Path
        The PNG file.
    alternative : str
        What it shows, for readers who cannot see it.
    caption : str
        Text below the figure.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    try:
        data = base64.b64encode(Path(path).read_bytes()).decode("ascii")
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); run the workflow again") from error
    image = f'<img src="data:image/png;base64,{data}" alt="{escape(alternative)}">'
    return f"<figure>\n{image}\n<figcaption>{escape(caption)}</figcaption>\n</figure>\n"


def page(title: str, first: str, sections: Sequence[Section], script: str = "") -> str:
    """Return a whole page: a title, a first part, a table of contents, sections, and a script."""
    contents = "\n".join(f'<li><a href="#{part.anchor}">{escape(part.title)}</a></li>' for part in sections)
    body = "".join(
        f'<section id="{part.anchor}">\n<h2>{escape(part.title)}</h2>\n{part.content}</section>\n'
        for part in sections
    )
    return PAGE.substitute(
        title=escape(title),
        style=STYLE,
        first=first,
        contents=contents,
        sections=body,
        script=f"<script>{script}</script>\n" if script else "",
    )


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
