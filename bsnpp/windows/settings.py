"""The section `windows` of the configuration."""

from bsnpp.windows.cells import CellSettings
from bsnpp.windows.cutting import CuttingSettings
from bsnpp.windows.snippet_settings import SnippetSettings


class WindowSettings(CuttingSettings, SnippetSettings):
    """Cut recordings of any length into windows of equal length (conventions 3).

    Only the configuration uses this class. Each stage gets the part that it reads.
    """

    @property
    def snippets(self) -> SnippetSettings:
        """The keys about snippets."""
        return self.part(SnippetSettings)

    @property
    def grid(self) -> CellSettings:
        """The keys about cells."""
        return self.part(CellSettings)

    @property
    def cutting(self) -> CuttingSettings:
        """The keys that decide which windows there are, and which instances they keep."""
        return self.part(CuttingSettings)
