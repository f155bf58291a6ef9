# Post-processing alone: scores, class fusions and suppressions are tried on validation, on the submitted variant
# or, if the recogniser labels that, on the one whose proposals it takes.

SWEPT = PLAN.swept

if SWEPT is not None:

    rule sweep_detection:
        input:
            **candidate_inputs(SWEPT, ["validation"]),
            instances=f"{R}/annotations/validation.instances.tsv",
        output:
            table=f"{R}/sweep/table.csv",
            chosen=f"{R}/sweep/chosen.yaml",
        log:
            f"{R}/logs/sweep/detection.log",
        benchmark:
            f"{R}/benchmarks/sweep/detection.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("sweep"),
            settings=settings(
                **{**candidate_settings(SWEPT), "detection": CHALLENGE.detection},
                sweep=CHALLENGE.sweep,
                evaluation=CHALLENGE.evaluation,
                weighed_by={name: weighing_score_of(name) for name in CHALLENGE.variants[SWEPT].generators},
            ),
            inputs=lambda wildcards, input: candidate_words(input),
        message:
            f"Trying settings of detection on {SWEPT}"
        shell:
            "python $SCRIPTS/sweep.py {params.inputs}"
            " --table {output.table} --chosen {output.chosen} --settings {params.settings:q} > {log} 2>&1"

    rule draw_sweep:
        input:
            table=f"{R}/sweep/table.csv",
        output:
            figure=f"{R}/sweep/table.png",
        log:
            f"{R}/logs/sweep/draw.log",
        benchmark:
            f"{R}/benchmarks/sweep/draw.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("draw_sweep"),
        message:
            "Drawing the sweep"
        shell:
            "python $SCRIPTS/draw_sweep.py --table {input.table} --figure {output.figure} > {log} 2>&1"

    rule sweep:
        input:
            f"{R}/sweep/table.csv",
            f"{R}/sweep/chosen.yaml",
            f"{R}/sweep/table.png",

else:

    rule sweep:
        input:
            lambda wildcards: told(PLAN.refuse_sweep),
