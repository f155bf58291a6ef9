# Inputs and settings of the rules for snippets, used if recordings are cut into windows.


def snippet_streams(encoder):
    """Return the streams of an encoder, whose channels are joined."""
    return [stream.model_dump(mode="json") for stream in PLAN.sources(encoder, "challenge")]


def snippet_settings(streams):
    return {
        "streams": streams,
        "snippets": CHALLENGE.windows.snippets,
        "seed": CHALLENGE.compute.seed,
    }


def scoring_streams(wildcards):
    """Return the streams of the encoder whose channels are the scores of a classifier."""
    return snippet_streams(PLAN.classifier(wildcards.classifier).encoder)


def snippet_classifier(name):
    """Return the settings of a snippet classifier, with the kind that the sheet gives."""
    kind = PLAN.classifier(name).kind
    return CHALLENGE.snippet_classifier.model_copy(update={"kind": kind} if kind else {})


def sequence_model(variant):
    """Return the settings of the model that a control fits to the training recordings; none for plain runs."""
    models = {
        "hidden_markov_model": {"smoothing": CHALLENGE.smoothing},
        "semi_markov": {"semi_markov": CHALLENGE.semi_markov},
    }
    return models.get(CHALLENGE.variants[variant].control, {})


def member_snippets(panel, subset):
    return [f"{RESULTS}/snippets/scores/{name}.{subset}.h5" for name in CHALLENGE.panels[panel].members]


def recognised_streams():
    """Return the streams of every encoder among the recogniser's candidates."""
    seen = {
        encoder
        for option in CHALLENGE.recognition.alternatives
        for encoder in option.encoders or PLAN.encoders
    }
    return {encoder: snippet_streams(encoder) for encoder in PLAN.encoders if encoder in seen}


def recogniser_panel(subsets):
    """Return the snippet classes that are mixed with those of the recogniser, if any."""
    panel = CHALLENGE.recognition.panel
    return [panel_scores(panel, subset) for subset in subsets] if panel else []


def recogniser_calibration():
    """Return the instances to calibrate recognised scores on, the first of `EVALUATED`; none by default."""
    calibrated = CHALLENGE.recognition.calibrated
    return [f"{RESULTS}/annotations/{EVALUATED[0]}.instances.tsv"] if calibrated else []


def recognised_proposals(variant, subsets):
    """Return the proposals that the recogniser labels; none if it labels dense windows."""
    origin = CHALLENGE.variants[variant].recognises
    return [f"{RESULTS}/proposals/{origin}.{subset}.parquet" for subset in subsets] if origin else []


def training_proposals(variant):
    """Return the proposals on the training recordings if generators make the recognised ones, else nothing."""
    return recognised_proposals(variant, ["training"]) if PLAN.proposer(variant) else []
