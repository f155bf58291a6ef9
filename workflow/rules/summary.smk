# The manifest of a run: what determined its results, and checksums of what it wrote.


rule write_manifest:
    input:
        files=[
            *SUBMISSIONS.values(),
            f"{RESULTS}/tables/ablation.csv",
            f"{RESULTS}/tables/classes.csv",
            *expand(f"{RESULTS}/tables/ensemble.{{variant}}.csv", variant=ENSEMBLES),
        ],
        weights=[
            *(f"{RESULTS}/fusion/{generator}/{blend}/weights.csv" for generator, blend in BLENDS),
            *(f"{CLASSES}/panels/{panel}/weights.csv" for panel in PANELS),
        ],
    output:
        manifest=f"{RESULTS}/manifest.json",
    log:
        f"{RESULTS}/logs/summary/manifest.log",
    benchmark:
        f"{RESULTS}/benchmarks/summary/manifest.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("summary/write_manifest"),
        settings=settings(
            variant=CHALLENGE.submission.variant,
            command=repeating_command(),
            configuration=resolved_configuration(),
            sheets=resolved_sheets(),
        ),
    message:
        "Writing the manifest of the run"
    shell:
        'python "$SCRIPTS"/summary/write_manifest.py --files {input.files:q} --weights {input.weights:q}'
        " --manifest {output.manifest:q} --settings {params.settings:q} > {log:q} 2>&1"
