"""Run the command `bsnpp`: tools that need no workflow.

A verb is a module with a docstring, an `EXAMPLE`, and the functions `add_arguments` and `run`. To add one,
write the module and list it in `VERBS`. Only the module of the chosen verb is imported.
"""

import argparse
import difflib
import os
import sys
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import NamedTuple

from bsnpp.core.commandline import run
from bsnpp.core.errors import UserError


class Verb(NamedTuple):
    """Module of a verb, and what it does in one line."""

    module: str
    summary: str


VERBS = {
    "init": Verb("bsnpp.cli.init", "start a challenge: copy the smallest one"),
    "check": Verb("bsnpp.cli.check", "check the configuration of a challenge before a run"),
    "inspect": Verb("bsnpp.cli.inspect", "look at annotations, features and classifiers before a run"),
    "evaluate": Verb("bsnpp.cli.evaluate", "mAP of detections, as ActivityNet computes it"),
    "evaluate-proposals": Verb("bsnpp.cli.evaluate_proposals", "average recall (AR@AN) and AUC of proposals"),
    "compare": Verb("bsnpp.cli.compare", "which of two systems is better, and by how much"),
    "compare-runs": Verb("bsnpp.cli.compare_runs", "what differs between two runs: settings and scores"),
    "diagnose": Verb("bsnpp.cli.diagnose", "why a system fails: error types, missed instances, oracles"),
    "validate": Verb("bsnpp.cli.validate", "check a submission to the ActivityNet challenge"),
    "encode": Verb("bsnpp.cli.encode", "snippet features and class scores from video files"),
    "export": Verb("bsnpp.cli.export", "export a finished run as a bundle for new videos"),
    "predict": Verb("bsnpp.cli.predict", "detect actions in new videos with a bundle"),
}


def overview() -> str:
    """Return the help text of the command."""
    width = max(map(len, VERBS)) + 2
    verbs = "\n".join(f"  {name:<{width}}{verb.summary}" for name, verb in VERBS.items())
    return (
        "usage: bsnpp VERB ...\n\nTools for temporal action localization that need no workflow.\n\n"
        f"verbs:\n{verbs}\n\n"
        "bsnpp VERB --help shows the options of a verb, with an example.\n"
        "bsnpp --version shows the version."
    )


def read_command(arguments: list[str]) -> tuple[ModuleType, argparse.Namespace]:
    """Import the module of a verb and parse its options.

    Parameters
    ----------
    arguments : list of str
        The verb and its options, as typed after `bsnpp`.

    Raises
    ------
    UserError
        If there is no such verb.
    """
    name, *rest = arguments
    if name not in VERBS:
        similar = difflib.get_close_matches(name, VERBS, n=1)
        hint = f"did you mean {similar[0]!r}?" if similar else f"the verbs are {', '.join(VERBS)}"
        raise UserError(f"no verb {name!r}; {hint}")
    module = import_module(VERBS[name].module)
    parser = argparse.ArgumentParser(
        prog=f"bsnpp {name}",
        description=module.__doc__,
        epilog=f"example:\n  {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return module, parser.parse_args(rest)


def dispatch(arguments: list[str]) -> None:
    """Run one verb, or show the overview or the version.

    Parameters
    ----------
    arguments : list of str
        The verb and its options, as typed after `bsnpp`.

    Raises
    ------
    UserError
        If there is no such verb, or the verb raises it.
    """
    if not arguments or arguments[0] in ("-h", "--help"):
        print(overview())
    elif arguments[0] == "--version":
        print(f"bsnpp {version('bsnpp')}")
    else:
        module, options = read_command(arguments)
        module.run(options)


def main() -> None:
    """Run the command with the arguments of the process."""
    try:
        run(lambda: dispatch(sys.argv[1:]))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output, for example `head`, has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
