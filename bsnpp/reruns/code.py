"""Compute digests of the code of each script, so that a stage is rerun exactly when its own code changes.

The code of a stage is its script and all modules of bsnpp that the script imports, directly or indirectly.
Comments, docstrings, descriptions of settings and imports for type checkers do not count.
"""

import ast
import hashlib
import importlib.util
import json
from functools import cache
from pathlib import Path

import grimp

from bsnpp.core.files import content_digest


def code_digest(path: Path) -> str:
    """Return a digest of the code of one module: 12 hexadecimal digits."""
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_string(body[0]):
            del body[0]  # a docstring
        if isinstance(node, ast.Call):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "description"]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:12]


def _is_string(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def module_digests(script: Path, *loaded: str, root: Path | None = None) -> dict[str, str]:
    """Return the digest of each module that a script runs, by name.

    These are the script itself, the modules of bsnpp that it imports, directly or indirectly, and the
    packages of these modules.

    Parameters
    ----------
    script : Path
        File of the script.
    *loaded : str
        Modules of bsnpp that the script loads by a computed name instead of an import statement.
    root : Path, optional
        Folder of the copy of the package that the script imports, if not that of this process.
    """
    modules = sorted(_modules_of(script, loaded))
    digests = {name: _digest_of(name, root) for name in modules}
    return {f"scripts.{script.stem}": code_digest(script), **digests}


def digest_of(script: Path, settings: str, inputs: list[Path], *loaded: str) -> str:
    """Return a digest of all that a checkpoint depends on: code, settings and content of the inputs.

    Parameters
    ----------
    script : Path
        Script that writes the checkpoint.
    settings : str
        Its settings as JSON.
    inputs : list of Path
        Files that it reads; a copy with the same content has the same digest.
    *loaded : str
        See `module_digests`.
    """
    contents = [content_digest(path) for path in inputs]
    digests = module_digests(script, *loaded)
    return hashlib.sha256(json.dumps([digests, settings, contents]).encode()).hexdigest()


@cache
def _import_graph() -> grimp.ImportGraph:
    return grimp.build_graph("bsnpp", exclude_type_checking_imports=True, cache_dir=None)


@cache
def _digest_of(module: str, root: Path | None) -> str:
    if root is not None:
        path = root.joinpath(*module.split("."))
        return code_digest(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"{module} has no source file")
    return code_digest(Path(spec.origin))


def _modules_of(script: Path, loaded: tuple[str, ...]) -> set[str]:
    graph = _import_graph()
    direct = _imports_of(script) & graph.modules | set(loaded)
    reached = direct.union(*(graph.find_upstream_modules(module) for module in direct))
    return reached.union(*(_packages_of(module) for module in reached))


def _packages_of(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def _imports_of(script: Path) -> set[str]:
    """List every dotted name that the import statements of a script may refer to."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(script.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names
