"""Settings of the fingerprints of users' files."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings

Mode = Literal["changed", "content", "times"]


class FingerprintSettings(Settings):
    """How changes of the files that the user provides are detected."""

    fingerprint: Mode = Field(
        "changed",
        description="What triggers a rerun when a file of the user changes. `changed`: its content, which is "
        "read again if size, time or inode changed; `content`: its content, which is read at every start, "
        "for file systems with wrong times; `times`: its size and time, for files that take too long to be "
        "read once. It applies to features, videos, scores, groups and all other files of the user; "
        "of folders, only the files of used videos count",
    )
