"""Notes on the elements of an SVG file: texts that appear when the pointer is over them."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from matplotlib.figure import Figure

from bsnpp.core.files import whole_file
from bsnpp.reporting.style import svg_bytes

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


class Note(NamedTuple):
    """A note on one element.

    Attributes
    ----------
    title : str
        Text that a browser shows.
    data : mapping of str to str
        Further attributes; the names get the prefix `data-`.
    """

    title: str
    data: Mapping[str, str] = {}


def save_with_notes(figure: Figure, notes: Mapping[str, Note], alternative: str, path: str | Path) -> None:
    """Write a figure as SVG with notes. The same figure always gives the same bytes.

    Parameters
    ----------
    figure : Figure
        The figure.
    notes : mapping of str to Note
        Notes by the id (`gid`) of an artist; an id that was not drawn is skipped.
    alternative : str
        Text for readers who cannot see the figure.
    path : str or Path
        File to write.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(svg_bytes(figure))
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    root.set("role", "img")
    root.set("aria-label", alternative)
    for element in root.iter(f"{{{SVG}}}g"):
        note = notes.get(element.get("id", ""))
        if note is not None:
            title = ElementTree.Element(f"{{{SVG}}}title")
            title.text = note.title
            element.insert(0, title)
            for name, value in note.data.items():
                element.set(f"data-{name}", value)
    with whole_file(path) as temporary:
        temporary.write_bytes(ElementTree.tostring(root, encoding="utf-8") + b"\n")
