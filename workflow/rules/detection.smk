# Improvements C and D: maps of each video's scale are decoded and labelled, generators are concatenated,
# Soft-NMS runs within each label; the chosen variant is written as the submission.


def fused_maps(variant, subset):
    variant = CHALLENGE.variants[variant]
    return [
        f"{R}/fusion/{generator}/{blend}/T{scale}.{subset}.h5"
        for generator, blend in variant.generators.items()
        for scale in PLAN.scales_of(variant)
    ]


def detection_inputs(wildcards):
    panel = CHALLENGE.variants[wildcards.variant].panel
    inputs = {}
    for subset in ("validation", "testing"):
        inputs[f"{subset}_maps"] = fused_maps(wildcards.variant, subset)
        inputs[f"{subset}_classes"] = f"{R}/classification/{panel}/{subset}.h5"
        inputs[f"{subset}_videos"] = f"{R}/annotations/{subset}.videos.tsv"
    return inputs


def detection_settings(wildcards):
    variant = CHALLENGE.variants[wildcards.variant]
    return settings(
        detection=CHALLENGE.detection,
        generators=len(variant.generators),
        scales=CHALLENGE.scales if variant.scales == "by_duration" else None,
    )


rule detect:
    input:
        unpack(detection_inputs),
    output:
        detections=expand(f"{R}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=["validation", "testing"]),
        proposals=expand(f"{R}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=["validation", "testing"]),
    params:
        settings=detection_settings,
        **code("detect"),
    log:
        f"{R}/logs/detection/{{variant}}.log",
    benchmark:
        f"{R}/benchmarks/detection/{{variant}}.tsv"
    conda:
        ENVIRONMENT
    message:
        "Detecting actions: {wildcards.variant}"
    shell:
        "python {SCRIPTS}/detect.py --detections {output.detections} --proposals {output.proposals}"
        " --maps {input.validation_maps} --maps {input.testing_maps}"
        " --classes {input.validation_classes} {input.testing_classes}"
        " --videos {input.validation_videos} {input.testing_videos}"
        " --settings {params.settings:q} > {log} 2>&1"


SUBMISSIONS = {"testing": f"{R}/submission.json", "validation": f"{R}/submission.validation.json"}


rule write_submission:
    input:
        detections=[f"{R}/detections/{CHALLENGE.submission.variant}.{subset}.parquet" for subset in SUBMISSIONS],
        videos=[f"{R}/annotations/{subset}.videos.tsv" for subset in SUBMISSIONS],
    output:
        list(SUBMISSIONS.values()),
    params:
        settings=settings(submission=CHALLENGE.submission),
        **code("write_submission"),
    log:
        f"{R}/logs/submission/write.log",
    benchmark:
        f"{R}/benchmarks/submission/write.tsv"
    conda:
        ENVIRONMENT
    message:
        "Writing the submission"
    shell:
        "python {SCRIPTS}/write_submission.py --detections {input.detections} --videos {input.videos}"
        " --submissions {output} --settings {params.settings:q} > {log} 2>&1"


rule validate_submission:
    input:
        submissions=list(SUBMISSIONS.values()),
        videos=[f"{R}/annotations/{subset}.videos.tsv" for subset in SUBMISSIONS],
        classes=f"{R}/annotations/classes.txt",
    output:
        f"{R}/submission.valid.txt",
    params:
        per_video=CHALLENGE.detection.per_video,
        **code("validate_submission"),
    log:
        f"{R}/logs/submission/validate.log",
    benchmark:
        f"{R}/benchmarks/submission/validate.tsv"
    conda:
        ENVIRONMENT
    message:
        "Validating the submission"
    shell:
        "python {SCRIPTS}/validate_submission.py {input.submissions} --videos {input.videos}"
        " --classes {input.classes} --per-video {params.per_video} --report {output} > {log} 2>&1"
