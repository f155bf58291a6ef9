# Improvements C and D: the maps at the scale of each video, or of the windows of a recording, are decoded and
# labelled; the detections of all generators are concatenated; Soft-NMS runs within each label.

COMPARED_ON = list(dict.fromkeys(["validation", *SCORED]))  # calibration is fitted on validation
SWEPT = PLAN.swept


rule detect:
    input:
        files=lambda wildcards: candidate_inputs(wildcards.variant, EVALUATED),
        instances=lambda wildcards: calibration_instances(wildcards.variant),
    output:
        detections=expand(f"{RESULTS}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        proposals=expand(f"{RESULTS}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        calibration=f"{RESULTS}/detections/{{variant}}.calibration.json",
    log:
        f"{RESULTS}/logs/detection/{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/detection/{{variant}}.tsv"
    wildcard_constraints:
        variant=variants_from("generators"),
    conda:
        ENVIRONMENT
    params:
        **code("detection/detect"),
        settings=lambda wildcards: settings(**candidate_settings(wildcards.variant)),
        files=lambda wildcards: candidate_flags(wildcards.variant, EVALUATED),
    message:
        "Detecting actions: {wildcards.variant}"
    shell:
        'python "$SCRIPTS"/detection/detect.py {params.files:q} --instances {input.instances:q}'
        " --detections {output.detections:q} --proposals {output.proposals:q}"
        " --calibration {output.calibration:q} --settings {params.settings:q} > {log:q} 2>&1"


rule propose_on_training:
    input:
        files=lambda wildcards: candidate_inputs(wildcards.variant, ["training"]),
    output:
        proposals=f"{RESULTS}/proposals/{{variant}}.training.parquet",
    log:
        f"{RESULTS}/logs/detection/{{variant}}.training.log",
    benchmark:
        f"{RESULTS}/benchmarks/detection/{{variant}}.training.tsv"
    wildcard_constraints:
        variant=variants_from("generators"),
    conda:
        ENVIRONMENT
    params:
        **code("detection/propose_on_training"),
        settings=lambda wildcards: settings(**candidate_settings(wildcards.variant)),
        files=lambda wildcards: candidate_flags(wildcards.variant, ["training"]),
    message:
        "Proposing actions in the training recordings: {wildcards.variant}"
    shell:
        'python "$SCRIPTS"/detection/propose_on_training.py {params.files:q}'
        " --proposals {output.proposals:q} --settings {params.settings:q} > {log:q} 2>&1"


rule compare_ensembles:
    input:
        files=lambda wildcards: candidate_inputs(wildcards.variant, COMPARED_ON),
        instances=expand(f"{RESULTS}/annotations/{{subset}}.instances.tsv", subset=COMPARED_ON),
        groups=[source(path) for path in GROUPS],
    output:
        table=report(
            f"{RESULTS}/tables/ensemble.{{variant}}.csv",
            category="Results",
            caption="../report/ensemble.rst",
        ),
    log:
        f"{RESULTS}/logs/detection/ensemble.{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/detection/ensemble.{{variant}}.tsv"
    wildcard_constraints:
        variant=one_of(ENSEMBLES),
    conda:
        ENVIRONMENT
    params:
        **code("detection/compare_ensembles"),
        settings=lambda wildcards: settings(
            **candidate_settings(wildcards.variant),
            evaluation=CHALLENGE.evaluation,
            seed=CHALLENGE.compute.seed,
        ),
        fingerprints=lambda wildcards: fingerprints(GROUPS),
        files=lambda wildcards: candidate_flags(wildcards.variant, COMPARED_ON),
        subsets=COMPARED_ON,
    message:
        "Comparing the ensemble methods for {wildcards.variant}"
    shell:
        'python "$SCRIPTS"/detection/compare_ensembles.py {params.files:q} --subsets {params.subsets:q}'
        " --instances {input.instances:q} --groups {input.groups:q}"
        " --table {output.table:q} --settings {params.settings:q} > {log:q} 2>&1"


rule draw_complements:
    input:
        files=lambda wildcards: candidate_inputs(wildcards.variant, ["validation"]),
        instances=f"{RESULTS}/annotations/validation.instances.tsv",
    output:
        table=f"{RESULTS}/tables/complements.{{variant}}.csv",
        figure=report(
            f"{FIGURES}/complements.{{variant}}.png",
            category="Results",
            caption="../report/complements.rst",
        ),
        vector=f"{FIGURES}/complements.{{variant}}.svg",
    log:
        f"{RESULTS}/logs/detection/complements.{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/detection/complements.{{variant}}.tsv"
    wildcard_constraints:
        variant=one_of(ENSEMBLES),
    conda:
        ENVIRONMENT
    params:
        **code("detection/draw_complements"),
        settings=lambda wildcards: settings(
            **candidate_settings(wildcards.variant),
            parts=parts_of(wildcards.variant),
            thresholds=CHALLENGE.evaluation.tiou_thresholds,
        ),
        files=lambda wildcards: candidate_flags(wildcards.variant, ["validation"]),
    message:
        "Drawing the instances that each generator of {wildcards.variant} detects"
    shell:
        'python "$SCRIPTS"/detection/draw_complements.py {params.files:q} --instances {input.instances:q}'
        " --table {output.table:q} --figure {output.figure:q} {output.vector:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


if SWEPT is not None:

    rule sweep_detection:
        input:
            files=candidate_inputs(SWEPT, ["validation"]),
            instances=f"{RESULTS}/annotations/validation.instances.tsv",
        output:
            table=f"{RESULTS}/sweep/table.csv",
            chosen=f"{RESULTS}/sweep/chosen.yaml",
        log:
            f"{RESULTS}/logs/sweep/detection.log",
        benchmark:
            f"{RESULTS}/benchmarks/sweep/detection.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("detection/sweep_detection"),
            settings=settings(
                **{**candidate_settings(SWEPT), "detection": CHALLENGE.detection},
                sweep=CHALLENGE.sweep,
                evaluation=CHALLENGE.evaluation.metrics,
                weighed_by={name: weighing_score_of(name) for name in CHALLENGE.variants[SWEPT].generators},
            ),
            files=candidate_flags(SWEPT, ["validation"]),
        message:
            f"Comparing settings of detection on {SWEPT}"
        shell:
            'python "$SCRIPTS"/detection/sweep_detection.py {params.files:q} --instances {input.instances:q}'
            " --table {output.table:q} --chosen {output.chosen:q} --settings {params.settings:q} > {log:q} 2>&1"


if PLAN.tried_scales:

    rule search_scales:
        input:
            files=[
                path
                for scale in PLAN.tried_scales
                for paths in scale_files(scale).values()
                for path in paths
            ],
            instances=f"{RESULTS}/annotations/validation.instances.tsv",
        output:
            rules=f"{RESULTS}/sweep/scales.csv",
            ranges=f"{RESULTS}/sweep/scales.ranges.csv",
            chosen=f"{RESULTS}/sweep/scales.yaml",
            figures=[f"{RESULTS}/sweep/scales.png", f"{RESULTS}/sweep/scales.svg"],
        log:
            f"{RESULTS}/logs/sweep/scales.log",
        benchmark:
            f"{RESULTS}/benchmarks/sweep/scales.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("detection/search_scales"),
            settings=settings(
                **{**candidate_settings(SWEPT), "scales": None},
                search=CHALLENGE.scale_search,
                configured=CHALLENGE.scales,
                in_use=PLAN.rule_of(CHALLENGE.variants[SWEPT]),
                variant=SWEPT,
                evaluation=CHALLENGE.evaluation.metrics,
            ),
            files=[word for scale in PLAN.tried_scales for word in flags(scale_files(scale))],
            scales=PLAN.tried_scales,
        message:
            f"Comparing rules of scales on {SWEPT}"
        shell:
            'python "$SCRIPTS"/detection/search_scales.py {params.files:q} --scales {params.scales:q}'
            " --instances {input.instances:q} --rules {output.rules:q} --ranges {output.ranges:q}"
            " --chosen {output.chosen:q} --figures {output.figures:q} --settings {params.settings:q} > {log:q} 2>&1"
