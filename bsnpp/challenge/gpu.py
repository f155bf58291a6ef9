"""Find out whether torch can use a GPU of this machine, without importing torch."""

import ctypes
import functools
import re
from importlib.util import find_spec
from pathlib import Path

VERSION = re.compile(r"^__version__ *= *'([^']*)'", re.M)
CUDA = re.compile(r"^cuda\b[^=\n]*= *(\S+)", re.M)


@functools.cache
def gpu_fault() -> str | None:
    """Return why torch cannot use a GPU; None if it can.

    If torch is not installed, as when rules run in environments of their own, only the driver is checked.
    """
    spec = find_spec("torch")
    version = Path(spec.origin).with_name("version.py") if spec and spec.origin else None
    if version is not None and version.is_file():
        fault = torch_fault(version.read_text(encoding="utf-8"))
        if fault:
            return fault
    return driver_fault()


def torch_fault(version: str) -> str | None:
    """Return a fault if torch is built without CUDA, from the text of its `version.py`.

    Examples
    --------
    >>> torch_fault("__version__ = '2.13.0+cpu'\\ncuda: Optional[str] = None")
    'torch 2.13.0+cpu is built without CUDA'
    """
    name, cuda = VERSION.search(version), CUDA.search(version)
    if cuda is None or cuda.group(1) != "None":
        return None
    return f"torch {name.group(1) if name else ''} is built without CUDA"


def driver_fault(library: str = "libcuda.so.1") -> str | None:
    """Ask the NVIDIA driver for its GPUs; it respects `CUDA_VISIBLE_DEVICES`.

    Parameters
    ----------
    library : str
        Shared library of the driver.
    """
    try:
        driver = ctypes.CDLL(library)
    except OSError:
        return "this machine has no NVIDIA driver"
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0 or count.value == 0:
        return "the NVIDIA driver shows no GPU"
    return None
