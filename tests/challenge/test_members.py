"""Members of blends."""

import pytest

from bsnpp.challenge.members import Member


@pytest.mark.parametrize(
    ("text", "pretrained", "seed"),
    [
        ("one/scratch", False, None),
        ("one/pretrained", True, None),
        ("one/scratch_seed0", False, 0),
        ("one/pretrained_seed12", True, 12),
    ],
)
def test_a_member_is_parsed_and_keeps_its_name(text: str, pretrained: bool, seed: int | None) -> None:
    member = Member.parse(text)
    assert member is not None
    assert (member.encoder, member.pretrained, member.seed) == ("one", pretrained, seed)
    assert member.name == text


@pytest.mark.parametrize(
    "text",
    ["one", "one/pretraining", "one/scratch_seed", "one/scratch_seed01", "a/b/scratch", "one/scratch_seed-1"],
)
def test_other_texts_are_no_members(text: str) -> None:
    assert Member.parse(text) is None
