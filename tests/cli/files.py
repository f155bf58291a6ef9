"""Write small annotation and prediction files for the tests of the command."""

import json
from pathlib import Path
from typing import Any

ANNOTATIONS = {
    "database": {
        "t": {"subset": "training", "duration": 9.0, "annotations": [{"segment": [0, 1], "label": "fly"}]},
        "a": {
            "subset": "validation",
            "duration": 30.0,
            "annotations": [{"segment": [2, 10], "label": "run"}, {"segment": [15, 25], "label": "sit"}],
        },
        "b": {
            "subset": "validation",
            "duration": 20.0,
            "annotations": [{"segment": [5, 15], "label": "run"}],
        },
        "c": {"subset": "validation", "duration": 20.0, "annotations": []},
        "x": {"subset": "testing", "duration": 20.0},
    }
}

RESULTS: dict[str, list[dict[str, Any]]] = {
    "a": [
        {"label": "run", "score": 0.9, "segment": [2, 9]},
        {"label": "sit", "score": 0.8, "segment": [12, 25]},
        {"label": "sit", "score": 0.3, "segment": [2, 9]},
    ],
    "b": [{"label": "run", "score": 0.5, "segment": [0, 4]}],
    "c": [],
}


def write(path: Path, content: Any) -> Path:
    """Write text as it is, anything else as JSON."""
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def submission(results: Any) -> dict[str, Any]:
    """Wrap results as a submission to the challenge."""
    return {"version": "VERSION 1.3", "results": results, "external_data": {"used": False, "details": ""}}
