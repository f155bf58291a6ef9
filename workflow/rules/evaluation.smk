# Scores of every variant, where the ground truth is at hand, and the paper's Table 1 of them.


rule evaluate_variant:
    input:
        detections=expand(f"{R}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=SCORED),
        proposals=expand(f"{R}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=SCORED),
        videos=expand(f"{R}/annotations/{{subset}}.videos.tsv", subset=SCORED),
        instances=expand(f"{R}/annotations/{{subset}}.instances.tsv", subset=SCORED),
        groups=[source(path) for path in GROUPS],
    output:
        scores=expand(f"{R}/evaluation/{{{{variant}}}}.{{subset}}.json", subset=SCORED),
        resamples=expand(f"{R}/evaluation/{{{{variant}}}}.{{subset}}.resamples.npy", subset=SCORED),
    log:
        f"{R}/logs/evaluation/{{variant}}.log",
    benchmark:
        f"{R}/benchmarks/evaluation/{{variant}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("evaluate"),
        settings=settings(evaluation=CHALLENGE.evaluation, seed=CHALLENGE.compute.seed),
        subsets=SCORED,
        fingerprints=fingerprints(GROUPS),
    message:
        "Evaluating {wildcards.variant}"
    shell:
        "python $SCRIPTS/evaluate.py --variant {wildcards.variant} --subsets {params.subsets}"
        " --detections {input.detections} --proposals {input.proposals} --videos {input.videos}"
        " --instances {input.instances} --scores {output.scores} --resamples {output.resamples}"
        " --groups {input.groups} --settings {params.settings:q} > {log} 2>&1"


rule write_ablation:
    input:
        scores=expand(
            f"{R}/evaluation/{{variant}}.{{subset}}.json", variant=CHALLENGE.compared, subset=SCORED
        ),
        resamples=expand(
            f"{R}/evaluation/{{variant}}.{{subset}}.resamples.npy", variant=CHALLENGE.compared, subset=SCORED
        ),
    output:
        table=report(f"{R}/tables/ablation.csv", category="Results", caption="../report/ablation.rst"),
    log:
        f"{R}/logs/evaluation/write_ablation.log",
    benchmark:
        f"{R}/benchmarks/evaluation/write_ablation.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("write_ablation"),
        settings=settings(after={name: variant.after for name, variant in CHALLENGE.compared.items()}),
    message:
        "Writing the ablation table"
    shell:
        "python $SCRIPTS/write_ablation.py --scores {input.scores} --resamples {input.resamples}"
        " --table {output.table} --settings {params.settings:q} > {log} 2>&1"


rule write_components:
    input:
        scores=expand(f"{R}/evaluation/{{line}}.{{subset}}.json", line=COMPONENTS, subset=SCORED),
    output:
        table=report(f"{R}/tables/components.csv", category="Results", caption="../report/components.rst"),
    log:
        f"{R}/logs/evaluation/write_components.log",
    benchmark:
        f"{R}/benchmarks/evaluation/write_components.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("write_components"),
        settings=settings(lines=COMPONENTS, whole=CHALLENGE.components.whole if COMPONENTS else None),
    message:
        "Writing the table of components"
    shell:
        "python $SCRIPTS/write_components.py --scores {input.scores} --table {output.table}"
        " --settings {params.settings:q} > {log} 2>&1"
