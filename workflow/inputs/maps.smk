# What fused maps are made from, from the annotations on: inputs and settings that depend on a rule's wildcards.


def annotation_settings(subset):
    return CHALLENGE.pretraining if subset == "pretraining" else CHALLENGE.annotations


def annotation_files(subset):
    return list(annotation_settings(subset).files)


def annotation_digest(subset):
    """Changes with this subset's own annotations, and with nothing else."""
    if PLAN.is_made(annotation_settings(subset).path):
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


def score_of(generator):
    return CHALLENGE.generators[generator].score or CHALLENGE.detection.score


def weighing_score_of(generator):
    return CHALLENGE.generators[generator].weighed_by or score_of(generator)


def weighing_settings(generator):
    """The keys of `detection` by which encoders and classifiers are weighed on a generator's maps."""
    return CHALLENGE.detection.weighing.scored_by(weighing_score_of(generator))


def proposal_settings(generator):
    """The keys of `detection` that make the proposals by which encoders are weighed."""
    keys = {"score", "candidates", "top_candidates", "nms"}
    return weighing_settings(generator).model_dump(mode="json", include=keys)


def recall_settings():
    """The keys of `evaluation` that average recall depends on."""
    return CHALLENGE.evaluation.model_dump(mode="json", include={"tiou_thresholds", "proposals_per_video"})
