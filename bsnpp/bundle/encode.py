"""Encode new videos with the networks of a bundle."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from bsnpp.bundle.manifest import Manifest
from bsnpp.bundle.network_files import located_files
from bsnpp.core.commandline import log
from bsnpp.core.errors import Faults
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.files import Progress, listed_videos
from bsnpp.encoding.inputs import missing_extra
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.stream_settings import StreamEncoding
from bsnpp.reruns.code import digest_of
from bsnpp.stores.encoded import read_durations
from bsnpp.stores.tables import write_table

TABLE = "videos.tsv"
"""Table of the videos and their durations, beside the features."""


def encode_videos(
    manifest: Manifest,
    videos: str | Path,
    features: str | Path,
    networks: str | Path | None = None,
    device: Literal["cpu", "cuda"] = "cpu",
    progress: Progress = lambda videos, total: videos,
) -> dict[str, str]:
    """Encode the videos of a folder into all streams that a bundle reads.

    Parameters
    ----------
    manifest : Manifest
        Of the bundle, all of whose streams were made from videos.
    videos : str or Path
        Folder with one file per video.
    features : str or Path
        Folder to write: `<encoder>/<stream>.h5`, and `videos.tsv` with the durations.
    networks : str or Path, optional
        Folder with the files of the networks; default: where they were in training.
    device : {"cpu", "cuda"}
        Where the networks run.
    progress : callable
        Wraps the loop over the videos of each stream.

    Returns
    -------
    dict of str to str
        Score file of each outside classifier whose scores are logits of these networks.

    Raises
    ------
    UserError
        If a stream was not made from videos, a file of a network is missing or not that of the training, or
        videos cannot be encoded.
    """
    streams = {
        (encoder, one.name): one for encoder in manifest.used_encoders for one in manifest.encoders[encoder]
    }
    faults = Faults(
        "streams that were not made from videos",
        "Make their features as for the training, and use --features.",
    )
    faults.extend(
        f"{encoder}, stream {name}" for (encoder, name), one in streams.items() if one.network is None
    )
    faults.raise_if_any()
    try:
        from bsnpp.encoding.networks import stage
    except ModuleNotFoundError as error:
        raise missing_extra(error) from error
    files = located_files(manifest, networks)
    listed = listed_videos(videos)
    for (encoder, name), one in streams.items():
        if one.network is None:
            continue
        settings = StreamEncoding(
            network=_at(one.network, files),
            encoding=manifest.encoding or EncodingSettings(),
            device=device,
            threads=manifest.compute.threads,
            channels=one.channels,
        )
        weights = [Path(path) for path in settings.network.model.files]
        digest = digest_of(Path(stage.__file__), settings.model_dump_json(), weights)
        target = Path(features) / encoder / name
        scores = target.with_name(f"{name}.scores.json")
        _, partial = stage.encode_files(listed, f"{target}.h5", scores, digest, settings, progress)
        for fault in partial:
            log.warning("%s", fault)
    first = "/".join(next(iter(streams)))
    write_table(Path(features) / TABLE, read_durations(Path(features) / f"{first}.h5"))
    return {
        member.name: str(Path(features) / f"{'/'.join(member.stream)}.scores.json")
        for member in manifest.outside
        if member.stream is not None
    }


def _at(network: NetworkSettings, files: Mapping[str, str]) -> NetworkSettings:
    """Return a network with the places of its files."""
    model = network.model
    paths = {
        name: files[path] for name in ("weights", "classes") if (path := getattr(model, name)) is not None
    }
    return network.model_copy(update={"model": model.model_copy(update=paths)})
