"""Settings of the simulated challenge."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Name, Settings


class SimulatedEncoder(Settings):
    """A simulated encoder: how it observes the latent signal, and the container of its features."""

    name: Name = Field(description="Name of the encoder, and of its folder")
    container: Literal["npy", "csv", "h5"] = Field(
        description="Format of the features; `npy`, `csv`: one file per video; `h5`: one file per stream, "
        "with a dataset `v_<id>` per video"
    )
    blur: float = Field(description="Length of the clip that a snippet averages over [s]", gt=0, le=30)
    gain: float = Field(description="Factor on the signal, but not on the noise", gt=0, le=10)


class SimulatedClassifier(Settings):
    """A simulated classifier of whole videos, with one file of results.

    Its logits are `temperature * strength * (strength * truth + noise)`, with the strength that gives the
    accuracy. Divided by `temperature`, they are calibrated.
    """

    name: Name = Field(description="Name of the classifier, and of its file")
    kind: Literal["logits", "probabilities"] = Field(description="Kind of scores in its file")
    accuracy: float = Field(
        description="Share of the validation and test videos whose best class is a true one",
        gt=0,
        lt=1,
    )
    temperature: float = Field(
        description="Factor on the calibrated logits: overconfidence if above 1", gt=0, le=100
    )


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
    """The simulated challenge. Levels are in units of full actionness."""

    training: int = Field(default=240, description="Number of training videos", ge=1, le=100_000)
    validation: int = Field(default=120, description="Number of validation videos", ge=1, le=100_000)
    testing: int = Field(default=120, description="Number of test videos", ge=1, le=100_000)
    pretraining: int = Field(
        default=240, description="Number of videos of the pre-training set", ge=0, le=100_000
    )
    classes: int = Field(default=20, description="Number of classes", ge=3, le=1000)
    encoders: tuple[SimulatedEncoder, ...] = Field(
        default_factory=_encoders,
        description="Encoders; encoder i is nearly blind to the classes c with c mod 3 = i mod 3",
    )
    classifiers: tuple[SimulatedClassifier, ...] = Field(
        default_factory=_classifiers,
        description="Classifiers, with results for validation and test videos",
    )
    shared_errors: float = Field(
        default=0.5,
        description="Share of the variance of the noise that all classifiers have in common",
        ge=0,
        le=1,
    )
    channels: int = Field(
        default=16,
        description="Number of channels of each of the two streams of an encoder",
        ge=4,
        le=1024,
        multiple_of=4,
    )
    noise_level: float = Field(
        default=0.6,
        description="Standard deviation of the noise on each latent component",
        ge=0,
        le=100,
    )
    noise_seconds: float = Field(default=2.0, description="Time constant of the AR(1) noise [s]", gt=0, le=60)
    shared_noise: float = Field(
        default=0.5,
        description="Share of the variance of the noise that all encoders have in common",
        ge=0,
        le=1,
    )
    edge_strength: float = Field(
        default=1.0, description="Height of the start and end signals of a visible edge", ge=0, le=10
    )
    class_strength: float = Field(
        default=1.0, description="Norm of a class embedding (16 components)", ge=0, le=10
    )
    blindness: float = Field(
        default=0.85,
        description="Share of the signal that an encoder misses in the classes to which it is nearly blind",
        ge=0,
        le=1,
    )
    invisible_edges: float = Field(
        default=0.10,
        description="Share of the instances with no visible edge at either the start or the end",
        ge=0,
        le=1,
    )
    distractors: float = Field(
        default=0.5, description="Number of unlabelled distractors per minute of video", ge=0, le=20
    )
    distractor_actionness: float = Field(
        default=0.7, description="Signal of a distractor; that of an instance is 1", ge=0, le=1
    )
    annotation_jitter: float = Field(
        default=0.04,
        description="Standard deviation of the error of annotated edges, as a share of the instance length",
        ge=0,
        le=0.1,
    )
    pretraining_shift: float = Field(
        default=0.5,
        description="Share of the power of each class embedding that differs in the pre-training set",
        ge=0,
        le=1,
    )
    pretraining_gain: float = Field(
        default=0.8, description="Factor on the gain of every encoder in the pre-training set", gt=0, le=10
    )
