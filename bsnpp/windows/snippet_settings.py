"""Settings of the snippets of recordings."""

from pydantic import Field

from bsnpp.core.settings import Settings


class SnippetSettings(Settings):
    """The time from one snippet of a recording to the next."""

    snippet_seconds: float = Field(
        gt=0, description="Time from one snippet of the features to the next [s]; the first one starts at 0"
    )
    mixed_rates: bool = Field(
        False,
        description="Whether the frame rate, and with it the time between snippets, differs between "
        "recordings. If so, the snippets of each recording are spread over its duration and resampled to "
        "`snippet_seconds`",
    )
