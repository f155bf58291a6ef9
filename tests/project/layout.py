"""Count what the layout of the project promises: `python -m tests.project.layout` prints the numbers."""

import re
import subprocess
from itertools import combinations
from pathlib import Path

import grimp

from tests.paths import ROOT, SCRIPTS

FORBIDDEN = re.compile(
    r"(?<![a-z])(told|tells|stands?(?!_to_)|anew|thereof|whereby|of which|mends?|bears?)(?![a-z])"
    r"|(?<![\w.])found(?= *(=|:|\.|\[|,| in [a-z]+:))",
    re.IGNORECASE,
)
"""Words that the style avoids; `stand_to_sit` is a class of HAPT."""
CODE = {".py", ".smk"}
TEXT = {*CODE, ".md", ".yaml", ".yml", ".toml", ".rst", ".tsv", ""}
GENERATED = {"config/README.md", "workflow/schemas/config.schema.json", "constraints.txt"}


def tracked_files() -> list[Path]:
    """Return the files of the project that are under version control."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in done.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


def lines_of(path: Path) -> int:
    """Return the number of lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def long_scripts(limit: int = 60) -> list[str]:
    """List the scripts with more lines than a limit."""
    return [path.stem for path in sorted(SCRIPTS.glob("*/*.py")) if lines_of(path) > limit]


def long_files(limit: int = 255) -> list[str]:
    """List the source files with more lines than a limit."""
    names = {"Snakefile", "Makefile"}
    files = [path for path in tracked_files() if path.suffix in CODE or path.name in names]
    return [str(path.relative_to(ROOT)) for path in files if lines_of(path) > limit]


class Rooms:
    """The packages of the library and the imports between them, without those for type checking."""

    def __init__(self) -> None:
        graph = grimp.build_graph("bsnpp", exclude_type_checking_imports=True, cache_dir=None)
        modules = graph.modules
        self.names = sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("bsnpp/**/__init__.py"))
        self.packages = {".".join(name.parts) for name in self.names} - {"bsnpp"}
        self.arrows = {
            (self.room(importer), self.room(imported))
            for importer in modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self.room(importer) != self.room(imported)
        }

    def room(self, module: str) -> str:
        """Return the package that a module is in."""
        while module not in self.packages and "." in module:
            module = module.rpartition(".")[0]
        return module

    def reachable(self, start: str) -> set[str]:
        """Return the packages that a package imports, directly or not."""
        reached: set[str] = set()
        waiting = [start]
        while waiting:
            room = waiting.pop()
            following = {imported for importer, imported in self.arrows if importer == room} - reached
            reached |= following
            waiting += following
        return reached

    def circles(self) -> list[tuple[str, str]]:
        """List the pairs of packages that import each other, directly or not."""
        reached = {name: self.reachable(name) for name in self.packages}
        pairs = combinations(sorted(self.packages), 2)
        return [(one, other) for one, other in pairs if one in reached[other] and other in reached[one]]


def forbidden_words() -> list[str]:
    """List the lines with words that the style of the project avoids."""
    uses = []
    for path in tracked_files():
        if path.suffix in TEXT and path != Path(__file__) and path.name != "LICENSE":
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines, start=1):
                place = f"{path.relative_to(ROOT)}:{number}"
                uses += [f"{place}: {use.group(0)}" for use in FORBIDDEN.finditer(line)]
    return uses


def main() -> None:
    """Print every count, and the places behind those that should be zero."""
    rooms = Rooms()
    print(f"rooms: {len(rooms.packages)}, import arrows: {len(rooms.arrows)}")
    zeros = {
        "import circles": [" <-> ".join(pair) for pair in rooms.circles()],
        "scripts over 60 lines": long_scripts(),
        "files over 255 lines": long_files(),
        "uses of words to avoid": forbidden_words(),
    }
    for name, places in zeros.items():
        print("\n  ".join([f"{name}: {len(places)}", *places]))


if __name__ == "__main__":
    main()
