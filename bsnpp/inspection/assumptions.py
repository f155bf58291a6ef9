"""List what is assumed, by default or from the data: axes, clips, strides, kinds of scores."""

from collections.abc import Iterator

from bsnpp.challenge.plan import Plan
from bsnpp.inspection.streams import StreamInspection


def assumptions(plan: Plan) -> list[str]:
    """Return what the configuration assumes, one line each."""
    return list(_of_plan(plan))


def _of_plan(plan: Plan) -> Iterator[str]:
    challenge = plan.challenge
    given = challenge.model_fields_set
    if challenge.windows is None:
        by = "" if "rescaling" in given else " (default)"
        yield f"videos are rescaled to T cells by the method {challenge.rescaling.method}{by}"
    else:
        yield (
            f"recordings are cut into windows of {challenge.windows.length:g} s; a snippet every "
            f"{challenge.windows.snippet_seconds:g} s"
        )
    names = challenge.annotations.subset_names
    yield "subsets in the annotations: " + ", ".join(f"{key} = {name}" for key, name in names.items())
    if challenge.annotations.classes is None:
        yield "classes are the labels of the training subset (default; key `annotations.classes`)"
    for row in plan.classifiers:
        if row.source == "outside":
            turned = ", which become logits" if row.scores == "probabilities" else ""
            yield f"classifier {row.classifier}: the scores are {row.scores}{turned} (column `scores`)"
        elif row.source == "encoder":
            yield (
                f"classifier {row.classifier}: the channels of {row.encoder} are {row.scores} of background "
                "and the classes, in the order of the class list"
            )


def stream_assumptions(report: StreamInspection) -> list[str]:
    """Return what is assumed of a stream, one line each."""
    source = report.reader.source
    clip = "clips do not overlap" if source.clip == 1 else f"a clip spans {source.clip:g} strides"
    rate = report.rate
    stride = (
        f"a snippet every {1 / rate.median:.3g} s in {rate.share:.0%} of the videos"
        if rate.steady
        else f"{_unsteady(report)}, so lengths are not compared with durations"
    )
    axes = ", ".join(f"{how} ({len(videos):,})" for how, videos in sorted(report.orientations.items()))
    total = sum(flag != "missing" for flag in report.flags.values())
    lengths = report.measured + sum(flag == "unusable" for flag in report.flags.values())
    measured = "the lengths of all" if lengths == total else f"the lengths of {report.measured:,}"
    read = (
        f"all {total:,} videos were read"
        if report.sampled == total
        else f"{report.sampled:,} of {total:,} videos were read to find NaN, and {measured} (all: `bsnpp "
        "inspect --full`)"
    )
    return [f"{report.place}: {source.channels} channels, {axes or 'nothing read'}; {clip}; {stride}; {read}"]


def _unsteady(report: StreamInspection) -> str:
    lengths = set(report.lengths.values())
    return f"every video has {lengths.pop():,} snippets" if len(lengths) == 1 else "no steady rate"
