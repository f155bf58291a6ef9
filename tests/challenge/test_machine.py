"""The choice of the device: what torch and the driver can do, and what results depend on."""

import ctypes
from types import SimpleNamespace
from typing import Any

import pytest

from bsnpp.challenge import gpu, machine
from bsnpp.challenge.machine import MachineSettings

CPU_BUILD = "__version__ = '2.13.0+cpu'\ndebug = False\ncuda: Optional[str] = None\n"
CUDA_BUILD = "__version__ = '2.13.0'\ndebug = False\ncuda: Optional[str] = '12.6'\n"


def driver(code: int, gpus: int) -> Any:
    """Return an NVIDIA driver with some GPUs that answers with a return code."""

    def count(pointer: Any) -> int:
        pointer._obj.value = gpus
        return code

    return SimpleNamespace(cuInit=lambda flags: code, cuDeviceGetCount=count)


def test_a_build_of_torch_without_cuda_is_found() -> None:
    assert gpu.torch_fault(CPU_BUILD) == "torch 2.13.0+cpu is built without CUDA"
    assert gpu.torch_fault(CUDA_BUILD) is None
    assert gpu.torch_fault("") is None


@pytest.mark.parametrize(
    ("code", "gpus", "fault"),
    [(0, 1, None), (0, 0, "the NVIDIA driver shows no GPU"), (100, 1, "the NVIDIA driver shows no GPU")],
)
def test_the_driver_is_asked_for_gpus(
    code: int, gpus: int, fault: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: driver(code, gpus))
    assert gpu.driver_fault() == fault


def test_a_missing_driver_is_found() -> None:
    assert gpu.driver_fault("libnowhere.so.1") == "this machine has no NVIDIA driver"


@pytest.mark.parametrize(("fault", "device"), [(None, "cuda"), ("no GPU", "cpu")])
def test_auto_takes_a_gpu_if_torch_can_use_one(
    fault: str | None, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "gpu_fault", lambda: fault)
    settings = MachineSettings(device="auto", seed=3, threads=2)
    assert settings.chosen_device == device
    assert settings.of_results().model_dump() == {
        "device": device, "seed": 3, "threads": 2, "precision": "float32", "compile": False
    }  # fmt: skip


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_an_explicit_device_is_kept(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "gpu_fault", lambda: pytest.fail("the machine was examined"))
    assert MachineSettings.model_validate({"device": device}).of_results().device == device
