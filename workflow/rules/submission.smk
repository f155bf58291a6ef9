# The submission of the chosen variant, its check, and external submissions that join an ensemble.

SUBMISSIONS = {"testing": f"{RESULTS}/submission.json", "validation": f"{RESULTS}/submission.validation.json"}


rule import_external:
    input:
        sources=lambda wildcards: [
            source(getattr(PLAN.external_files(wildcards.external), subset)) for subset in EVALUATED
        ],
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=EVALUATED),
        classes=f"{RESULTS}/annotations/classes.txt",
    output:
        detections=expand(f"{RESULTS}/external/{{{{external}}}}.{{subset}}.parquet", subset=EVALUATED),
    log:
        f"{RESULTS}/logs/external/{{external}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/external/{{external}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("submission/import_external"),
        settings=lambda wildcards: settings(reading=PLAN.external_files(wildcards.external).reading),
        fingerprints=lambda wildcards: fingerprints(
            getattr(PLAN.external_files(wildcards.external), subset) for subset in EVALUATED
        ),
    message:
        "Importing the external submissions {wildcards.external}"
    shell:
        'python "$SCRIPTS"/submission/import_external.py --sources {input.sources:q} --videos {input.videos:q}'
        " --classes {input.classes:q} --detections {output.detections:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule write_submission:
    input:
        detections=[
            f"{RESULTS}/detections/{CHALLENGE.submission.variant}.{subset}.parquet" for subset in SUBMISSIONS
        ],
        videos=[f"{RESULTS}/annotations/{subset}.videos.tsv" for subset in SUBMISSIONS],
    output:
        submissions=list(SUBMISSIONS.values()),
    log:
        f"{RESULTS}/logs/submission/write.log",
    benchmark:
        f"{RESULTS}/benchmarks/submission/write.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("submission/write_submission"),
        settings=settings(external_data=CHALLENGE.submission.external_data),
    message:
        "Writing the submission"
    shell:
        'python "$SCRIPTS"/submission/write_submission.py --detections {input.detections:q} --videos {input.videos:q}'
        " --submissions {output.submissions:q} --settings {params.settings:q} > {log:q} 2>&1"


rule validate_submission:
    input:
        submissions=list(SUBMISSIONS.values()),
        videos=[f"{RESULTS}/annotations/{subset}.videos.tsv" for subset in SUBMISSIONS],
        classes=f"{RESULTS}/annotations/classes.txt",
    output:
        report=f"{RESULTS}/submission.valid.txt",
    log:
        f"{RESULTS}/logs/submission/validate.log",
    benchmark:
        f"{RESULTS}/benchmarks/submission/validate.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("submission/validate_submission"),
        per_video=CHALLENGE.detection.per_video,
    message:
        "Validating the submission"
    shell:
        'python "$SCRIPTS"/submission/validate_submission.py {input.submissions:q} --videos {input.videos:q}'
        " --classes {input.classes:q} --per-video {params.per_video:q} --report {output.report:q} > {log:q} 2>&1"
