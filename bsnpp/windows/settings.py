"""TODO bsnpp.windows.settings."""

from pydantic import Field

from bsnpp.core.settings import Settings


class SnippetSettings(Settings):
    """Where the snippets of a recording stand in time."""

    snippet_seconds: float = Field(
        gt=0, description="Seconds from one snippet of the source to the next; the first begins at 0."
    )
    mixed_rates: bool = Field(
        False,
        description="Whether recordings have frame rates, and so seconds between snippets, of their own: the "
        "snippets of each are then spread over its duration, and brought to `snippet_seconds`.",
    )


class WindowSettings(SnippetSettings):
    """How recordings of any length are cut into windows of equal length (conventions 3)."""

    cells: int = Field(64, ge=4, description="T, cells of a window.")
    cell_seconds: float = Field(0.8, gt=0, description="Seconds of one cell.")
    overlap: float = Field(
        0.75,
        ge=0,
        lt=1,
        description="Share of a window that the next one holds too; instances up to this share of a window "
        "lie whole in some window.",
    )
    keep_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Share of an instance that must lie inside a window for the window to keep it, cut.",
    )

    @property
    def snippets(self) -> SnippetSettings:
        """The part that everything needs which is not cut into windows."""
        return SnippetSettings(snippet_seconds=self.snippet_seconds, mixed_rates=self.mixed_rates)

    @property
    def length(self) -> float:
        """l_w, seconds of a window."""
        return self.cells * self.cell_seconds

    @property
    def step(self) -> float:
        """Seconds from the start of a window to that of the next."""
        return (1 - self.overlap) * self.length
