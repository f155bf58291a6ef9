"""Isotonic regression by pooling one pair at a time: the slow, obviously right twin of a library's."""


def isotonic_blocks(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Mean x and mean y of every block, from points whose x rises."""
    blocks = [[point] for point in points]

    def level(block: list[tuple[float, float]]) -> float:
        return sum(y for _, y in block) / len(block)

    while True:
        falls = [i for i in range(len(blocks) - 1) if level(blocks[i]) >= level(blocks[i + 1]) - 1e-12]
        if not falls:
            return [(sum(x for x, _ in block) / len(block), level(block)) for block in blocks]
        blocks[falls[0] : falls[0] + 2] = [blocks[falls[0]] + blocks[falls[0] + 1]]
