# Recordings of any length: windows take the place of videos, and classes come from snippets. These rules stand
# in for those of features and classification; controls and the recogniser stand beside those of detection.

SUBSETS = ["training", *EVALUATED]
RUNS = [
    name for name, variant in CHALLENGE.variants.items() if variant.control in ("runs", "hidden_markov_model")
]
STREAMS = snippet_streams(PLAN.encoders)
RECOGNISED_STREAMS = recognised_streams()
RECOGNISED_PATHS = [stream["path"] for streams in RECOGNISED_STREAMS.values() for stream in streams]
RECOGNISED = [name for name, variant in CHALLENGE.variants.items() if variant.recogniser]


rule cut_windows:
    input:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
        instances=f"{R}/annotations/{{subset}}.instances.tsv",
    output:
        windows=f"{R}/windows/{{subset}}.windows.tsv",
        videos=f"{R}/windows/{{subset}}.videos.tsv",
        instances=f"{R}/windows/{{subset}}.instances.tsv",
    log:
        f"{R}/logs/windows/{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/windows/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("cut_windows"),
        settings=settings(windows=CHALLENGE.windows),
    message:
        "Cutting the {wildcards.subset} recordings into windows"
    shell:
        "python $SCRIPTS/cut_windows.py --subset {wildcards.subset} --videos {input.videos}"
        " --instances {input.instances} --windows {output.windows} --window-videos {output.videos}"
        " --window-instances {output.instances} --settings {params.settings:q} > {log} 2>&1"


rule rescale_windows:
    input:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
        windows=f"{R}/windows/{{subset}}.windows.tsv",
        streams=lambda wildcards: [source(stream.path) for stream in feature_sources(wildcards)],
    output:
        features=f"{R}/features/{{encoder}}/T{TRAINING_SCALE}.{{subset}}.h5",
    log:
        f"{R}/logs/features/{{encoder}}/{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/features/{{encoder}}/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("rescale_windows"),
        settings=lambda wildcards: settings(
            streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)],
            windows=CHALLENGE.windows,
        ),
        fingerprints=lambda wildcards: fingerprints(stream.path for stream in feature_sources(wildcards)),
    message:
        "Sampling the {wildcards.subset} windows of {wildcards.encoder}"
    shell:
        "python $SCRIPTS/rescale_windows.py --encoder {wildcards.encoder} --videos {input.videos}"
        " --windows {input.windows} --features {output.features}"
        " --settings {params.settings:q} > {log} 2>&1"


rule train_snippet_classifier:
    input:
        streams=[source(stream["path"]) for stream in STREAMS],
        videos=expand(f"{R}/annotations/{{subset}}.videos.tsv", subset=SUBSETS),
        instances=f"{R}/annotations/training.instances.tsv",
        groups=[source(path) for path in GROUPS],
        classes=f"{R}/annotations/classes.txt",
    output:
        scores=expand(f"{R}/classification/snippets/{{{{classifier}}}}.{{subset}}.h5", subset=SUBSETS),
    log:
        f"{R}/logs/classification/snippets/{{classifier}}.log",
    benchmark:
        f"{R}/benchmarks/classification/snippets/{{classifier}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("train_snippet_classifier"),
        settings=lambda wildcards: settings(
            snippet_classifier=snippet_classifier(wildcards.classifier), **snippet_settings(STREAMS)
        ),
        fingerprints=fingerprints([*(stream["path"] for stream in STREAMS), *GROUPS]),
    message:
        "Training the snippet classifier {wildcards.classifier}"
    shell:
        "python $SCRIPTS/train_snippet_classifier.py --videos {input.videos[0]} --instances {input.instances}"
        " --groups {input.groups} --classes {input.classes} --training {output.scores[0]}"
        " --others {input.videos[1]} {input.videos[2]} --scores {output.scores[1]} {output.scores[2]}"
        " --settings {params.settings:q} > {log} 2>&1"


rule weigh_snippet_classifiers:
    input:
        training=lambda wildcards: panel_snippets(wildcards, "training"),
        validation=lambda wildcards: panel_snippets(wildcards, "validation"),
        testing=lambda wildcards: panel_snippets(wildcards, "testing"),
        instances=f"{R}/annotations/validation.instances.tsv",
    output:
        weights=f"{R}/classification/{{panel}}/weights.csv",
        grid=f"{R}/classification/{{panel}}/grid.csv",
        fused=expand(f"{R}/classification/{{{{panel}}}}/{{subset}}.h5", subset=SUBSETS),
    log:
        f"{R}/logs/classification/{{panel}}.log",
    benchmark:
        f"{R}/benchmarks/classification/{{panel}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("weigh_snippet_classifiers"),
        settings=lambda wildcards: panel_settings(wildcards.panel),
        members=lambda wildcards: CHALLENGE.panels[wildcards.panel].members,
        models=lambda wildcards: panel_models(wildcards.panel),
    message:
        "Weighing the snippet classifiers of {wildcards.panel}"
    shell:
        "python $SCRIPTS/weigh_snippet_classifiers.py --members {params.members} --models {params.models}"
        " --validation {input.validation} --instances {input.instances}"
        " --weights {output.weights} --grid {output.grid}"
        " --scores {input.training} --scores {input.validation} --scores {input.testing}"
        " --fused {output.fused} --settings {params.settings:q} > {log} 2>&1"


rule detect_runs:
    input:
        training=lambda wildcards: panel_scores(wildcards.variant, ["training"]),
        scores=lambda wildcards: panel_scores(wildcards.variant, EVALUATED),
        instances=f"{R}/annotations/training.instances.tsv",
        videos=expand(f"{R}/annotations/{{subset}}.videos.tsv", subset=EVALUATED),
    output:
        detections=expand(f"{R}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        proposals=expand(f"{R}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
    log:
        f"{R}/logs/detection/{{variant}}.log",
    benchmark:
        f"{R}/benchmarks/detection/{{variant}}.tsv"
    wildcard_constraints:
        variant=one_of(RUNS) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        **code("detect_runs"),
        settings=lambda wildcards: settings(
            method=CHALLENGE.variants[wildcards.variant].control, smoothing=CHALLENGE.smoothing
        ),
    message:
        "Grouping snippet classes into detections: {wildcards.variant}"
    shell:
        "python $SCRIPTS/detect_runs.py --training {input.training} --instances {input.instances}"
        " --scores {input.scores} --videos {input.videos} --detections {output.detections}"
        " --proposals {output.proposals} --settings {params.settings:q} > {log} 2>&1"


rule cross_validate_recogniser:
    input:
        streams=[source(path) for path in RECOGNISED_PATHS],
        videos=f"{R}/annotations/training.videos.tsv",
        instances=f"{R}/annotations/training.instances.tsv",
        groups=[source(path) for path in GROUPS],
        classes=f"{R}/annotations/classes.txt",
        panel=recogniser_panel(["training"]),
    output:
        table=f"{R}/tables/recogniser_cv.csv",
        chosen=f"{R}/classification/recogniser.json",
    log:
        f"{R}/logs/classification/recogniser.log",
    benchmark:
        f"{R}/benchmarks/classification/recogniser.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("cross_validate_recogniser"),
        settings=settings(
            recognition=CHALLENGE.recognition,
            detection=CHALLENGE.detection.detecting,
            thresholds=CHALLENGE.evaluation.all_thresholds,
            **snippet_settings(RECOGNISED_STREAMS),
        ),
        fingerprints=fingerprints([*RECOGNISED_PATHS, *GROUPS]),
    message:
        "Choosing the recogniser's settings on the training videos"
    shell:
        "python $SCRIPTS/cross_validate_recogniser.py --videos {input.videos} --instances {input.instances}"
        " --groups {input.groups} --classes {input.classes} --panel {input.panel} --table {output.table}"
        " --chosen {output.chosen} --settings {params.settings:q} > {log} 2>&1"


rule propose_on_training:
    input:
        unpack(lambda wildcards: candidate_inputs(wildcards.variant, ["training"])),
    output:
        detections=temp(f"{R}/detections/{{variant}}.training.parquet"),
        proposals=f"{R}/proposals/{{variant}}.training.parquet",
    log:
        f"{R}/logs/detection/{{variant}}.training.log",
    benchmark:
        f"{R}/benchmarks/detection/{{variant}}.training.tsv"
    wildcard_constraints:
        variant=one_of(GENERATED) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        **code("detect"),
        settings=lambda wildcards: settings(**proposing_settings(wildcards.variant)),
        inputs=lambda wildcards, input: candidate_words(input),
    message:
        "Proposing actions in the training recordings: {wildcards.variant}"
    shell:
        "python $SCRIPTS/detect.py {params.inputs}"
        " --detections {output.detections} --proposals {output.proposals}"
        " --settings {params.settings:q} > {log} 2>&1"


rule recognise:
    input:
        streams=[source(path) for path in RECOGNISED_PATHS],
        training=f"{R}/annotations/training.videos.tsv",
        instances=f"{R}/annotations/training.instances.tsv",
        classes=f"{R}/annotations/classes.txt",
        chosen=f"{R}/classification/recogniser.json",
        panel=recogniser_panel(EVALUATED),
        generated=lambda wildcards: proposals_to_learn(wildcards.variant),
        proposals=lambda wildcards: proposals_of(wildcards.variant, EVALUATED),
        videos=expand(f"{R}/annotations/{{subset}}.videos.tsv", subset=EVALUATED),
    output:
        detections=expand(f"{R}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        proposals=expand(f"{R}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
    log:
        f"{R}/logs/detection/{{variant}}.log",
    benchmark:
        f"{R}/benchmarks/detection/{{variant}}.tsv"
    wildcard_constraints:
        variant=one_of(RECOGNISED) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        **code("train_recogniser"),
        settings=settings(detection=CHALLENGE.detection.detecting, **snippet_settings(RECOGNISED_STREAMS)),
        given=lambda wildcards, input: input.get("proposals") or ["dense"] * len(EVALUATED),
        fingerprints=fingerprints(RECOGNISED_PATHS),
    message:
        "Recognising proposals: {wildcards.variant}"
    shell:
        "python $SCRIPTS/train_recogniser.py --videos {input.training} --instances {input.instances}"
        " --classes {input.classes} --chosen {input.chosen} --generated {input.generated}"
        " --proposals {params.given} --recordings {input.videos} --panel {input.panel}"
        " --detections {output.detections} --refined {output.proposals}"
        " --settings {params.settings:q} > {log} 2>&1"
