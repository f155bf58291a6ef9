"""The model card of a bundle."""

from bsnpp.bundle.manifest import BundledMember, Manifest, Measured
from bsnpp.bundle.videos import reading_name
from bsnpp.core.wording import counted

CLASSIFIERS = ["classifier", "source", "encoders", "weight", "temperature"]
SHOWN = 20
"""Classes that are listed by name."""


def model_card(manifest: Manifest) -> str:
    """Describe a bundle in Markdown: what it is, what it needs, how good it is, how to run it."""
    sections = [
        f"# {manifest.challenge}: {manifest.variant}",
        "Temporal action detection in untrimmed videos: from snippet features to labelled segments. Exported "
        "by bsnpp, an implementation of BSN++ and of the submission to the ActivityNet Challenge 2020 "
        "(Su et al., 2020).",
        *_inputs(manifest),
        *_system(manifest),
        *_scores(manifest),
        *_usage(manifest),
    ]
    return "\n\n".join(sections) + "\n"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _inputs(manifest: Manifest) -> list[str]:
    rows = [
        [encoder, stream.name, str(stream.channels), f"{stream.clip:g}"]
        for encoder in manifest.used_encoders
        for stream in manifest.encoders[encoder]
    ]
    sections = [
        "## What it needs",
        "Snippet features of each encoder and stream, made with the same networks and at the same stride as "
        "those that it was trained on, and the duration of each video [s].",
        _table(["encoder", "stream", "channels", "clip length / stride"], rows),
    ]
    if manifest.outside:
        names = ", ".join(f"{member.name} ({member.scores})" for member in manifest.outside)
        sections.append(f"Class scores of each video from classifiers that are not part of it: {names}.")
    return sections


def _system(manifest: Manifest) -> list[str]:
    rows = [
        [generator.name, _named(member), f"{member.weight:.3f}", generator.score]
        for generator in manifest.generators
        for member in generator.members
    ]
    classifiers = [
        [
            member.name,
            member.source,
            reading_name(member.encoders),
            f"{member.weight:.3f}",
            f"{member.temperature:.3g}",
        ]
        for member in manifest.panel
    ]
    names = ", ".join(manifest.classes[:SHOWN]) + (", ..." if len(manifest.classes) > SHOWN else "")
    return [
        "## What it is made of",
        *_parts(manifest),
        *([_table(["generator", "member", "weight", "score"], rows)] if rows else []),
        *(
            [_table(["classifier", "source", "encoders", "weight", "temperature"], classifiers)]
            if classifiers
            else []
        ),
        f"{counted(len(manifest.classes), 'class', 'classes')}: {names}.",
        *([f"External data: {manifest.external_data}"] if manifest.external_data else []),
        "Trained on the training subset of the challenge; weights, temperatures and calibrations were fitted "
        "on its validation subset.",
    ]


def _named(member: BundledMember) -> str:
    return f"{member.name} (calibrated)" if member.calibration else member.name


def _parts(manifest: Manifest) -> list[str]:
    """Describe how recordings are cut, and what the recogniser does."""
    sections = []
    if manifest.windows is not None:
        sections.append(
            f"Recordings are cut into windows of {manifest.windows.length:g} s, one every "
            f"{manifest.windows.step:g} s. Snippets are {manifest.windows.snippet_seconds:g} s apart."
        )
    if manifest.recogniser is not None:
        labelled = "proposals of the generators" if manifest.generators else "windows of many lengths"
        sections.append(
            f"A recogniser labels, scores and refines {labelled}, from the features of "
            f"{reading_name(manifest.recogniser.encoders)}. It is the mean of a small network, trees and a "
            "logistic regression."
        )
    return sections


def _scores(manifest: Manifest) -> list[str]:
    if not manifest.measured:
        return []
    rows = [[subset, *_row(measured)] for subset, measured in manifest.measured.items()]
    columns = ["subset", "videos", "instances", "average mAP [%]", "mAP [%] at each tIoU"]
    note = "In brackets: 95 % interval over the videos of the subset."
    intervals = any(measured.interval for measured in manifest.measured.values())
    return ["## Measured scores", _table(columns, rows), *([note] if intervals else [])]


def _row(measured: Measured) -> list[str]:
    by_threshold = ", ".join(
        f"{threshold:g}: {100 * score:.1f}"
        for threshold, score in zip(measured.tiou_thresholds, measured.map, strict=True)
    )
    average = f"{100 * measured.average_map:.2f}"
    if measured.interval is not None:
        average += " ({:.2f} to {:.2f})".format(*(100 * bound for bound in measured.interval))
    return [str(measured.videos), str(measured.instances), average, by_threshold]


def _usage(manifest: Manifest) -> list[str]:
    scores = "".join(f" --scores {member.name}={member.name}.json" for member in manifest.outside)
    versions = ", ".join(f"{name} {number}" for name, number in manifest.versions.items())
    return [
        "## How to run it",
        *_from_videos(manifest),
        f"```bash\nbsnpp predict BUNDLE --features FEATURES --durations videos.tsv{scores} "
        "--output detections.json\n```",
        "`FEATURES` holds a folder or HDF5 file for each stream, `FEATURES/<encoder>/<stream>`; `videos.tsv` "
        "has the columns video and duration.",
        f"Made with {versions}. Other versions may differ in the last digits.",
    ]


def _from_videos(manifest: Manifest) -> list[str]:
    """Describe how to run it on video files, if its features were made from videos."""
    streams = [stream for encoder in manifest.used_encoders for stream in manifest.encoders[encoder]]
    if not all(stream.network for stream in streams):
        return []
    given = [member for member in manifest.outside if member.stream is None]
    scores = "".join(f" --scores {member.name}={member.name}.json" for member in given)
    rows = [[path, checksum] for path, checksum in manifest.networks.items()]
    return [
        "On video files, which are encoded like those of the training. The networks are not in the bundle: "
        "`--networks FOLDER` names the folder of these files.",
        *([_table(["file", "SHA-256"], rows)] if rows else []),
        f"```bash\nbsnpp predict BUNDLE --videos VIDEOS{scores} --output detections.json\n```",
        "On features:",
    ]
