# Figures of the results.


rule draw_ablation:
    input:
        table=f"{RESULTS}/tables/ablation.csv",
    output:
        figure=report(f"{FIGURES}/ablation.png", category="Results", caption="../report/ablation.rst"),
        vector=f"{FIGURES}/ablation.svg",
    log:
        f"{RESULTS}/logs/reporting/ablation.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/ablation.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_ablation"),
    message:
        "Drawing the ablation table"
    shell:
        'python "$SCRIPTS"/reporting/draw_ablation.py --table {input.table:q} --figure {output.figure:q} {output.vector:q}'
        " > {log:q} 2>&1"


rule draw_recall:
    input:
        scores=expand(f"{RESULTS}/evaluation/{{variant}}.{SHOWN}.json", variant=CHALLENGE.compared),
    output:
        figure=report(f"{FIGURES}/average_recall.png", category="Results", caption="../report/recall.rst"),
        vector=f"{FIGURES}/average_recall.svg",
    log:
        f"{RESULTS}/logs/reporting/recall.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/recall.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_recall"),
    message:
        "Drawing the average recall"
    shell:
        'python "$SCRIPTS"/reporting/draw_recall.py --scores {input.scores:q} --figure {output.figure:q} {output.vector:q}'
        " > {log:q} 2>&1"


rule draw_classes:
    input:
        scores=expand(f"{RESULTS}/evaluation/{CHALLENGE.submission.variant}.{{subset}}.json", subset=SCORED),
    output:
        table=f"{RESULTS}/tables/classes.csv",
        figure=report(f"{FIGURES}/classes.png", category="Results", caption="../report/classes.rst"),
        vector=f"{FIGURES}/classes.svg",
    log:
        f"{RESULTS}/logs/reporting/classes.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/classes.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_classes"),
        settings=settings(evaluation=CHALLENGE.evaluation.metrics),
    message:
        "Drawing the average precision of every class"
    shell:
        'python "$SCRIPTS"/reporting/draw_classes.py --scores {input.scores:q} --table {output.table:q}'
        " --figure {output.figure:q} {output.vector:q} --settings {params.settings:q} > {log:q} 2>&1"


rule draw_diagnosis:
    input:
        detections=f"{RESULTS}/detections/{CHALLENGE.submission.variant}.{SHOWN}.parquet",
        videos=f"{RESULTS}/annotations/{SHOWN}.videos.tsv",
        instances=f"{RESULTS}/annotations/{SHOWN}.instances.tsv",
    output:
        errors=f"{RESULTS}/diagnosis/errors.csv",
        oracles=f"{RESULTS}/diagnosis/oracles.csv",
        figure=report(f"{FIGURES}/diagnosis.png", category="Results", caption="../report/diagnosis.rst"),
        vector=f"{FIGURES}/diagnosis.svg",
    log:
        f"{RESULTS}/logs/reporting/diagnosis.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/diagnosis.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_diagnosis"),
        settings=settings(evaluation=CHALLENGE.evaluation.metrics),
    message:
        "Diagnosing the submitted variant"
    shell:
        'python "$SCRIPTS"/reporting/draw_diagnosis.py --detections {input.detections:q} --videos {input.videos:q}'
        " --instances {input.instances:q} --errors {output.errors:q} --oracles {output.oracles:q}"
        " --figure {output.figure:q} {output.vector:q} --settings {params.settings:q} > {log:q} 2>&1"


rule draw_timeline:
    input:
        detections=expand(f"{RESULTS}/detections/{{variant}}.{SHOWN}.parquet", variant=COMPARED),
        videos=f"{RESULTS}/annotations/{SHOWN}.videos.tsv",
        instances=f"{RESULTS}/annotations/{SHOWN}.instances.tsv",
    output:
        best=report(f"{FIGURES}/timeline.best.png", category="Results", caption="../report/timeline.rst"),
        worst=report(f"{FIGURES}/timeline.worst.png", category="Results", caption="../report/timeline.rst"),
        best_vector=f"{FIGURES}/timeline.best.svg",
        worst_vector=f"{FIGURES}/timeline.worst.svg",
    log:
        f"{RESULTS}/logs/reporting/timeline.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/timeline.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_timeline"),
        variants=COMPARED,
    message:
        "Drawing the detections in the best and the worst video"
    shell:
        'python "$SCRIPTS"/reporting/draw_timeline.py --variants {params.variants:q} --detections {input.detections:q}'
        " --videos {input.videos:q} --instances {input.instances:q} --best {output.best:q} {output.best_vector:q}"
        " --worst {output.worst:q} {output.worst_vector:q} > {log:q} 2>&1"


rule draw_training:
    input:
        metrics=expand(f"{RESULTS}/models/{{training}}/metrics.csv", training=TRAININGS),
    output:
        figure=report(f"{FIGURES}/training.png", category="Training", caption="../report/training.rst"),
        vector=f"{FIGURES}/training.svg",
    log:
        f"{RESULTS}/logs/reporting/training.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/training.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_training"),
        names=TRAININGS,
    message:
        "Drawing the training curves"
    shell:
        'python "$SCRIPTS"/reporting/draw_training.py --names {params.names:q} --metrics {input.metrics:q}'
        " --figure {output.figure:q} {output.vector:q} > {log:q} 2>&1"


rule draw_weights:
    input:
        weights=f"{RESULTS}/fusion/{{generator}}/{{blend}}/weights.csv",
    output:
        figure=report(
            f"{FIGURES}/weights.{{generator}}.{{blend}}.png",
            category="Encoder weights",
            caption="../report/weights.rst",
        ),
        vector=f"{FIGURES}/weights.{{generator}}.{{blend}}.svg",
    log:
        f"{RESULTS}/logs/reporting/weights.{{generator}}.{{blend}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/weights.{{generator}}.{{blend}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_weights"),
        metric=CHALLENGE.fusion.metric,
    message:
        "Drawing the weights of the blend {wildcards.blend} for {wildcards.generator}"
    shell:
        'python "$SCRIPTS"/reporting/draw_weights.py --metric {params.metric:q} --weights {input.weights:q}'
        " --figure {output.figure:q} {output.vector:q} > {log:q} 2>&1"


rule draw_panel:
    input:
        weights=f"{CLASSES}/panels/{{panel}}/weights.csv",
        grid=f"{CLASSES}/panels/{{panel}}/grid.csv",
    output:
        figure=report(
            f"{FIGURES}/panel.{{panel}}.png",
            category="Classifier weights",
            caption="../report/panel.rst",
        ),
        vector=f"{FIGURES}/panel.{{panel}}.svg",
    log:
        f"{RESULTS}/logs/reporting/panel.{{panel}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/reporting/panel.{{panel}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("reporting/draw_panel"),
        metric=CHALLENGE.weight_search.metric,
    message:
        "Drawing the weights of the panel {wildcards.panel}"
    shell:
        'python "$SCRIPTS"/reporting/draw_panel.py --metric {params.metric:q} --weights {input.weights:q} --grid {input.grid:q}'
        " --figure {output.figure:q} {output.vector:q} > {log:q} 2>&1"


if RESAMPLED:

    rule draw_sampling:
        input:
            features=f"{RESULTS}/features/{RESAMPLED[0][1]}/T{TRAINING_SCALE}.training.h5",
            videos=items("training", "videos"),
            instances=items("training", "instances"),
        output:
            figure=report(f"{FIGURES}/sampling.png", category="Training", caption="../report/sampling.rst"),
            vector=f"{FIGURES}/sampling.svg",
        log:
            f"{RESULTS}/logs/reporting/sampling.log",
        benchmark:
            f"{RESULTS}/benchmarks/reporting/sampling.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("reporting/draw_sampling", SECTION.model.network_module()),
            settings=RESAMPLED_SETTINGS,
        message:
            "Drawing the proposals that the sampling stages select"
        shell:
            'python "$SCRIPTS"/reporting/draw_sampling.py --features {input.features:q} --videos {input.videos:q}'
            " --instances {input.instances:q} --figure {output.figure:q} {output.vector:q} --settings {params.settings:q} > {log:q} 2>&1"


if SWEPT is not None:

    rule draw_sweep:
        input:
            table=f"{RESULTS}/sweep/table.csv",
        output:
            figure=f"{RESULTS}/sweep/table.png",
            vector=f"{RESULTS}/sweep/table.svg",
        log:
            f"{RESULTS}/logs/sweep/draw.log",
        benchmark:
            f"{RESULTS}/benchmarks/sweep/draw.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("reporting/draw_sweep"),
        message:
            "Drawing the sweep over detection settings"
        shell:
            'python "$SCRIPTS"/reporting/draw_sweep.py --table {input.table:q} --figure {output.figure:q} {output.vector:q} > {log:q} 2>&1'
