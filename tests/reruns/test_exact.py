"""A new default of any settings, or an edit of any file format, reruns exactly the rules that read it.

The tables of `tests/reruns/rules.py` list, for every class of settings and every module of `bsnpp.stores`,
the rules whose parameters contain the digest of its module. If your edit changes a table, first ask whether
the rule really reads the settings or the format. If not, move the settings or the import; if so, update the
table.
"""

import importlib
import pkgutil
import re
from functools import cache

import pytest

import bsnpp
from bsnpp.core.settings import Settings
from bsnpp.models.settings import ARCHITECTURES
from bsnpp.reruns.code import module_digests
from tests.paths import ROOT, SCRIPTS
from tests.reruns.rules import SETTINGS, STORES

CODE = re.compile(r'\*\*(network_)?code\("([\w/]+)"(,)?')
"""Where a rule takes digests as parameters: name of the script, and whether it loads networks by name."""


@cache
def rules_by_module() -> dict[str, set[str]]:
    """List the rules whose parameters contain the digest of each module."""
    networks = [kind.network_module() for kind in ARCHITECTURES.values()]
    rules: dict[str, set[str]] = {}
    for path in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for rule in re.split(r"\n *rule ", path.read_text())[1:]:
            for by_name, script, more in CODE.findall(rule):
                loaded = networks if by_name or more else []
                for module in module_digests(SCRIPTS / f"{script}.py", *loaded):
                    rules.setdefault(module, set()).add(rule.split(":", 1)[0])
    return rules


def rules_of(module: str) -> str:
    """List the rules that an edit of a module of bsnpp reruns, separated by spaces."""
    return " ".join(sorted(rules_by_module().get(f"bsnpp.{module}", ())))


def subclasses(kind: type[Settings]) -> set[type[Settings]]:
    """List all subclasses, direct and indirect."""
    direct = set(kind.__subclasses__())
    return direct.union(*map(subclasses, direct))


@cache
def settings_classes() -> dict[str, str]:
    """Map the full name of every settings class of bsnpp to its module, both without `bsnpp.`."""
    for module in pkgutil.walk_packages(bsnpp.__path__, "bsnpp."):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:  # an optional library
            if error.name is None or error.name.startswith("bsnpp"):
                raise
    modules = {f"{kind.__module__}.{kind.__qualname__}": kind.__module__ for kind in subclasses(Settings)}
    return {
        name.removeprefix("bsnpp."): module.removeprefix("bsnpp.")
        for name, module in modules.items()
        if name.startswith("bsnpp.")
    }


def test_every_rule_is_named_like_its_script() -> None:
    """Otherwise the tables would have to name scripts."""
    for name, rules in rules_by_module().items():
        if name.startswith("scripts."):
            assert rules == {name.removeprefix("scripts.")}


def test_the_tables_are_complete() -> None:
    assert sorted(SETTINGS) == sorted(settings_classes())
    stores = {path.stem for path in (ROOT / "bsnpp/stores").glob("*.py")} - {"__init__"}
    assert sorted(STORES) == sorted(stores)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_new_default_reruns_exactly_the_rules_that_read_it(name: str) -> None:
    assert rules_of(settings_classes()[name]) == SETTINGS[name]


@pytest.mark.parametrize("name", STORES)
def test_an_edited_format_reruns_exactly_the_rules_that_use_it(name: str) -> None:
    assert rules_of(f"stores.{name}") == STORES[name]
