# Pictures for a reader, and the named targets of the workflow.

FIGURES = f"{R}/figures"
SHOWN = SCORED[-1]  # the subset that was not tuned on, where it is at hand
COMPARED = list(dict.fromkeys([next(iter(CHALLENGE.compared)), CHALLENGE.submission.variant]))
BLENDS = sorted({pair for variant in CHALLENGE.compared.values() for pair in variant.generators.items()})
PANELS = sorted({variant.panel for variant in CHALLENGE.compared.values()} & set(CHALLENGE.panels))
SEARCHED = [
    name
    for name in PANELS
    if CHALLENGE.panels[name].weights == "search" and len(CHALLENGE.panels[name].members) > 1
]
TRAININGS = sorted(
    {
        f"{generator}/{encoder}/{initialisation}"
        for generator, blend in BLENDS
        for encoder, initialisation in PLAN.members(blend)
    }
)
RESAMPLED = [
    (generator, PLAN.members(blend)[0][0])
    for generator, blend in BLENDS
    if CHALLENGE.generators[generator].model.architecture == "bsnpp"
]
if RESAMPLED:
    SECTION = CHALLENGE.generators[RESAMPLED[0][0]]
    RESAMPLED_SETTINGS = settings(model=SECTION.model, training=SECTION.training)


rule draw_results:
    input:
        table=f"{R}/tables/ablation.csv",
        scores=expand(f"{R}/evaluation/{{variant}}.{SHOWN}.json", variant=CHALLENGE.compared),
    output:
        ablation=report(f"{FIGURES}/ablation.png", category="Results", caption="../report/ablation.rst"),
        recall=report(f"{FIGURES}/average_recall.png", category="Results", caption="../report/recall.rst"),
    log:
        f"{R}/logs/reporting/results.log",
    benchmark:
        f"{R}/benchmarks/reporting/results.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("draw_results"),
    message:
        "Drawing the results"
    shell:
        "python $SCRIPTS/draw_results.py --table {input.table} --scores {input.scores}"
        " --ablation {output.ablation} --recall {output.recall} > {log} 2>&1"


rule draw_timeline:
    input:
        detections=expand(f"{R}/detections/{{variant}}.{SHOWN}.parquet", variant=COMPARED),
        videos=f"{R}/annotations/{SHOWN}.videos.tsv",
        instances=f"{R}/annotations/{SHOWN}.instances.tsv",
    output:
        best=report(f"{FIGURES}/timeline.best.png", category="Results", caption="../report/timeline.rst"),
        worst=report(f"{FIGURES}/timeline.worst.png", category="Results", caption="../report/timeline.rst"),
    log:
        f"{R}/logs/reporting/timeline.log",
    benchmark:
        f"{R}/benchmarks/reporting/timeline.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("draw_timeline"),
        variants=COMPARED,
    message:
        "Drawing the detections of the best and of the worst video"
    shell:
        "python $SCRIPTS/draw_timeline.py --variants {params.variants} --detections {input.detections}"
        " --videos {input.videos} --instances {input.instances} --best {output.best} --worst {output.worst}"
        " > {log} 2>&1"


rule draw_training:
    input:
        metrics=expand(f"{R}/models/{{training}}/metrics.csv", training=TRAININGS),
    output:
        figure=report(f"{FIGURES}/training.png", category="Training", caption="../report/training.rst"),
    log:
        f"{R}/logs/reporting/training.log",
    benchmark:
        f"{R}/benchmarks/reporting/training.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("draw_training"),
        names=TRAININGS,
    message:
        "Drawing the training curves"
    shell:
        "python $SCRIPTS/draw_training.py --names {params.names} --metrics {input.metrics}"
        " --figure {output.figure} > {log} 2>&1"


if RESAMPLED:

    rule draw_sampling:
        input:
            features=f"{R}/features/{RESAMPLED[0][1]}/T{TRAINING_SCALE}.training.h5",
            videos=items("training", "videos"),
            instances=items("training", "instances"),
        output:
            figure=report(f"{FIGURES}/sampling.png", category="Training", caption="../report/sampling.rst"),
        log:
            f"{R}/logs/reporting/sampling.log",
        benchmark:
            f"{R}/benchmarks/reporting/sampling.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("draw_sampling"),
            settings=RESAMPLED_SETTINGS,
        message:
            "Drawing what the sampling stages leave"
        shell:
            "python $SCRIPTS/draw_sampling.py --features {input.features} --videos {input.videos}"
            " --instances {input.instances} --figure {output.figure} --settings {params.settings:q} > {log} 2>&1"


rule draw_weights:
    input:
        weights=f"{R}/fusion/{{generator}}/{{blend}}/weights.csv",
    output:
        figure=report(
            f"{FIGURES}/weights.{{generator}}.{{blend}}.png",
            category="Encoder weights",
            caption="../report/weights.rst",
        ),
    log:
        f"{R}/logs/reporting/weights.{{generator}}.{{blend}}.log",
    benchmark:
        f"{R}/benchmarks/reporting/weights.{{generator}}.{{blend}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("draw_weights"),
        metric=CHALLENGE.fusion.metric,
    message:
        "Drawing the weights of {wildcards.blend}"
    shell:
        "python $SCRIPTS/draw_weights.py --metric {params.metric} --weights {input.weights}"
        " --figure {output.figure} > {log} 2>&1"


rule draw_panel:
    input:
        weights=f"{R}/classification/{{panel}}/weights.csv",
        grid=f"{R}/classification/{{panel}}/grid.csv",
    output:
        figure=report(
            f"{FIGURES}/panel.{{panel}}.png",
            category="Classifier weights",
            caption="../report/panel.rst",
        ),
    log:
        f"{R}/logs/reporting/panel.{{panel}}.log",
    benchmark:
        f"{R}/benchmarks/reporting/panel.{{panel}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("draw_panel"),
        metric=CHALLENGE.weight_search.metric,
    message:
        "Drawing the weights of {wildcards.panel}"
    shell:
        "python $SCRIPTS/draw_panel.py --metric {params.metric} --weights {input.weights} --grid {input.grid}"
        " --figure {output.figure} > {log} 2>&1"


rule train:
    input:
        expand(f"{R}/models/{{training}}/model.safetensors", training=TRAININGS),


rule fuse:
    input:
        [
            f"{R}/fusion/{generator}/{blend}/T{scale}.validation.h5"
            for variant in CHALLENGE.compared.values()
            for generator, blend in variant.generators.items()
            for scale in PLAN.scales_of(variant)
        ],


rule classify:
    input:
        expand(
            f"{R}/classification/{{panel}}/testing.h5",
            panel=PANELS,
        ),


rule submit:
    input:
        f"{R}/submission.valid.txt",


rule evaluate:
    input:
        f"{R}/tables/ablation.csv",
        expand(f"{R}/tables/ensemble.{{variant}}.csv", variant=ENSEMBLES),


rule components:
    input:
        f"{R}/tables/components.csv" if COMPONENTS else [],


rule draw:
    input:
        f"{FIGURES}/ablation.png",
        f"{FIGURES}/average_recall.png",
        f"{FIGURES}/timeline.best.png",
        f"{FIGURES}/timeline.worst.png",
        f"{FIGURES}/training.png",
        [f"{FIGURES}/sampling.png"] if RESAMPLED else [],
        [f"{FIGURES}/weights.{generator}.{blend}.png" for generator, blend in BLENDS],
        expand(f"{FIGURES}/panel.{{panel}}.png", panel=SEARCHED),
