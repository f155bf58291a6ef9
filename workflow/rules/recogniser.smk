# The recogniser: a classifier of proposals, chosen by cross-validation on the training recordings.

RECOGNISED = streams_of_recordings()
RECOGNISED_PATHS = [stream["path"] for stream in RECOGNISED]


rule cross_validate_recogniser:
    input:
        streams=[source(path) for path in RECOGNISED_PATHS],
        cells=cells(["training"]),
        videos=f"{RESULTS}/annotations/training.videos.tsv",
        instances=f"{RESULTS}/annotations/training.instances.tsv",
        groups=[source(path) for path in GROUPS],
        classes=f"{RESULTS}/annotations/classes.txt",
        panel=recogniser_panel(["training"]),
    output:
        table=f"{RESULTS}/tables/recogniser_cv.csv",
        chosen=f"{RESULTS}/recogniser/chosen.json",
    log:
        f"{RESULTS}/logs/recogniser/cross_validation.log",
    benchmark:
        f"{RESULTS}/benchmarks/recogniser/cross_validation.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("recogniser/cross_validate_recogniser"),
        settings=settings(
            recognition=CHALLENGE.recognition,
            detection=CHALLENGE.detection.labelling,
            thresholds=CHALLENGE.evaluation.all_thresholds,
            **recogniser_settings(),
        ),
        fingerprints=lambda wildcards: [
            *stream_fingerprints(RECOGNISED, ["training"]),
            *fingerprints(GROUPS),
        ],
    message:
        "Choosing the recogniser's settings on the training videos"
    shell:
        'python "$SCRIPTS"/recogniser/cross_validate_recogniser.py --videos {input.videos:q} --instances {input.instances:q}'
        " --cells {input.cells:q} --groups {input.groups:q} --classes {input.classes:q} --panel {input.panel:q} --table {output.table:q}"
        " --chosen {output.chosen:q} --settings {params.settings:q} > {log:q} 2>&1"


rule recognise:
    input:
        streams=[source(path) for path in RECOGNISED_PATHS],
        cells=cells(["training"]),
        subset_cells=cells(EVALUATED),
        training=f"{RESULTS}/annotations/training.videos.tsv",
        instances=f"{RESULTS}/annotations/training.instances.tsv",
        classes=f"{RESULTS}/annotations/classes.txt",
        chosen=f"{RESULTS}/recogniser/chosen.json",
        panel=recogniser_panel(EVALUATED),
        calibrate=recogniser_calibration(),
        generated=lambda wildcards: training_proposals(wildcards.variant),
        proposals=lambda wildcards: recognised_proposals(wildcards.variant, EVALUATED),
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=EVALUATED),
    output:
        detections=expand(f"{RESULTS}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        proposals=expand(f"{RESULTS}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        model=f"{RESULTS}/recogniser/models/{{variant}}.safetensors",
    log:
        f"{RESULTS}/logs/detection/{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/detection/{{variant}}.tsv"
    wildcard_constraints:
        variant=variants_from("recogniser"),
    conda:
        ENVIRONMENT
    params:
        **code("recogniser/recognise"),
        settings=settings(detection=CHALLENGE.detection.labelling, **recogniser_settings()),
        given=lambda wildcards, input: input.get("proposals") or ["dense"] * len(EVALUATED),
        fingerprints=lambda wildcards: stream_fingerprints(RECOGNISED, ["training", *EVALUATED]),
    message:
        "Recognising proposals: {wildcards.variant}"
    shell:
        'python "$SCRIPTS"/recogniser/recognise.py --videos {input.training:q} --instances {input.instances:q}'
        " --cells {input.cells:q} --subset-cells {input.subset_cells:q} --classes {input.classes:q} --chosen {input.chosen:q} --generated {input.generated:q}"
        " --proposals {params.given:q} --recordings {input.videos:q} --panel {input.panel:q}"
        " --calibrate {input.calibrate:q} --detections {output.detections:q} --refined {output.proposals:q}"
        " --model {output.model:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"
