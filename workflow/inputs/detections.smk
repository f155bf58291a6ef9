# Inputs and settings of the rules for class scores and detections.

ENSEMBLES = [
    name
    for name, variant in CHALLENGE.variants.items()
    if variant.parts > 1 and variant.panel != GROUND_TRUTH  # not the upper bound
]


def score_files(classifier):
    row = PLAN.classifier(classifier)
    return {"validation": row.validation, "testing": row.testing}


def trained_features(wildcards):
    """Return the features of each subset on which a classifier is trained and applied."""
    encoder = PLAN.classifier(wildcards.classifier).encoder
    return {
        subset: f"{RESULTS}/features/{encoder}/T{TRAINING_SCALE}.{subset}.h5"
        for subset in ("training", "validation", "testing")
    }


def classifier_models(panel):
    """Return the model of each classifier of a panel; by default, it is the classifier itself."""
    rows = [PLAN.classifier(name) for name in CHALLENGE.panels[panel].members]
    return [row.model or row.classifier for row in rows]


def panel_origin(panel):
    """Return the generator and the blend on whose proposals the metric `average_map` scores a panel."""
    proposing = [variant for variant in CHALLENGE.variants.values() if variant.generators]
    variants = sorted(proposing, key=lambda variant: variant.panel != panel)
    return next(iter(variants[0].generators.items()))


def panel_maps(panel):
    if CHALLENGE.weight_search.metric != "average_map":
        return []
    generator, blend = panel_origin(panel)
    return [f"{RESULTS}/fusion/{generator}/{blend}/T{TRAINING_SCALE}.validation.h5"]


def panel_settings(panel):
    sections = {"search": CHALLENGE.weight_search, "weights": CHALLENGE.panels[panel].weights}
    if CHALLENGE.weight_search.metric == "average_map":
        generator, _ = panel_origin(panel)
        sections["detection"] = weighing_settings(generator)
        sections["evaluation"] = recall_settings()
    return settings(**sections)


def panel_scores(panel, subset):
    """Return the class scores of a panel, for snippets if recordings are cut into windows, else for videos."""
    folder = "ground_truth" if panel == GROUND_TRUTH else f"panels/{panel}"
    return f"{CLASSES}/{folder}/{subset}.h5"


def fused_maps(variant, subset):
    variant = CHALLENGE.variants[variant]
    return [
        f"{RESULTS}/fusion/{generator}/{blend}/T{scale}.{subset}.h5"
        for generator, blend in variant.generators.items()
        for scale in PLAN.scales_of(variant)
    ]


def candidate_files(variant, subset):
    """Return the input files of the candidates of one subset, by command-line flag."""
    section = CHALLENGE.variants[variant]
    external = section.external if subset in EVALUATED else ()
    return {
        "maps": fused_maps(variant, subset),
        "videos": [f"{RESULTS}/annotations/{subset}.videos.tsv"],
        "panel": [panel_scores(section.panel, subset)],
        "windows": [f"{RESULTS}/windows/{subset}.windows.tsv"] if CHALLENGE.windows else [],
        "external": [f"{RESULTS}/external/{name}.{subset}.parquet" for name in external],
    }


def candidate_inputs(variant, subsets):
    """Return the input files of the candidates of several subsets as one list."""
    return [
        path for subset in subsets for paths in candidate_files(variant, subset).values() for path in paths
    ]


def candidate_flags(variant, subsets):
    """Return the same files as command-line arguments, with every flag once per subset."""
    return [word for subset in subsets for word in flags(candidate_files(variant, subset))]


def scale_files(scale):
    """Return the input files of the candidates of all validation videos at one scale, by command-line flag."""
    generators = CHALLENGE.variants[SWEPT].generators.items()
    maps = [f"{RESULTS}/fusion/{generator}/{blend}/T{scale}.validation.h5" for generator, blend in generators]
    return candidate_files(SWEPT, "validation") | {"maps": maps}


def candidate_settings(variant):
    """Return the configuration sections that determine the detections of a variant of generators."""
    by_duration = CHALLENGE.variants[variant].scales == "by_duration"
    return {
        "detection": CHALLENGE.detection.detecting,
        "scores": scores_of(variant),
        "scales": CHALLENGE.scales if by_duration and CHALLENGE.windows is None else None,
        "windows": CHALLENGE.windows and CHALLENGE.windows.grid,
    }


def parts_of(variant):
    """Return the names of the generators and of the external detections of a variant."""
    external = [f"{name} (external)" for name in CHALLENGE.variants[variant].external]
    return [*CHALLENGE.variants[variant].generators, *external]


def scores_of(variant):
    """Return the score preset of each generator of a variant."""
    return [score_of(generator) for generator in CHALLENGE.variants[variant].generators]


def calibration_instances(variant):
    """Return the validation instances if the scores of a variant are calibrated on them, else nothing."""
    calibrated = CHALLENGE.detection.ensemble != "concatenate" and CHALLENGE.variants[variant].parts > 1
    return [f"{RESULTS}/annotations/validation.instances.tsv"] if calibrated else []
