# Improvements C and D: maps of each video's scale, or of a recording's windows, are decoded and labelled,
# generators are concatenated, Soft-NMS runs within each label; the chosen variant is written as the submission.


rule detect:
    input:
        unpack(lambda wildcards: candidate_inputs(wildcards.variant, EVALUATED)),
        instances=lambda wildcards: scales_fitted_on(wildcards.variant),
    output:
        detections=expand(f"{R}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        proposals=expand(f"{R}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
    log:
        f"{R}/logs/detection/{{variant}}.log",
    benchmark:
        f"{R}/benchmarks/detection/{{variant}}.tsv"
    wildcard_constraints:
        variant=one_of(GENERATED) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        **code("detect"),
        settings=lambda wildcards: settings(**candidate_settings(wildcards.variant)),
        inputs=lambda wildcards, input: candidate_words(input),
    message:
        "Detecting actions: {wildcards.variant}"
    shell:
        "python $SCRIPTS/detect.py {params.inputs}"
        " --detections {output.detections} --proposals {output.proposals}"
        " --settings {params.settings:q} > {log} 2>&1"


rule ground_truth_classes:
    input:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
        classes=f"{R}/annotations/classes.txt",
        instances=lambda wildcards: [
            f"{R}/annotations/{wildcards.subset}.instances.tsv"
            for subset in ("training", *SCORED)
            if subset == wildcards.subset
        ],
    output:
        scores=f"{R}/classification/ground_truth/{{subset}}.h5",
    log:
        f"{R}/logs/classification/ground_truth/{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/classification/ground_truth/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("ground_truth_classes"),
        settings=settings(windows=CHALLENGE.windows),
    message:
        "Taking the annotated classes of the {wildcards.subset} videos"
    shell:
        "python $SCRIPTS/ground_truth_classes.py --videos {input.videos} --classes {input.classes}"
        " --instances {input.instances} --scores {output.scores} --settings {params.settings:q} > {log} 2>&1"


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
