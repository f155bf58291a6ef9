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
