# The plan of an export: settings of the submitted variant, and the files that a bundle needs.

EXPORT_PLAN = [f"{RESULTS}/export.json"] if not PLAN.export_faults else []


def exported_generator(name, blend):
    """Return a generator of the submitted variant, with its files relative to the results folder."""
    return {
        "name": name,
        "score": score_of(name),
        "weights": f"fusion/{name}/{blend}/weights.csv",
        "calibrations": (
            f"fusion/{name}/{blend}/calibrations.json" if fusion_settings(blend).calibrated else None
        ),
        "models": {
            member.name: f"models/{name}/{member.name}/model.safetensors" for member in PLAN.members(blend)
        },
    }


def exported_stream(encoder, stream):
    """Return a stream of an encoder, without its path, but with its network if it is made from videos."""
    row = PLAN.stream(encoder, "challenge", stream.name)
    network = CHALLENGE.networks[row.network].model_dump(mode="json") if row.network else None
    kept = {"name", "channels", "first_axis", "pattern", "clip"}
    return stream.model_dump(mode="json", include=kept) | {"network": network}


def scoring_stream(row):
    """Return the encoder and the stream that provide the class logits of an outside classifier, if any."""
    for stream in PLAN.encoded:
        path = f"{CHALLENGE.encoded}/{stream.encoder}/{stream.dataset}/{stream.name}.scores.json"
        if stream.dataset == "challenge" and row.testing == path:
            return [stream.encoder, stream.name]
    return None


def exported_classifier(name):
    """Return a classifier of the submitted variant's panel, with its file relative to the results folder."""
    row = PLAN.classifier(name)
    files = {"trained": "classification/models", "snippets": "snippets/models"}
    read = {"trained": [row.encoder], "encoder": [row.encoder], "snippets": PLAN.encoders, "outside": []}
    return {
        "name": name,
        "source": row.source,
        "scores": row.scores,
        "encoders": read[row.source],
        "stream": scoring_stream(row),
        "model": f"{files[row.source]}/{name}.safetensors" if row.source in files else None,
    }


def exported_recogniser(name):
    """Return the recogniser of a variant, with its file relative to the results folder."""
    return {"model": f"recogniser/models/{name}.safetensors", "encoders": list(recognised_streams())}


def exported_scales(variant):
    """Return the rule of scales of a variant, or its only scale."""
    if variant.scales == "by_duration":
        return CHALLENGE.scales.model_dump(mode="json")
    return TRAINING_SCALE if variant.scales == "training" else variant.scales


def export_plan():
    """Return the plan of the submitted variant, which `ExportPlan` reads."""
    name = CHALLENGE.submission.variant
    variant = CHALLENGE.variants[name]
    recognised = variant.source == "recogniser"
    proposer = CHALLENGE.variants[PLAN.proposer(name)] if PLAN.proposer(name) else None
    panel = CHALLENGE.recognition.panel if recognised else variant.panel
    folder = "snippets" if CHALLENGE.windows else "classification"
    streams = {
        encoder: [exported_stream(encoder, stream) for stream in PLAN.sources(encoder, "challenge")]
        for encoder in PLAN.encoders
    }
    return {
        "challenge": CHALLENGE.challenge,
        "variant": name,
        "encoders": streams,
        "encoding": CHALLENGE.encoding.of_results() if PLAN.encoded else None,
        "windows": CHALLENGE.windows,
        "training_scale": TRAINING_SCALE,
        "scales": exported_scales(variant),
        "rescaling": CHALLENGE.rescaling,
        "inference": CHALLENGE.inference,
        "fusion": CHALLENGE.fusion.model_dump(mode="json", include={"maps", "missing"}),
        "detection": CHALLENGE.detection.detecting,
        "compute": CHALLENGE.compute.of_results(),
        "external_data": CHALLENGE.submission.external_data,
        "generators": [exported_generator(*pair) for pair in proposer.generators.items()] if proposer else [],
        "panel": [exported_classifier(member) for member in CHALLENGE.panels[panel].members] if panel else [],
        "panel_weights": f"{folder}/panels/{panel}/weights.csv" if panel else None,
        "recogniser": exported_recogniser(name) if recognised else None,
        "classes": "annotations/classes.txt",
        "calibration": None if recognised else f"detections/{name}.calibration.json",
        "evaluations": {
            subset: {
                "scores": f"evaluation/{name}.{subset}.json",
                "resamples": f"evaluation/{name}.{subset}.resamples.npy",
            }
            for subset in SCORED
        },
    }
