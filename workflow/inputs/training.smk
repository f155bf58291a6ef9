# Inputs and settings of the rules for features and training.


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


def trained_member(wildcards):
    """Return the member that is trained; None for the training on the pre-training set."""
    return Member.parse(f"{wildcards.encoder}/{wildcards.initialisation}")


def learning_subset(wildcards):
    return "pretraining" if wildcards.initialisation == "pretraining" else "training"


def training_inputs(wildcards):
    """Return the features and annotations for training, those to choose the epoch, and the initial model."""
    section = CHALLENGE.generators[wildcards.generator]
    subset = learning_subset(wildcards)
    features = f"{RESULTS}/features/{wildcards.encoder}"
    inputs = {
        "features": [f"{features}/T{scale}.{subset}.h5" for scale in CHALLENGE.scales.trained],
        "videos": items(subset, "videos"),
        "instances": items(subset, "instances"),
    }
    if subset == "training" and section.training.select == "best":
        inputs |= {
            "validation_features": f"{features}/T{TRAINING_SCALE}.validation.h5",
            "validation_videos": items("validation", "videos"),
            "validation_instances": items("validation", "instances"),
        }
    member = trained_member(wildcards)
    if member and member.pretrained:
        inputs["start"] = (
            f"{RESULTS}/models/{wildcards.generator}/{wildcards.encoder}/pretraining/model.safetensors"
        )
    return inputs


def training_settings(wildcards):
    section = CHALLENGE.generators[wildcards.generator]
    schedule = section.pretraining if wildcards.initialisation == "pretraining" else section.training
    seed = PLAN.seed(wildcards.generator, trained_member(wildcards))
    compute = CHALLENGE.compute.of_results().model_copy(update={"seed": seed})
    return settings(model=section.model, training=schedule, compute=compute)


def training_flags(wildcards):
    inputs = training_inputs(wildcards).items()
    return flags(
        {name.replace("_", "-"): path if isinstance(path, list) else [path] for name, path in inputs}
    )
