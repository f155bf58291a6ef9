# Classes of snippets, and the controls that detect runs of them.

SUBSETS = ["training", *EVALUATED]
STREAMS = {encoder: snippet_streams(encoder) for encoder in PLAN.encoders}
ALL_STREAMS = [stream for streams in STREAMS.values() for stream in streams]


rule import_snippet_scores:
    input:
        streams=lambda wildcards: [source(stream["path"]) for stream in scoring_streams(wildcards)],
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=SUBSETS),
        classes=f"{RESULTS}/annotations/classes.txt",
    output:
        scores=expand(f"{RESULTS}/snippets/scores/{{{{classifier}}}}.{{subset}}.h5", subset=SUBSETS),
    log:
        f"{RESULTS}/logs/snippets/scores/{{classifier}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/snippets/scores/{{classifier}}.tsv"
    wildcard_constraints:
        classifier=one_of(row.classifier for row in PLAN.classifiers if row.source == "encoder"),
    conda:
        ENVIRONMENT
    params:
        **code("snippets/import_snippet_scores"),
        settings=lambda wildcards: settings(
            streams=scoring_streams(wildcards),
            snippets=CHALLENGE.windows.snippets,
            scores=PLAN.classifier(wildcards.classifier).scores,
        ),
        fingerprints=lambda wildcards: stream_fingerprints(scoring_streams(wildcards), SUBSETS),
    message:
        "Importing the snippet scores of {wildcards.classifier}"
    shell:
        'python "$SCRIPTS"/snippets/import_snippet_scores.py --videos {input.videos:q} --classes {input.classes:q}'
        " --scores {output.scores:q} --settings {params.settings:q} > {log:q} 2>&1"


rule train_snippet_classifier:
    input:
        streams=[source(stream["path"]) for stream in ALL_STREAMS],
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=SUBSETS),
        instances=f"{RESULTS}/annotations/training.instances.tsv",
        groups=[source(path) for path in GROUPS],
        classes=f"{RESULTS}/annotations/classes.txt",
    output:
        scores=expand(f"{RESULTS}/snippets/scores/{{{{classifier}}}}.{{subset}}.h5", subset=SUBSETS),
        model=f"{RESULTS}/snippets/models/{{classifier}}.safetensors",
    log:
        f"{RESULTS}/logs/snippets/scores/{{classifier}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/snippets/scores/{{classifier}}.tsv"
    wildcard_constraints:
        classifier=one_of(row.classifier for row in PLAN.classifiers if row.source == "snippets"),
    conda:
        ENVIRONMENT
    params:
        **code("snippets/train_snippet_classifier"),
        settings=lambda wildcards: settings(
            snippet_classifier=snippet_classifier(wildcards.classifier), **snippet_settings(STREAMS)
        ),
        fingerprints=lambda wildcards: [*stream_fingerprints(ALL_STREAMS, SUBSETS), *fingerprints(GROUPS)],
    message:
        "Training the snippet classifier {wildcards.classifier}"
    shell:
        'python "$SCRIPTS"/snippets/train_snippet_classifier.py --videos {input.videos[0]:q} --instances {input.instances:q}'
        " --groups {input.groups:q} --classes {input.classes:q} --training {output.scores[0]:q}"
        " --others {input.videos[1]:q} {input.videos[2]:q} --scores {output.scores[1]:q} {output.scores[2]:q}"
        " --model {output.model:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule weigh_snippet_classifiers:
    input:
        training=lambda wildcards: member_snippets(wildcards.panel, "training"),
        validation=lambda wildcards: member_snippets(wildcards.panel, "validation"),
        testing=lambda wildcards: member_snippets(wildcards.panel, "testing"),
        instances=f"{RESULTS}/annotations/validation.instances.tsv",
    output:
        weights=f"{RESULTS}/snippets/panels/{{panel}}/weights.csv",
        grid=f"{RESULTS}/snippets/panels/{{panel}}/grid.csv",
        fused=expand(f"{RESULTS}/snippets/panels/{{{{panel}}}}/{{subset}}.h5", subset=SUBSETS),
    log:
        f"{RESULTS}/logs/snippets/panels/{{panel}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/snippets/panels/{{panel}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("snippets/weigh_snippet_classifiers"),
        settings=lambda wildcards: panel_settings(wildcards.panel),
        members=lambda wildcards: CHALLENGE.panels[wildcards.panel].members,
        models=lambda wildcards: classifier_models(wildcards.panel),
    message:
        "Weighting the snippet classifiers of the panel {wildcards.panel}"
    shell:
        'python "$SCRIPTS"/snippets/weigh_snippet_classifiers.py --members {params.members:q} --models {params.models:q}'
        " --validation {input.validation:q} --instances {input.instances:q}"
        " --weights {output.weights:q} --grid {output.grid:q}"
        " --scores {input.training:q} --scores {input.validation:q} --scores {input.testing:q}"
        " --fused {output.fused:q} --settings {params.settings:q} > {log:q} 2>&1"


rule detect_runs:
    input:
        training=lambda wildcards: (
            panel_scores(CHALLENGE.variants[wildcards.variant].panel, "training")
            if sequence_model(wildcards.variant)
            else []
        ),
        instances=lambda wildcards: (
            f"{RESULTS}/annotations/training.instances.tsv" if sequence_model(wildcards.variant) else []
        ),
        scores=lambda wildcards: [
            panel_scores(CHALLENGE.variants[wildcards.variant].panel, subset) for subset in EVALUATED
        ],
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=EVALUATED),
    output:
        detections=expand(f"{RESULTS}/detections/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
        proposals=expand(f"{RESULTS}/proposals/{{{{variant}}}}.{{subset}}.parquet", subset=EVALUATED),
    log:
        f"{RESULTS}/logs/detection/{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/detection/{{variant}}.tsv"
    wildcard_constraints:
        variant=variants_from("runs"),
    conda:
        ENVIRONMENT
    params:
        **code("snippets/detect_runs"),
        settings=lambda wildcards: settings(**sequence_model(wildcards.variant)),
    message:
        "Detecting the runs of snippet classes: {wildcards.variant}"
    shell:
        'python "$SCRIPTS"/snippets/detect_runs.py --training {input.training:q} --instances {input.instances:q}'
        " --scores {input.scores:q} --videos {input.videos:q} --detections {output.detections:q}"
        " --proposals {output.proposals:q} --settings {params.settings:q} > {log:q} 2>&1"


rule ground_truth_snippets:
    input:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
        classes=f"{RESULTS}/annotations/classes.txt",
        instances=known_instances,
    output:
        scores=f"{RESULTS}/snippets/ground_truth/{{subset}}.h5",
    log:
        f"{RESULTS}/logs/snippets/ground_truth/{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/snippets/ground_truth/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("snippets/ground_truth_snippets"),
        settings=settings(snippets=CHALLENGE.windows.snippets),
    message:
        "Writing the annotated classes of the {wildcards.subset} snippets"
    shell:
        'python "$SCRIPTS"/snippets/ground_truth_snippets.py --videos {input.videos:q} --classes {input.classes:q}'
        " --instances {input.instances:q} --scores {output.scores:q} --settings {params.settings:q} > {log:q} 2>&1"
