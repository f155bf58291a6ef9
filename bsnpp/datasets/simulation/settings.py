"""Settings of the simulated challenge."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Name, Settings


class SimulatedEncoder(Settings):
    """How one simulated encoder sees the latent signal, and in which container its features lie."""

    name: Name = Field(description="name of the encoder; also the name of its folder")
    container: Literal["npy", "csv", "h5"] = Field(
        description="npy, csv: one file per video; h5: one file per stream with a dataset `v_<id>` per video"
    )
    blur: float = Field(
        description="length of the clip that one snippet averages over, in seconds", gt=0, le=30
    )
    gain: float = Field(description="factor on the signal, the noise staying as it is", gt=0, le=10)


class SimulatedClassifier(Settings):
    """One simulated result file of video-level classes.

    A row is made of `temperature * strength * (strength * truth + noise)`, the strength being what gives the
    accuracy. Divided by `temperature` these logits are calibrated.
    """

    name: Name = Field(description="name of the classifier; also the name of its file")
    kind: Literal["logits", "probabilities"] = Field(description="what the rows of its file hold")
    accuracy: float = Field(
        description="share of the videos whose best class is a true one, over validation and test together",
        gt=0,
        lt=1,
    )
    temperature: float = Field(description="over-confidence: factor on the calibrated logits", gt=0, le=100)


def _encoders() -> tuple[SimulatedEncoder, ...]:
    return (
        SimulatedEncoder(name="sharp", container="npy", blur=1.0, gain=1.0),
        SimulatedEncoder(name="medium", container="csv", blur=2.0, gain=0.85),
        SimulatedEncoder(name="smooth", container="h5", blur=4.0, gain=0.7),
    )


def _classifiers() -> tuple[SimulatedClassifier, ...]:
    return (
        SimulatedClassifier(name="alpha", kind="probabilities", accuracy=0.69, temperature=1.0),
        SimulatedClassifier(name="beta", kind="logits", accuracy=0.68, temperature=3.0),
        SimulatedClassifier(name="gamma", kind="probabilities", accuracy=0.67, temperature=0.5),
        SimulatedClassifier(name="delta", kind="logits", accuracy=0.66, temperature=2.0),
    )


class SimulationSettings(Settings):
    """What the simulated challenge looks like: times in seconds, levels in units of the full actionness."""

    training: int = Field(default=240, description="number of training videos", ge=1, le=100_000)
    validation: int = Field(default=120, description="number of validation videos", ge=1, le=100_000)
    testing: int = Field(default=120, description="number of test videos", ge=1, le=100_000)
    pretraining: int = Field(
        default=240, description="number of videos of the shifted pre-training set", ge=0, le=100_000
    )
    classes: int = Field(default=20, description="number of classes", ge=3, le=1000)
    encoders: tuple[SimulatedEncoder, ...] = Field(
        default_factory=_encoders,
        description="the encoders; the i-th is nearly blind to classes c with c mod 3 = i mod 3",
    )
    classifiers: tuple[SimulatedClassifier, ...] = Field(
        default_factory=_classifiers,
        description="the classifiers whose results on validation and test are written",
    )
    shared_errors: float = Field(
        default=0.5,
        description="share of the variance of the classifiers' noise that all of them share",
        ge=0,
        le=1,
    )
    channels: int = Field(
        default=16,
        description="channels of each of the two streams of an encoder",
        ge=4,
        le=1024,
        multiple_of=4,
    )
    noise_level: float = Field(
        default=0.6,
        description="standard deviation of the noise on each latent component (full actionness is 1)",
        ge=0,
        le=100,
    )
    noise_seconds: float = Field(
        default=2.0, description="time constant of the AR(1) noise, in seconds", gt=0, le=60
    )
    shared_noise: float = Field(
        default=0.5, description="share of the noise variance that all encoders share", ge=0, le=1
    )
    edge_strength: float = Field(
        default=1.0, description="height of the start and end signals of a visible edge", ge=0, le=10
    )
    class_strength: float = Field(
        default=1.0, description="length of a class embedding (16 components)", ge=0, le=10
    )
    blindness: float = Field(
        default=0.85,
        description="share of the signal that an encoder misses in the classes it is nearly blind to",
        ge=0,
        le=1,
    )
    invisible_edges: float = Field(
        default=0.10,
        description="share of the instances whose start or end (one of them) shows no edge",
        ge=0,
        le=1,
    )
    distractors: float = Field(
        default=0.5, description="unlabelled distractors per minute of video", ge=0, le=20
    )
    distractor_actionness: float = Field(
        default=0.7, description="signal of a distractor, an instance's being 1", ge=0, le=1
    )
    annotation_jitter: float = Field(
        default=0.04,
        description="standard deviation of an annotated edge about the true one, as a share of the length",
        ge=0,
        le=0.1,
    )
    pretraining_shift: float = Field(
        default=0.5,
        description="share of each class embedding's power that is another one in the pre-training set",
        ge=0,
        le=1,
    )
    pretraining_gain: float = Field(
        default=0.8, description="factor on every encoder's gain in the pre-training set", gt=0, le=10
    )
