"""Encoded videos of a run that is not finished: one file for each, so that an interrupted run can resume."""

import hashlib
import io
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bsnpp.core.checksum_forms import TRAILER
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file


@dataclass(frozen=True)
class EncodedVideo:
    """Features of a video.

    Attributes
    ----------
    video : str
        Id without `v_`.
    features : np.ndarray
        float32 (t, D), one row per snippet.
    logits : np.ndarray or None
        Class logits of each snippet, float32 (t, K), if the network has a classifier.
    rate : float
        Frames per second that were sampled.
    seconds : float
        Length of the video [s]: see `bsnpp.encoding.events.Decoding.length`.
    coverage : float
        Decoded share of what the file claims, in [0, 1].
    """

    video: str
    features: np.ndarray
    logits: np.ndarray | None
    rate: float
    seconds: float
    coverage: float

    @property
    def attributes(self) -> dict[str, float]:
        """Numbers that are stored with the features."""
        return {"rate": self.rate, "seconds": self.seconds, "coverage": self.coverage}


class Parts:
    """A folder of encoded videos.

    Parameters
    ----------
    folder : str or Path
        The folder; what another digest left there is removed.
    digest : str
        Changes with everything but the videos that features depend on: code, settings, weights.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """

    def __init__(self, folder: str | Path, digest: str) -> None:
        self.folder = Path(folder)
        note = self.folder / "digest.txt"
        if self.folder.exists() and not (note.exists() and note.read_text(encoding="utf-8") == digest):
            shutil.rmtree(self.folder)
        with whole_file(note) as temporary:
            temporary.write_text(digest, encoding="utf-8")

    def read(self, video: str, source: Path) -> EncodedVideo | None:
        """Return an encoded video; None if it is not there or its file has changed."""
        try:
            data = checked_bytes(self._path(video, source), TRAILER)
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                return EncodedVideo(
                    video,
                    arrays["features"],
                    arrays.get("logits"),
                    *(float(arrays[name]) for name in ("rate", "seconds", "coverage")),
                )
        except (UserError, OSError, KeyError, ValueError, zipfile.BadZipFile):
            return None

    def write(self, encoded: EncodedVideo, source: Path) -> None:
        """Keep an encoded video.

        Raises
        ------
        UserError
            If the file cannot be written.
        """
        path = self._path(encoded.video, source)
        arrays = {"features": encoded.features, **{k: np.array(v) for k, v in encoded.attributes.items()}}
        if encoded.logits is not None:
            arrays["logits"] = encoded.logits
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        try:
            with checked_file(path, TRAILER) as temporary:
                temporary.write_bytes(buffer.getvalue())
        except OSError as error:
            raise UserError(f"{path}: cannot be written ({error.strerror}); check the disk") from error

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, video: str, source: Path) -> Path:
        """Return the file of a video, whose name changes with its source."""
        status = source.stat()
        key = f"{video}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}".encode()
        return self.folder / f"{hashlib.sha256(key).hexdigest()[:24]}.npz"
