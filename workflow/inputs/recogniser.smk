# Inputs and settings of the rules of the recogniser, for recordings and for whole videos.


def recognised_streams():
    """Return the streams of every encoder among the recogniser's candidates."""
    seen = {
        encoder
        for option in CHALLENGE.recognition.alternatives
        for encoder in option.encoders or PLAN.encoders
    }
    return {
        encoder: [stream.model_dump(mode="json") for stream in PLAN.sources(encoder, "challenge")]
        for encoder in PLAN.encoders
        if encoder in seen
    }


def recogniser_settings():
    return {
        "streams": recognised_streams(),
        "snippets": CHALLENGE.windows and CHALLENGE.windows.snippets,
        "seed": CHALLENGE.compute.seed,
    }


def cells(subsets):
    """Return the rescaled features of whole videos, for each subset those of all encoders."""
    if CHALLENGE.windows is not None:
        return []
    return [
        f"{RESULTS}/features/{encoder}/T{TRAINING_SCALE}.{subset}.h5"
        for subset in subsets
        for encoder in recognised_streams()
    ]


def streams_of_recordings():
    """Return the streams of all encoders if recordings are read; none for whole videos, whose cells are read."""
    streams = [stream for streams in recognised_streams().values() for stream in streams]
    return streams if CHALLENGE.windows is not None else []


def recogniser_panel(subsets):
    """Return the classes that are mixed with those of the recogniser, if any.

    A panel of whole videos has no out-of-fold classes of the training videos.
    """
    panel = CHALLENGE.recognition.panel
    known = [subset for subset in subsets if CHALLENGE.windows is not None or subset in EVALUATED]
    return [panel_scores(panel, subset) for subset in known] if panel else []


def recogniser_calibration():
    """Return the instances to calibrate recognised scores on, the first of `EVALUATED`; none by default."""
    calibrated = CHALLENGE.recognition.calibrated
    return [f"{RESULTS}/annotations/{EVALUATED[0]}.instances.tsv"] if calibrated else []


def recognised_proposals(variant, subsets):
    """Return the proposals that the recogniser labels; none if it labels dense windows."""
    origin = CHALLENGE.variants[variant].recognises
    return [f"{RESULTS}/proposals/{origin}.{subset}.parquet" for subset in subsets] if origin else []


def training_proposals(variant):
    """Return the proposals on the training recordings if generators make the recognised ones, else nothing.

    The maps of whole training videos are not predicted.
    """
    windows = CHALLENGE.windows is not None
    return recognised_proposals(variant, ["training"]) if windows and PLAN.proposer(variant) else []
