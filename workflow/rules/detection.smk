# Improvements C and D: maps of each video's scale are decoded and labelled, generators are concatenated,
# Soft-NMS runs within each label; the chosen variant is written as the submission.

if CHALLENGE.windows is None:

    rule detect:
        input:
            unpack(detection_inputs),
        output:
            detections=expand(
                f"{R}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=["validation", "testing"]
            ),
            proposals=expand(
                f"{R}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=["validation", "testing"]
            ),
        log:
            f"{R}/logs/detection/{{variant}}.log",
        benchmark:
            f"{R}/benchmarks/detection/{{variant}}.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("detect"),
            settings=detection_settings,
        message:
            "Detecting actions: {wildcards.variant}"
        shell:
            "python $SCRIPTS/detect.py --detections {output.detections} --proposals {output.proposals}"
            " --maps {input.validation_maps} --maps {input.testing_maps}"
            " --classes {input.validation_classes} {input.testing_classes}"
            " --videos {input.validation_videos} {input.testing_videos}"
            " --settings {params.settings:q} > {log} 2>&1"


SUBMISSIONS = {"testing": f"{R}/submission.json", "validation": f"{R}/submission.validation.json"}


rule write_submission:
    input:
        detections=[
            f"{R}/detections/{CHALLENGE.submission.variant}.{subset}.parquet" for subset in SUBMISSIONS
        ],
        videos=[f"{R}/annotations/{subset}.videos.tsv" for subset in SUBMISSIONS],
    output:
        submissions=list(SUBMISSIONS.values()),
    log:
        f"{R}/logs/submission/write.log",
    benchmark:
        f"{R}/benchmarks/submission/write.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("write_submission"),
        settings=settings(external_data=CHALLENGE.submission.external_data),
    message:
        "Writing the submission"
    shell:
        "python $SCRIPTS/write_submission.py --detections {input.detections} --videos {input.videos}"
        " --submissions {output.submissions} --settings {params.settings:q} > {log} 2>&1"


rule validate_submission:
    input:
        submissions=list(SUBMISSIONS.values()),
        videos=[f"{R}/annotations/{subset}.videos.tsv" for subset in SUBMISSIONS],
        classes=f"{R}/annotations/classes.txt",
    output:
        report=f"{R}/submission.valid.txt",
    log:
        f"{R}/logs/submission/validate.log",
    benchmark:
        f"{R}/benchmarks/submission/validate.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("validate_submission"),
        per_video=CHALLENGE.detection.per_video,
    message:
        "Validating the submission"
    shell:
        "python $SCRIPTS/validate_submission.py {input.submissions} --videos {input.videos}"
        " --classes {input.classes} --per-video {params.per_video} --report {output.report} > {log} 2>&1"
