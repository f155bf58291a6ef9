"""Isotonic regression that pools one pair of blocks at a time: the slow reference of scikit-learn's."""


def isotonic_blocks(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return mean x and mean y of every block, for points sorted by x."""
    blocks = [[point] for point in points]

    def level(block: list[tuple[float, float]]) -> float:
        return sum(y for _, y in block) / len(block)

    while True:
        decreasing = [i for i in range(len(blocks) - 1) if level(blocks[i]) >= level(blocks[i + 1]) - 1e-12]
        if not decreasing:
            return [(sum(x for x, _ in block) / len(block), level(block)) for block in blocks]
        blocks[decreasing[0] : decreasing[0] + 2] = [blocks[decreasing[0]] + blocks[decreasing[0] + 1]]
