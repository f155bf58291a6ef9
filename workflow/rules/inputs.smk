# What each stage is made from: inputs and settings that depend on a rule's wildcards, in the order of the chain.


def annotation_settings(subset):
    return CHALLENGE.pretraining if subset == "pretraining" else CHALLENGE.annotations


def annotation_files(subset):
    return list(annotation_settings(subset).files)


def annotation_digest(subset):
    """Changes with this subset's own annotations, and with nothing else."""
    if is_made(annotation_settings(subset).path):
        return "made here"
    name = "training" if subset == "pretraining" else subset
    return told(subset_digest, annotation_settings(subset), name)


def items(subset, table):
    """The table of what a generator sees as videos: the videos of a subset, or the windows of its recordings."""
    folder = "windows" if CHALLENGE.windows is not None else "annotations"
    return f"{R}/{folder}/{subset}.{table}.tsv"


def feature_sources(wildcards):
    dataset = "pretraining" if wildcards.subset == "pretraining" else "challenge"
    return PLAN.sources(wildcards.encoder, dataset)


def feature_settings(wildcards):
    return settings(
        streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)],
        rescaling=CHALLENGE.rescaling,
    )


def lackable_videos(wildcards):
    """The list of a subset's videos where encoders may lack some: nothing is learned from a part."""
    lackable = CHALLENGE.fusion.missing == "renormalise" and wildcards.subset in EVALUATED
    return f"{R}/annotations/T{TRAINING_SCALE}.{wildcards.subset}.txt" if lackable else []


def learning_subset(wildcards):
    return "pretraining" if wildcards.initialisation == "pretraining" else "training"


def training_inputs(wildcards):
    """Features and annotations; validation's too where the best epoch is chosen by it; a model to start from."""
    section = CHALLENGE.generators[wildcards.generator]
    subset = learning_subset(wildcards)
    features = f"{R}/features/{wildcards.encoder}/T{TRAINING_SCALE}"
    inputs = {
        "features": f"{features}.{subset}.h5",
        "videos": items(subset, "videos"),
        "instances": items(subset, "instances"),
    }
    if subset == "training" and section.training.select == "best":
        inputs |= {
            "validation_features": f"{features}.validation.h5",
            "validation_videos": items("validation", "videos"),
            "validation_instances": items("validation", "instances"),
        }
    if wildcards.initialisation == "pretrained":
        inputs["start"] = (
            f"{R}/models/{wildcards.generator}/{wildcards.encoder}/pretraining/model.safetensors"
        )
    return inputs


def training_settings(wildcards):
    section = CHALLENGE.generators[wildcards.generator]
    schedule = section.pretraining if wildcards.initialisation == "pretraining" else section.training
    seed = CHALLENGE.compute.seed if section.seed is None else section.seed
    compute = CHALLENGE.compute.of_results().model_copy(update={"seed": seed})
    return settings(model=section.model, training=schedule, compute=compute)


def member_maps(wildcards, scale, subset):
    return [
        f"{R}/maps/{wildcards.generator}/{encoder}/{initialisation}/T{scale}.{subset}.h5"
        for encoder, initialisation in PLAN.members(wildcards.blend)
    ]


def expected_videos(wildcards):
    """The list of what fused maps must hold, where members may lack videos."""
    if CHALLENGE.fusion.missing == "error":
        return []
    return f"{R}/annotations/T{wildcards.scale}.{wildcards.subset}.txt"


def fusion_settings(wildcards):
    method = CHALLENGE.blends[wildcards.blend].weights
    return CHALLENGE.fusion.model_copy(update={"weights": method} if method else {})


def score_files(classifier):
    row = PLAN.classifier(classifier)
    return {"validation": row.validation, "testing": row.testing}


def trained_features(wildcards):
    encoder = PLAN.classifier(wildcards.classifier).encoder
    return {
        subset: f"{R}/features/{encoder}/T{TRAINING_SCALE}.{subset}.h5"
        for subset in ("training", "validation", "testing")
    }


def fused_maps(variant, subset):
    variant = CHALLENGE.variants[variant]
    return [
        f"{R}/fusion/{generator}/{blend}/T{scale}.{subset}.h5"
        for generator, blend in variant.generators.items()
        for scale in PLAN.scales_of(variant)
    ]


def panel_models(panel):
    """The model of each classifier of a panel; one without a model stands for itself."""
    rows = [PLAN.classifier(name) for name in CHALLENGE.panels[panel].members]
    return [row.model or row.classifier for row in rows]


def panel_origin(panel):
    """Generator and blend whose proposals a panel labels while it is weighed by their mAP."""
    variants = sorted(CHALLENGE.variants.values(), key=lambda variant: variant.panel != panel)
    return next(iter(variants[0].generators.items()))


def panel_maps(panel):
    if CHALLENGE.weight_search.metric != "average_map":
        return []
    generator, blend = panel_origin(panel)
    return [f"{R}/fusion/{generator}/{blend}/T{TRAINING_SCALE}.validation.h5"]


def panel_settings(panel):
    sections = {"search": CHALLENGE.weight_search, "weights": CHALLENGE.panels[panel].weights}
    if CHALLENGE.weight_search.metric == "average_map":
        generator, _ = panel_origin(panel)
        sections["detection"] = weighing_settings(generator)
        sections["evaluation"] = recall_settings()
    return settings(**sections)


def candidate_inputs(variant, subsets):
    """What the detections of a variant of generators are made from, in lists of one for each subset."""
    inputs = {f"{subset}_maps": fused_maps(variant, subset) for subset in subsets}
    inputs |= {
        "videos": [f"{R}/annotations/{subset}.videos.tsv" for subset in subsets],
        "classes": panel_scores(variant, subsets),
    }
    if CHALLENGE.windows is not None:
        inputs["windows"] = [f"{R}/windows/{subset}.windows.tsv" for subset in subsets]
    for subset in [subset for subset in subsets if subset in EVALUATED]:
        files = [f"{R}/external/{name}.{subset}.parquet" for name in CHALLENGE.variants[variant].external]
        inputs |= {f"{subset}_external": files} if files else {}
    return inputs


def scales_fitted_on(variant):
    """Ground truth of validation, where a variant's score scales are fitted on it."""
    matched = CHALLENGE.detection.ensemble != "concatenate" and CHALLENGE.variants[variant].parts > 1
    return [f"{R}/annotations/validation.instances.tsv"] if matched else []


def candidate_words(inputs):
    """These inputs on the command line: maps and outside detections once for each subset."""
    return " ".join(f"--{name.rsplit('_')[-1]} {paths}" for name, paths in inputs.items() if paths)


def weighing_score_of(generator):
    return CHALLENGE.generators[generator].weighed_by or score_of(generator)


def weighing_settings(generator):
    """The keys of `detection` by which encoders and classifiers are weighed on a generator's maps."""
    return CHALLENGE.detection.weighing.scored_by(weighing_score_of(generator))


def score_of(generator):
    return CHALLENGE.generators[generator].score or CHALLENGE.detection.score


def scores_of(variant):
    """The score preset of each generator of a variant."""
    return [score_of(generator) for generator in CHALLENGE.variants[variant].generators]


def proposal_settings(generator):
    """The keys of `detection` that make the proposals by which encoders are weighed."""
    keys = {"score", "candidates", "top_candidates", "nms"}
    return weighing_settings(generator).model_dump(mode="json", include=keys)


def recall_settings():
    """The keys of `evaluation` that average recall depends on."""
    return CHALLENGE.evaluation.model_dump(mode="json", include={"tiou_thresholds", "proposals_per_video"})


def candidate_settings(variant):
    """The sections that the detections of a variant of generators depend on."""
    by_duration = CHALLENGE.variants[variant].scales == "by_duration"
    return {
        "detection": CHALLENGE.detection.detecting,
        "scores": scores_of(variant),
        "scales": CHALLENGE.scales if by_duration and CHALLENGE.windows is None else None,
        "windows": CHALLENGE.windows,
    }


def proposing_settings(variant):
    """The same where proposals alone are wanted: no score scales are fitted."""
    plain = CHALLENGE.detection.detecting.model_copy(update={"ensemble": "concatenate"})
    return {**candidate_settings(variant), "detection": plain}


def snippet_streams(encoders):
    """The streams of several encoders, side by side: what classifiers of snippets and segments see."""
    return [
        stream.model_dump(mode="json")
        for encoder in encoders
        for stream in PLAN.sources(encoder, "challenge")
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


def snippet_settings(streams):
    return {
        "streams": streams,
        "snippet_seconds": CHALLENGE.windows.snippet_seconds,
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


def panel_scores(variant, subsets):
    return [f"{R}/classification/{CHALLENGE.variants[variant].panel}/{subset}.h5" for subset in subsets]


def proposals_of(variant, subsets):
    """The proposals that the recogniser labels for a variant; none for dense windows."""
    origin = CHALLENGE.variants[variant].recognises
    return [f"{R}/proposals/{origin}.{subset}.parquet" for subset in subsets] if origin else []


def proposals_to_learn(variant):
    """The generators' own for the training recordings."""
    origin = CHALLENGE.variants[variant].recognises
    return proposals_of(variant, ["training"]) if origin in GENERATED else []
