# Evaluation of every variant on the scored subsets, and the ablation tables (Table 1 of the paper).


rule evaluate_variant:
    input:
        detections=expand(f"{RESULTS}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=SCORED),
        proposals=expand(f"{RESULTS}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=SCORED),
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=SCORED),
        instances=expand(f"{RESULTS}/annotations/{{subset}}.instances.tsv", subset=SCORED),
        groups=[source(path) for path in GROUPS],
    output:
        scores=expand(f"{RESULTS}/evaluation/{{{{variant}}}}.{{subset}}.json", subset=SCORED),
        resamples=expand(f"{RESULTS}/evaluation/{{{{variant}}}}.{{subset}}.resamples.npy", subset=SCORED),
    log:
        f"{RESULTS}/logs/evaluation/variants/{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluation/variants/{{variant}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("evaluation/evaluate_variant"),
        settings=settings(evaluation=CHALLENGE.evaluation, seed=CHALLENGE.compute.seed),
        subsets=SCORED,
        fingerprints=lambda wildcards: fingerprints(GROUPS),
    message:
        "Evaluating {wildcards.variant}"
    shell:
        'python "$SCRIPTS"/evaluation/evaluate_variant.py --variant {wildcards.variant:q} --subsets {params.subsets:q}'
        " --detections {input.detections:q} --proposals {input.proposals:q} --videos {input.videos:q}"
        " --instances {input.instances:q} --scores {output.scores:q} --resamples {output.resamples:q}"
        " --groups {input.groups:q} --settings {params.settings:q} > {log:q} 2>&1"


rule write_ablation:
    input:
        scores=expand(
            f"{RESULTS}/evaluation/{{variant}}.{{subset}}.json", variant=CHALLENGE.compared, subset=SCORED
        ),
        resamples=expand(
            f"{RESULTS}/evaluation/{{variant}}.{{subset}}.resamples.npy",
            variant=CHALLENGE.compared,
            subset=SCORED,
        ),
    output:
        table=report(f"{RESULTS}/tables/ablation.csv", category="Results", caption="../report/ablation.rst"),
    log:
        f"{RESULTS}/logs/evaluation/write_ablation.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluation/write_ablation.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("evaluation/write_ablation"),
        settings=settings(after={name: variant.after for name, variant in CHALLENGE.compared.items()}),
    message:
        "Writing the ablation table"
    shell:
        'python "$SCRIPTS"/evaluation/write_ablation.py --scores {input.scores:q} --resamples {input.resamples:q}'
        " --table {output.table:q} --settings {params.settings:q} > {log:q} 2>&1"


rule write_components:
    input:
        scores=expand(f"{RESULTS}/evaluation/{{line}}.{{subset}}.json", line=COMPONENTS, subset=SCORED),
    output:
        table=report(
            f"{RESULTS}/tables/components.csv", category="Results", caption="../report/components.rst"
        ),
    log:
        f"{RESULTS}/logs/evaluation/write_components.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluation/write_components.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("evaluation/write_components"),
        settings=settings(lines=COMPONENTS, whole=CHALLENGE.components.whole if COMPONENTS else None),
    message:
        "Writing the component table"
    shell:
        'python "$SCRIPTS"/evaluation/write_components.py --scores {input.scores:q} --table {output.table:q}'
        " --settings {params.settings:q} > {log:q} 2>&1"
