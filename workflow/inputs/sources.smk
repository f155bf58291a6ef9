# Files of the user: their fingerprints, instead of their modification times, trigger reruns.
from functools import cache

from bsnpp.annotations.ground_truth import subset_videos
from bsnpp.core.commandline import progress
from bsnpp.features.settings import StreamSource
from bsnpp.features.used_files import UsedFiles
from bsnpp.reruns.digests import Digests
from bsnpp.reruns.sources import Fingerprints

USED_FILES = UsedFiles()


def with_progress(files, total):
    return progress(files, total, "files read for fingerprints") if total >= 1000 else files


@cache
def fingerprinter():
    """Return what makes fingerprints. Only jobs may ask for it: before, a dry run looks like a run.

    A dry run creates no folder, and before the first run it reads no sources: everything is computed,
    whatever their fingerprints are.
    """
    digests = Digests(f"{RESULTS}/.fingerprints.json", new_folder=not workflow.dryrun)
    return Fingerprints(
        digests,
        CHALLENGE.features.fingerprint,
        read_new=not workflow.dryrun or os.path.isdir(RESULTS),
        progress=with_progress,
    )


def source(path):
    """Return a source as an input whose fingerprint, not its modification time, triggers reruns."""
    return path if PLAN.is_made(path) else ancient(path)


def fingerprint(path, files=None):
    """Return the fingerprint of a source, or of some of its files.

    Only the process that plans the run compares and records fingerprints, so that jobs on other machines
    read nothing.
    """
    if not workflow.is_main_process:
        return f"{path}: see the main process"
    if files is None:
        return or_exit(fingerprinter().of_source, path)
    return or_exit(fingerprinter().of_files, path, files)


def fingerprints(paths):
    """Return the fingerprint of each source that the user provides, with all of its files."""
    return [fingerprint(path) for path in paths if not PLAN.is_made(path)]


@cache
def known_videos(subset):
    """Return the videos of a subset with their durations; None if the workflow makes the annotations."""
    annotations = annotation_settings(subset)
    if any(PLAN.is_made(path) for path in annotations.paths.values()):
        return None
    return or_exit(subset_videos, annotations, "training" if subset == "pretraining" else subset)


def videos_of(subsets, scale=None):
    """Return the videos of some subsets, at one scale or at any; None if they are unknown before the run."""
    known = {subset: known_videos(subset) for subset in subsets}
    if None in known.values():
        return None
    ranges = {
        subset: [(0.0, None)] if scale is None else PLAN.durations_at(int(scale), subset) for subset in known
    }
    return [
        video
        for subset, durations in known.items()
        for video, duration in durations.items()
        if any(low <= duration and (high is None or duration < high) for low, high in ranges[subset])
    ]


@cache
def stream_fingerprint(stream, subsets, scale):
    videos = videos_of(subsets, scale)
    if videos is None or not os.path.exists(stream.path):
        return fingerprint(stream.path)
    return fingerprint(stream.path, or_exit(USED_FILES.of_videos, stream, videos))


def stream_fingerprints(streams, subsets, scale=None):
    """Return the fingerprint of each stream that the user provides, with the files of videos that are used."""
    sources = [StreamSource.model_validate(dict(stream)) for stream in streams]
    return [
        stream_fingerprint(stream, tuple(subsets), scale)
        for stream in sources
        if not PLAN.is_made(stream.path)
    ]


@cache
def video_fingerprints(folder, subsets):
    """Return the fingerprint of a folder with the files of the videos that are used, in a list."""
    from bsnpp.encoding.files import files_of

    videos = videos_of(subsets)
    if PLAN.is_made(folder):
        return []
    files = None if videos is None else [str(path) for path in files_of(folder, videos)]
    return [fingerprint(folder, files)]
