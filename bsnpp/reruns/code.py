"""Which code makes a file: digests of every module that a script reaches.

A stage is made anew when its own code changes, and its code is its script, the scripts beside it that it
imports, and the modules of bsnpp that these import, directly or not. Comments, docstrings and the
descriptions of settings do not count.
"""

import ast
import hashlib
import importlib.util
import json
from functools import cache
from pathlib import Path

import grimp


def code_digest(path: Path) -> str:
    """Twelve hexadecimal digits that change with the code of a module, not with its words."""
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


def module_digests(script: Path) -> dict[str, str]:
    """Digest of a script, of the scripts that it imports, and of each module of bsnpp reached, by name.

    Parameters
    ----------
    script : Path
        A script that imports modules of bsnpp; packages on the way count too, since importing a module
        runs them.
    """
    graph = _import_graph()
    scripts = _with_siblings(script)
    direct = set.union(*(_imports_of(path) for path in scripts)) & graph.modules
    reached = direct.union(*(graph.find_upstream_modules(module) for module in direct))
    parents = {parent for module in reached for parent in _parents(module)}
    digests = {module: code_digest(_source_of(module)) for module in sorted(reached | parents)}
    return {**{f"scripts.{path.stem}": code_digest(path) for path in scripts}, **digests}


def digest_of(script: Path, settings: str, inputs: list[Path]) -> str:
    """One digest of what a checkpoint depends on: code, settings, and the inputs' sizes and times."""
    stamps = [(path.stat().st_size, path.stat().st_mtime_ns) for path in inputs]
    return hashlib.sha256(json.dumps([module_digests(script), settings, stamps]).encode()).hexdigest()


@cache
def _import_graph() -> grimp.ImportGraph:
    return grimp.build_graph("bsnpp", cache_dir=None)


@cache
def _source_of(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"{module} has no source file")
    return Path(spec.origin)


def _with_siblings(script: Path) -> list[Path]:
    """A script and those beside it that it imports, directly or not, in the order of their discovery."""
    found = [script]
    for path in found:
        siblings = (path.with_name(f"{name}.py") for name in sorted(_imports_of(path)) if "." not in name)
        found += [sibling for sibling in siblings if sibling not in found and sibling.exists()]
    return found


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def _imports_of(script: Path) -> set[str]:
    """Every dotted name that a script's import statements may mean."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(script.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names
