# What classes and detections are made from: inputs and settings that depend on a rule's wildcards.


def score_files(classifier):
    row = PLAN.classifier(classifier)
    return {"validation": row.validation, "testing": row.testing}


def trained_features(wildcards):
    encoder = PLAN.classifier(wildcards.classifier).encoder
    return {
        subset: f"{R}/features/{encoder}/T{TRAINING_SCALE}.{subset}.h5"
        for subset in ("training", "validation", "testing")
    }


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


def panel_scores(variant, subsets):
    return [f"{R}/classification/{CHALLENGE.variants[variant].panel}/{subset}.h5" for subset in subsets]


def fused_maps(variant, subset):
    variant = CHALLENGE.variants[variant]
    return [
        f"{R}/fusion/{generator}/{blend}/T{scale}.{subset}.h5"
        for generator, blend in variant.generators.items()
        for scale in PLAN.scales_of(variant)
    ]


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


def candidate_words(inputs):
    """These inputs on the command line: maps and outside detections once for each subset."""
    return " ".join(f"--{name.rsplit('_')[-1]} {paths}" for name, paths in inputs.items() if paths)


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


def scores_of(variant):
    """The score preset of each generator of a variant."""
    return [score_of(generator) for generator in CHALLENGE.variants[variant].generators]


def scales_fitted_on(variant):
    """Ground truth of validation, where a variant's score scales are fitted on it."""
    matched = CHALLENGE.detection.ensemble != "concatenate" and CHALLENGE.variants[variant].parts > 1
    return [f"{R}/annotations/validation.instances.tsv"] if matched else []
