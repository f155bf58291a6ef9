"""Files of the networks that encode the videos of a bundle: outside it, known by their checksums."""

import hashlib
from pathlib import Path

from bsnpp.bundle.manifest import Manifest
from bsnpp.core.errors import Faults


def network_files(manifest: Manifest) -> list[str]:
    """List the files of the networks of all used encoders, each once."""
    streams = [stream for encoder in manifest.used_encoders for stream in manifest.encoders[encoder]]
    networks = [stream.network for stream in streams if stream.network is not None]
    return sorted({path for network in networks for path in network.model.files})


def located_files(manifest: Manifest, folder: str | Path | None) -> dict[str, str]:
    """Find the files of the networks, and check that they are those of the training.

    Parameters
    ----------
    manifest : Manifest
        Lists the files and their checksums.
    folder : str or Path, optional
        Folder that holds them, by their names; default: where they were in training.

    Returns
    -------
    dict of str to str
        Path of each file, by its path in training.

    Raises
    ------
    UserError
        With every file that is missing or not that of the training.
    """
    faults = Faults("files of the networks", "Name the folder that holds them by --networks.")
    located = {}
    for path in network_files(manifest):
        place = Path(path) if folder is None else Path(folder) / Path(path).name
        expected = manifest.networks.get(path, "")
        try:
            with place.open("rb") as file:
                checksum = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            faults.add(f"{place}: cannot be read ({error.strerror}); its SHA-256 is {expected}")
            continue
        if checksum != expected:
            faults.add(f"{place}: not the file of the training; expected the SHA-256 {expected}")
        located[path] = str(place)
    faults.raise_if_any()
    return located
