# Improvement D beyond the paper: anyone's detections, and the ways of bringing scores to one scale.

ENSEMBLES = [
    name
    for name, variant in CHALLENGE.variants.items()
    if variant.parts > 1 and variant.panel in CHALLENGE.panels  # not the upper bound
]
COMPARED_ON = list(dict.fromkeys(["validation", *SCORED]))  # scales are fitted on validation


rule import_external:
    input:
        sources=lambda wildcards: [
            source(getattr(PLAN.external_files(wildcards.external), subset)) for subset in EVALUATED
        ],
        videos=expand(f"{R}/annotations/{{subset}}.videos.tsv", subset=EVALUATED),
        classes=f"{R}/annotations/classes.txt",
    output:
        detections=expand(f"{R}/external/{{{{external}}}}.{{subset}}.parquet", subset=EVALUATED),
    log:
        f"{R}/logs/external/{{external}}.log",
    benchmark:
        f"{R}/benchmarks/external/{{external}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("import_external"),
        fingerprints=lambda wildcards: fingerprints(
            getattr(PLAN.external_files(wildcards.external), subset) for subset in EVALUATED
        ),
    message:
        "Importing the detections of {wildcards.external}"
    shell:
        "python $SCRIPTS/import_external.py --sources {input.sources} --videos {input.videos}"
        " --classes {input.classes} --detections {output.detections} > {log} 2>&1"


rule compare_ensembles:
    input:
        unpack(lambda wildcards: candidate_inputs(wildcards.variant, COMPARED_ON)),
        instances=expand(f"{R}/annotations/{{subset}}.instances.tsv", subset=COMPARED_ON),
        groups=[source(path) for path in GROUPS],
    output:
        table=report(
            f"{R}/tables/ensemble.{{variant}}.csv", category="Results", caption="../report/ensemble.rst"
        ),
    log:
        f"{R}/logs/evaluation/ensemble.{{variant}}.log",
    benchmark:
        f"{R}/benchmarks/evaluation/ensemble.{{variant}}.tsv"
    wildcard_constraints:
        variant=one_of(ENSEMBLES) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        **code("compare_ensembles"),
        settings=lambda wildcards: settings(
            **candidate_settings(wildcards.variant),
            evaluation=CHALLENGE.evaluation,
            seed=CHALLENGE.compute.seed,
        ),
        fingerprints=fingerprints(GROUPS),
        inputs=lambda wildcards, input: candidate_words(input),
        subsets=COMPARED_ON,
    message:
        "Comparing ways to put the detections of {wildcards.variant} together"
    shell:
        "python $SCRIPTS/compare_ensembles.py {params.inputs} --subsets {params.subsets}"
        " --table {output.table} --settings {params.settings:q} > {log} 2>&1"
