"""Read and check the files of UCI data set 341."""

import itertools
import re
from pathlib import Path

import numpy as np

from bsnpp.core.errors import Faults, UserError
from bsnpp.datasets.hapt.archive import ADVICE, HaptArchive
from bsnpp.datasets.hapt.data import HaptData, Recording, Segment, Split
from bsnpp.datasets.hapt.settings import RATE, STREAMS

Key = tuple[int, int]  # experiment, person
LABELS, ACTIVITIES = "labels.txt", "activity_labels.txt"
TRAIN_LIST, TEST_LIST = "subject_id_train.txt", "subject_id_test.txt"
LARGEST = 999_999_999  # of the whole numbers in the files
PREFIXES = dict(zip(STREAMS, ("acc", "gyro"), strict=True))
STREAM_FILE = re.compile(r"(?:acc|gyro)_exp(\d{1,9})_user(\d{1,9})\.txt")


def read_hapt(path: str | Path, validation_persons: int, test_person: int | None = None) -> HaptData:
    """Read and check the zip file of UCI data set 341, without extracting it.

    Parameters
    ----------
    path : str or Path
        The zip file. `RawData/acc_expXX_userYY.txt` and `gyro_...` have three numbers per line; `labels.txt`
        has experiment, person, activity, first and last sample (counted from 1, inclusive);
        `activity_labels.txt` has number and name; `subject_id_train.txt` and `subject_id_test.txt` have the
        official split, one person per line, often repeated.
    validation_persons : int
        Number of official training persons that become the validation subset, by ascending id.
    test_person : int, optional
        The only test person, as in `Split.leave_out`; by default those of the official split.

    Raises
    ------
    UserError
        If it is another file or incomplete, with all faults.
    """
    archive = HaptArchive(path)
    faults = Faults(f"{path}: not the complete HAPT data", ADVICE)
    try:
        activities = _read_activities(archive, faults)
        rows = _read_labels(archive, activities, faults)
        split = _read_split(archive, validation_persons, faults)
        if split is not None and test_person is not None:
            split = _left_out(split, test_person, validation_persons, faults)
        keys = {
            (int(match[1]), int(match[2])) for match in map(STREAM_FILE.fullmatch, archive.names) if match
        }
        recordings = []
        for key in sorted(keys | rows.keys()):
            streams = _read_streams(archive, key, faults)
            segments = _checked_segments(key, rows.get(key, []), activities, streams, faults)
            if rows and key not in rows:
                faults.add(f"{LABELS}: no row of {_id(key)}")
            if split is not None and key[1] not in split.training | split.validation | split.testing:
                faults.add(f"{_id(key)}: person {key[1]} is in neither {TRAIN_LIST} nor {TEST_LIST}")
            recordings.append(Recording(_id(key), key[1], streams, segments))
    finally:
        archive.close()
    if not recordings and not faults:
        faults.add("it has no recordings")
    faults.raise_if_any()
    if split is None:
        raise ValueError("without a split there must be a fault")
    return HaptData(tuple(recordings), split, tuple(sorted(activities.values())))


def _id(key: Key) -> str:
    return f"exp{key[0]:02d}_user{key[1]:02d}"


def _read_activities(archive: HaptArchive, faults: Faults) -> dict[int, str]:
    """Return the lower-case name of every activity by its number."""
    try:
        lines = archive.read(ACTIVITIES).decode("utf-8", "replace").splitlines()
    except UserError as error:
        faults.add(str(error))
        return {}
    activities: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or not _is_number(words[0]) or int(words[0]) in activities:
            faults.add(f"{ACTIVITIES}: line {number} is {line!r:.60}, should be a new number and a name")
            continue
        activities[int(words[0])] = words[1].lower()
    return activities


def _is_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= len(str(LARGEST))


def _read_whole_numbers(archive: HaptArchive, name: str, columns: int, faults: Faults) -> np.ndarray:
    """Read rows of whole numbers: int (lines, columns); no rows after a fault."""
    try:
        numbers = archive.read_numbers(name, columns)
    except UserError as error:
        faults.add(str(error))
        return np.empty((0, columns), int)
    if not np.array_equal(numbers, np.round(numbers)) or np.abs(numbers).max() > LARGEST:
        faults.add(f"{name}: should hold whole numbers of at most 9 digits")
        return np.empty((0, columns), int)
    return numbers.astype(int)


Row = tuple[int, int, int]  # activity, first and last sample


def _read_labels(archive: HaptArchive, activities: dict[int, str], faults: Faults) -> dict[Key, list[Row]]:
    """Return the valid rows of each recording, in order of time."""
    rows: dict[Key, list[Row]] = {}
    for experiment, person, activity, first, last in _read_whole_numbers(archive, LABELS, 5, faults).tolist():
        key, where = (experiment, person), f"{LABELS}: {_id((experiment, person))}, samples {first} to {last}"
        rows.setdefault(key, [])
        if activities and activity not in activities:
            faults.add(f"{where}: activity {activity} is not in {ACTIVITIES}")
        elif not 1 <= first <= last:
            faults.add(f"{where}: the first sample should be at least 1 and not after the last")
        else:
            rows[key].append((activity, first, last))
    return {key: sorted(valid, key=lambda row: row[1:]) for key, valid in rows.items()}


def _read_split(archive: HaptArchive, validation_persons: int, faults: Faults) -> Split | None:
    """Return the official split, with the first official training persons, by id, as validation subset."""
    before = len(faults.messages)
    training, testing = (
        sorted(set(_read_whole_numbers(archive, name, 1, faults).ravel().tolist()))
        for name in (TRAIN_LIST, TEST_LIST)
    )
    if len(faults.messages) > before:
        return None
    both = sorted(set(training) & set(testing))
    if both:
        faults.add(f"persons {both} are in both {TRAIN_LIST} and {TEST_LIST}")
    if len(training) <= validation_persons:
        faults.add(
            f"{TRAIN_LIST}: {len(training)} persons, should be more than the {validation_persons} of the key "
            "`validation_persons`"
        )
    lowest, rest = training[:validation_persons], training[validation_persons:]
    return Split(frozenset(rest), frozenset(lowest), frozenset(testing))


def _left_out(split: Split, person: int, validation_persons: int, faults: Faults) -> Split:
    """Return the split that leaves one person out; the official one after a fault."""
    try:
        return split.leave_out(person, validation_persons)
    except ValueError as error:
        faults.add(f"the key `test_person` is {person}: {error}")
        return split


def _read_streams(archive: HaptArchive, key: Key, faults: Faults) -> dict[str, np.ndarray]:
    """Read both streams of a recording; no streams after a fault."""
    streams, before = {}, len(faults.messages)
    for stream, prefix in PREFIXES.items():
        try:
            streams[stream] = archive.read_numbers(f"{prefix}_{_id(key)}.txt", 3)
        except UserError as error:
            faults.add(str(error))
    lengths = {stream: len(values) for stream, values in streams.items()}
    if len(set(lengths.values())) > 1:
        counts = " and ".join(f"{length} samples of the {stream}" for stream, length in lengths.items())
        faults.add(f"{_id(key)}: streams of different length: {counts}")
    return streams if len(faults.messages) == before else {}


def _checked_segments(
    key: Key, rows: list[Row], activities: dict[int, str], streams: dict[str, np.ndarray], faults: Faults
) -> tuple[Segment, ...]:
    """Return the segments of a recording, after checks for overlap and against the length of the streams."""
    for (_, first, last), (_, following, end) in itertools.pairwise(rows):
        if following <= last:
            faults.add(f"{LABELS}: {_id(key)}, samples {first} to {last} and {following} to {end} overlap")
    length = min((len(values) for values in streams.values()), default=None)
    labelled = max((last for _, _, last in rows), default=0)
    if length is not None and labelled > length:
        faults.add(
            f"{LABELS}: {_id(key)} is labelled up to sample {labelled}, but its streams end at {length}; "
            "are they incomplete?"
        )
    return tuple(
        Segment((first - 1) / RATE, last / RATE, activities.get(activity, ""))
        for activity, first, last in rows
    )
