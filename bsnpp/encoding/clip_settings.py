"""Settings of the clips of snippets."""

from pydantic import Field

from bsnpp.core.settings import Settings


class ClipSettings(Settings):
    """Where snippets lie in time, and which frames each of them shows."""

    rate: float | None = Field(
        None, gt=0, le=1000, description="Frames per second that are sampled; by default those of the video"
    )
    interval: int = Field(16, ge=1, description="Frames from one snippet to the next (sigma)")
    frames: int = Field(16, ge=1, le=1024, description="Frames of a clip, the part that a snippet shows")
    step: int = Field(1, ge=1, description="Frames from one frame of a clip to the next")
