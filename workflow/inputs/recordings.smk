# What is made of snippets, where recordings are cut into windows: inputs and settings of those rules.


def snippet_streams(encoders):
    """The streams of several encoders, side by side: what classifiers of snippets and segments see."""
    return [
        stream.model_dump(mode="json")
        for encoder in encoders
        for stream in PLAN.sources(encoder, "challenge")
    ]


def snippet_settings(streams):
    return {
        "streams": streams,
        "snippets": CHALLENGE.windows.snippets,
        "seed": CHALLENGE.compute.seed,
    }


def snippet_classifier(name):
    kind = PLAN.classifier(name).kind
    return CHALLENGE.snippet_classifier.model_copy(update={"kind": kind} if kind else {})


def panel_snippets(wildcards, subset):
    return [
        f"{R}/classification/snippets/{name}.{subset}.h5"
        for name in CHALLENGE.panels[wildcards.panel].members
    ]


def recognised_streams():
    """The streams of every encoder that the recogniser may see: what it is told to, or may choose."""
    seen = {
        encoder
        for option in CHALLENGE.recognition.alternatives
        for encoder in option.encoders or PLAN.encoders
    }
    return {encoder: snippet_streams([encoder]) for encoder in PLAN.encoders if encoder in seen}


def recogniser_panel(subsets):
    """Snippet classes that are mixed into the recogniser's, if any are."""
    panel = CHALLENGE.recognition.panel
    return [f"{R}/classification/{panel}/{subset}.h5" for subset in subsets] if panel else []


def proposals_of(variant, subsets):
    """The proposals that the recogniser labels for a variant; none for dense windows."""
    origin = CHALLENGE.variants[variant].recognises
    return [f"{R}/proposals/{origin}.{subset}.parquet" for subset in subsets] if origin else []


def proposals_to_learn(variant):
    """The generators' own for the training recordings."""
    origin = CHALLENGE.variants[variant].recognises
    return proposals_of(variant, ["training"]) if origin in GENERATED else []
