"""Public networks by name: architecture, clips, images and flow as they were published.

Sources: the scripts of tsn-pytorch (BN-Inception: BGR in [0, 255], only the mean subtracted; flow in stacks
of five), of temporal-shift-module and TIN (8 frames), of PySlowFast (8 x 8: 32 frames, every second one) and
of pseudo-3d-pytorch (16 frames of 160 pixels).
"""

from typing import Any

Preset = dict[str, dict[str, Any]]
"""Sections of the settings of a network."""

UNSCALED = 1 / 255
"""Deviation of images whose values stay in [0, 255]."""
IMAGES_OF_BN_INCEPTION = {
    "mean": (104 / 255, 117 / 255, 128 / 255),
    "deviation": (UNSCALED, UNSCALED, UNSCALED),
    "channels": "bgr",
}
STACKS = {"method": "tvl1", "stack": 5}
SINGLE = {"method": "tvl1", "stack": 1}


def _temporal(architecture: str, name: str) -> dict[str, Preset]:
    """Return a network of 8 frames, or of 8 stacks of flow."""
    model = {"architecture": architecture, "name": name}
    rgb: Preset = {"model": model, "clips": {"frames": 8, "step": 2}}
    return {"": rgb, "_flow": {"model": model, "clips": {"frames": 40}, "flow": STACKS}}


def _slowfast(depth: int) -> dict[str, Preset]:
    """Return a SlowFast network of 32 frames, or of 32 flows."""
    model = {"architecture": f"slowfast{depth}"}
    images = {"mean": (0.45, 0.45, 0.45), "deviation": (0.225, 0.225, 0.225)}
    rgb: Preset = {"model": model, "clips": {"frames": 32, "step": 2}, "images": images}
    return {"": rgb, "_flow": {"model": model, "clips": {"frames": 32}, "flow": SINGLE}}


def _p3d() -> dict[str, Preset]:
    """Return P3D of 16 frames, or of 16 flows."""
    rgb: Preset = {"model": {"architecture": "p3d"}, "clips": {"frames": 16}}
    rgb["images"] = {"short_side": 182, "size": 160}
    return {"": rgb, "_flow": {**rgb, "flow": SINGLE}}


def _bn_inception() -> dict[str, Preset]:
    """Return BN-Inception of 3 frames, or of 3 stacks of flow."""
    model = {"architecture": "bn_inception"}
    rgb: Preset = {"model": model, "clips": {"frames": 3, "step": 5}, "images": IMAGES_OF_BN_INCEPTION}
    flow = {**STACKS, "deviation": UNSCALED}
    return {"": rgb, "_flow": {"model": model, "clips": {"frames": 15}, "flow": flow}}


def _families() -> dict[str, dict[str, Preset]]:
    """Return the presets on RGB and on flow of each network."""
    return {
        "tsn_bninception": _bn_inception(),
        "tsm_resnet50": _temporal("tsm", "resnet50"),
        "tsm_resnest50": _temporal("tsm", "resnest50d"),
        "tsm_resnest101": _temporal("tsm", "resnest101e"),
        "tsm_resnest269": _temporal("tsm", "resnest269e"),
        "tin_resnet50": _temporal("tin", "resnet50"),
        "tin_resnet101": _temporal("tin", "resnet101"),
        "slowfast50_8x8": _slowfast(50),
        "slowfast101_8x8": _slowfast(101),
        "p3d_resnet152": _p3d(),
    }


PRESETS: dict[str, Preset] = {
    "efficientnet_lite0": {
        "model": {"architecture": "timm", "name": "efficientnet_lite0", "match": "order"},
        "clips": {"frames": 3, "step": 5},
        "images": {"mean": (127 / 255,) * 3, "deviation": (128 / 255,) * 3},
    },
    "tsn_resnet50": {
        "model": {"architecture": "tsn", "name": "resnet50"},
        "clips": {"frames": 3, "step": 5},
    },
    **{
        f"{name}{suffix}": preset
        for name, presets in _families().items()
        for suffix, preset in presets.items()
    },
}
"""Presets by name; the values of the key `preset` of a network."""


def filled(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a network with those of a preset where it says nothing.

    Examples
    --------
    >>> filled("tsn_resnet50", {"clips": {"step": 1}})["clips"]
    {'frames': 3, 'step': 1}
    """
    result: dict[str, Any] = {**content}
    for section, keys in PRESETS[name].items():
        own = content.get(section) or {}
        result[section] = {**keys, **own} if isinstance(own, dict) else own
    return result
