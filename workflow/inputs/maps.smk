# Inputs and settings of the rules from the annotations to the fused maps.


def annotation_settings(subset):
    return CHALLENGE.pretraining if subset == "pretraining" else CHALLENGE.annotations


def annotation_files(subset):
    return list(annotation_settings(subset).files)


def annotation_digest(subset):
    """Return a digest of the annotations of this subset only."""
    if PLAN.is_made(annotation_settings(subset).path):
        return "made here"
    name = "training" if subset == "pretraining" else subset
    return or_exit(subset_digest, annotation_settings(subset), name)


def known_instances(wildcards):
    """Return the instances of a subset if its ground truth is available, else nothing."""
    known = wildcards.subset in ("training", *SCORED)
    return [f"{RESULTS}/annotations/{wildcards.subset}.instances.tsv"] if known else []


def items(subset, table):
    """Return a table of what the generators process: the videos of a subset, or windows of its recordings."""
    folder = "windows" if CHALLENGE.windows is not None else "annotations"
    return f"{RESULTS}/{folder}/{subset}.{table}.tsv"


def feature_sources(wildcards):
    dataset = "pretraining" if wildcards.subset == "pretraining" else "challenge"
    return PLAN.sources(wildcards.encoder, dataset)


def feature_settings(wildcards):
    return settings(
        streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)],
        rescaling=CHALLENGE.rescaling,
    )


def optional_videos(wildcards):
    """Return the list of videos that may have no features; nothing if every video must have them."""
    optional = CHALLENGE.fusion.missing == "renormalise" and wildcards.subset in EVALUATED
    return f"{RESULTS}/annotations/T{TRAINING_SCALE}.{wildcards.subset}.txt" if optional else []


def learning_subset(wildcards):
    return "pretraining" if wildcards.initialisation == "pretraining" else "training"


def training_inputs(wildcards):
    """Return the features and annotations for training, those to choose the epoch, and the initial model."""
    section = CHALLENGE.generators[wildcards.generator]
    subset = learning_subset(wildcards)
    features = f"{RESULTS}/features/{wildcards.encoder}/T{TRAINING_SCALE}"
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
            f"{RESULTS}/models/{wildcards.generator}/{wildcards.encoder}/pretraining/model.safetensors"
        )
    return inputs


def training_settings(wildcards):
    section = CHALLENGE.generators[wildcards.generator]
    schedule = section.pretraining if wildcards.initialisation == "pretraining" else section.training
    seed = CHALLENGE.compute.seed if section.seed is None else section.seed
    compute = CHALLENGE.compute.of_results().model_copy(update={"seed": seed})
    return settings(model=section.model, training=schedule, compute=compute)


def training_flags(wildcards):
    return flags({name.replace("_", "-"): [path] for name, path in training_inputs(wildcards).items()})


def member_maps(wildcards, scale, subset):
    return [
        f"{RESULTS}/maps/{wildcards.generator}/{encoder}/{initialisation}/T{scale}.{subset}.h5"
        for encoder, initialisation in PLAN.members(wildcards.blend)
    ]


def expected_videos(wildcards):
    """Return the list of videos that must be in the fused maps if members may lack some, else nothing."""
    if CHALLENGE.fusion.missing == "error":
        return []
    return f"{RESULTS}/annotations/T{wildcards.scale}.{wildcards.subset}.txt"


def fusion_settings(wildcards):
    method = CHALLENGE.blends[wildcards.blend].weights
    return CHALLENGE.fusion.model_copy(update={"weights": method} if method else {})


def score_of(generator):
    return CHALLENGE.generators[generator].score or CHALLENGE.detection.score


def weighing_score_of(generator):
    return CHALLENGE.generators[generator].weighed_by or score_of(generator)


def weighing_settings(generator):
    """Return the keys of `detection` used to weight encoders and classifiers on the maps of a generator."""
    return CHALLENGE.detection.weighing.scored_by(weighing_score_of(generator))


def proposal_settings(generator):
    """Return the keys of `detection` that determine the proposals used to weight encoders."""
    return weighing_settings(generator).decoding


def recall_settings():
    """Return the keys of `evaluation` that determine average recall."""
    return CHALLENGE.evaluation.model_dump(mode="json", include={"tiou_thresholds", "proposals_per_video"})
