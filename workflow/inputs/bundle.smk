# The plan of an export: settings of the submitted variant, and the files that a bundle needs.

EXPORT_PLAN = [f"{RESULTS}/export.json"] if not PLAN.export_faults else []


def exported_generator(name, blend):
    """Return a generator of the submitted variant, with its files relative to the results folder."""
    return {
        "name": name,
        "score": score_of(name),
        "weights": f"fusion/{name}/{blend}/weights.csv",
        "models": {
            f"{encoder}/{initialisation}": f"models/{name}/{encoder}/{initialisation}/model.safetensors"
            for encoder, initialisation in PLAN.members(blend)
        },
    }


def exported_classifier(name):
    """Return a classifier of the submitted variant's panel, with its file relative to the results folder."""
    row = PLAN.classifier(name)
    trained = row.source == "trained"
    return {
        "name": name,
        "source": row.source,
        "scores": row.scores,
        "encoder": row.encoder if trained else None,
        "model": f"classification/models/{name}.safetensors" if trained else None,
    }


def exported_scales(variant):
    """Return the rule of scales of a variant, or its only scale."""
    if variant.scales == "by_duration":
        return CHALLENGE.scales.model_dump(mode="json")
    return TRAINING_SCALE if variant.scales == "training" else variant.scales


def export_plan():
    """Return the plan of the submitted variant, which `ExportPlan` reads."""
    name = CHALLENGE.submission.variant
    variant = CHALLENGE.variants[name]
    streams = {
        encoder: [
            stream.model_dump(mode="json", include={"name", "channels", "first_axis", "pattern", "clip"})
            for stream in PLAN.sources(encoder, "challenge")
        ]
        for encoder in PLAN.encoders
    }
    return {
        "challenge": CHALLENGE.challenge,
        "variant": name,
        "encoders": streams,
        "training_scale": TRAINING_SCALE,
        "scales": exported_scales(variant),
        "rescaling": CHALLENGE.rescaling,
        "inference": CHALLENGE.inference,
        "fusion": CHALLENGE.fusion.model_dump(mode="json", include={"maps", "missing"}),
        "detection": CHALLENGE.detection.detecting,
        "compute": CHALLENGE.compute.of_results(),
        "external_data": CHALLENGE.submission.external_data,
        "generators": [exported_generator(*pair) for pair in variant.generators.items()],
        "panel": [exported_classifier(member) for member in CHALLENGE.panels[variant.panel].members],
        "panel_weights": f"classification/panels/{variant.panel}/weights.csv",
        "classes": "annotations/classes.txt",
        "calibration": f"detections/{name}.calibration.json",
        "evaluations": {subset: f"evaluation/{name}.{subset}.json" for subset in SCORED},
    }
