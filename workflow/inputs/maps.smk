# Inputs and settings of the rules for maps, from inference to fusion.


def member_maps(wildcards, scale, subset):
    return [
        f"{RESULTS}/maps/{wildcards.generator}/{member.name}/T{scale}.{subset}.h5"
        for member in PLAN.members(wildcards.blend)
    ]


def expected_videos(wildcards):
    """Return the list of videos that must be in the fused maps if members may lack some, else nothing."""
    if CHALLENGE.fusion.missing == "error":
        return []
    return f"{RESULTS}/annotations/T{wildcards.scale}.{wildcards.subset}.txt"


def fusion_settings(blend):
    """Return the section `fusion` for a blend."""
    return CHALLENGE.fusion.of(CHALLENGE.blends[blend])


def map_calibrations(wildcards):
    """Return the calibrations of the members of a blend, if it has any."""
    calibrated = fusion_settings(wildcards.blend).calibrated
    return f"{RESULTS}/fusion/{wildcards.generator}/{wildcards.blend}/calibrations.json" if calibrated else []


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
