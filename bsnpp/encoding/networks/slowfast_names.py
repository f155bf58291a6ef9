"""Names of the weights of SlowFast in the codebases that released it."""

import re


def own_name(name: str) -> str:
    """Return the name that a weight of PySlowFast, PyTorchVideo or MMAction2 has here.

    Examples
    --------
    >>> own_name("s2.pathway1_res0.branch2.a_bn.weight")
    'fast.stages.0.0.conv1.1.weight'
    >>> own_name("s1_fuse.conv_f2s.weight")
    'laterals.0.0.0.weight'
    >>> own_name("blocks.1.multipathway_blocks.0.res_blocks.2.branch2.norm_a.bias")
    'slow.stages.0.2.conv1.1.bias'
    >>> own_name("fast_path.layer1.0.conv1.bn.weight")
    'fast.stages.0.0.conv1.1.weight'
    """
    block = re.fullmatch(r"s(\d)\.pathway(\d)_res(\d+)\.branch(1|2\.[abc])(_bn)?\.(\w+)", name)
    if block:
        stage, pathway, number, branch, norm, kind = block.groups()
        layer = {"1": "shortcut", "2.a": "conv1", "2.b": "conv2", "2.c": "conv3"}[branch]
        part = f"{('slow', 'fast')[int(pathway)]}.stages.{int(stage) - 2}.{number}"
        return f"{part}.{layer}.{int(norm is not None)}.{kind}"
    stem = re.fullmatch(r"s1\.pathway(\d)_stem\.(conv|bn)\.(\w+)", name)
    if stem:
        return f"{('slow', 'fast')[int(stem[1])]}.stem.0.{int(stem[2] == 'bn')}.{stem[3]}"
    fuse = re.fullmatch(r"s(\d)_fuse\.(conv_f2s|bn)\.(\w+)", name)
    if fuse:
        return f"laterals.{int(fuse[1]) - 1}.0.{int(fuse[2] == 'bn')}.{fuse[3]}"
    name = _pytorchvideo_name(_mmaction2_name(name))
    return re.sub(r"^(head\.projection|cls_head\.fc_cls|blocks\.6\.proj)\.", "fc.", name)


def _pytorchvideo_name(name: str) -> str:
    """Return the name that a weight of PyTorchVideo has here; other names stay."""
    block = re.fullmatch(
        r"blocks\.(\d)\.multipathway_blocks\.(\d)\.res_blocks\.(\d+)"
        r"\.branch\d[._](conv|norm)(_[abc])?\.(\w+)",
        name,
    )
    if block:
        stage, pathway, number, kind, part, value = block.groups()
        layer = {None: "shortcut", "_a": "conv1", "_b": "conv2", "_c": "conv3"}[part]
        place = f"{('slow', 'fast')[int(pathway)]}.stages.{int(stage) - 1}.{number}"
        return f"{place}.{layer}.{int(kind == 'norm')}.{value}"
    stem = re.fullmatch(r"blocks\.0\.multipathway_blocks\.(\d)\.(conv|norm)\.(\w+)", name)
    if stem:
        return f"{('slow', 'fast')[int(stem[1])]}.stem.0.{int(stem[2] == 'norm')}.{stem[3]}"
    fusion = re.fullmatch(r"blocks\.(\d)\.multipathway_fusion\.(conv_fast_to_slow|norm)\.(\w+)", name)
    return f"laterals.{fusion[1]}.0.{int(fusion[2] == 'norm')}.{fusion[3]}" if fusion else name


def _mmaction2_name(name: str) -> str:
    """Return the name that a weight of MMAction2 has here; other names stay."""
    layer = re.fullmatch(
        r"(slow|fast)_path\.(?:layer(\d)\.(\d+)\.)?(conv\d|downsample)\.(conv|bn)\.(\w+)", name
    )
    if layer:
        pathway, stage, number, part, kind, value = layer.groups()
        if stage is None:
            return f"{pathway}.stem.0.{int(kind == 'bn')}.{value}"
        part = part.replace("downsample", "shortcut")
        return f"{pathway}.stages.{int(stage) - 1}.{number}.{part}.{int(kind == 'bn')}.{value}"
    lateral = re.fullmatch(r"slow_path\.(?:conv1|layer(\d))_lateral\.conv\.weight", name)
    return f"laterals.{lateral[1] or 0}.0.0.weight" if lateral else name
