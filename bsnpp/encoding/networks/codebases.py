"""Names of the weights of residual networks in the codebases that released TSN, TSM and TIN."""

import re

PATTERNS = (
    (r"\bconv(\d)\.(conv\.)?net1\.", "interlacing."),
    (r"\bconv(\d)\.(conv\.)?net2?\.", r"conv\1."),
    (r"\bconv(\d)\.conv\.", r"conv\1."),
    (r"\bconv(\d)\.bn\.", r"bn\1."),
    (r"\bdownsample\.conv\.", "downsample.0."),
    (r"\bdownsample\.bn\.", "downsample.1."),
    (r"^(cls_head\.fc_cls|new_fc)\.", "fc."),
)
"""Parts of names in the released codes of TSM and TIN and in MMAction2, and those of timm."""


def image_name(name: str) -> str:
    """Return the name that a weight has in timm.

    Examples
    --------
    >>> image_name("layer1.0.conv1.conv.net1.offset_net.fc1.bias")
    'layer1.0.interlacing.offset_net.fc1.bias'
    >>> image_name("layer1.0.downsample.bn.weight"), image_name("layer1.0.conv1.net.weight")
    ('layer1.0.downsample.1.weight', 'layer1.0.conv1.weight')
    """
    for pattern, replacement in PATTERNS:
        name = re.sub(pattern, replacement, name)
    return name
