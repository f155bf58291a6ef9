# Improvement B: scores of outside classifiers and of classifiers trained here, weighted on validation.

OUTSIDE = [row.classifier for row in PLAN.classifiers if row.source == "outside"]
TRAINED = [row.classifier for row in PLAN.classifiers if row.source == "trained"]


rule import_scores:
    input:
        scores=lambda wildcards: [source(path) for path in score_files(wildcards.classifier).values()],
        classes=f"{RESULTS}/annotations/classes.txt",
        validation=f"{RESULTS}/annotations/validation.videos.tsv",
        testing=f"{RESULTS}/annotations/testing.videos.tsv",
    output:
        validation=f"{RESULTS}/classification/scores/{{classifier}}.validation.h5",
        testing=f"{RESULTS}/classification/scores/{{classifier}}.testing.h5",
    log:
        f"{RESULTS}/logs/classification/scores/{{classifier}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/classification/scores/{{classifier}}.tsv"
    wildcard_constraints:
        classifier=one_of(OUTSIDE),
    conda:
        ENVIRONMENT
    params:
        **code("classification/import_scores"),
        settings=lambda wildcards: settings(scores=PLAN.classifier(wildcards.classifier).scores),
        fingerprints=lambda wildcards: fingerprints(score_files(wildcards.classifier).values()),
    message:
        "Importing the scores of the classifier {wildcards.classifier}"
    shell:
        'python "$SCRIPTS"/classification/import_scores.py --sources {input.scores:q} --classes {input.classes:q}'
        " --videos {input.validation:q} {input.testing:q} --scores {output.validation:q} {output.testing:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule train_classifier:
    input:
        unpack(trained_features),
        classes=f"{RESULTS}/annotations/classes.txt",
        instances=f"{RESULTS}/annotations/training.instances.tsv",
    output:
        validation=f"{RESULTS}/classification/scores/{{classifier}}.validation.h5",
        testing=f"{RESULTS}/classification/scores/{{classifier}}.testing.h5",
        model=f"{RESULTS}/classification/models/{{classifier}}.safetensors",
    log:
        f"{RESULTS}/logs/classification/scores/{{classifier}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/classification/scores/{{classifier}}.tsv"
    wildcard_constraints:
        classifier=one_of(TRAINED),
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    params:
        **code("classification/train_classifier"),
        settings=settings(classifier=CHALLENGE.classifier_training),
    message:
        "Training the classifier {wildcards.classifier}"
    shell:
        'python "$SCRIPTS"/classification/train_classifier.py --training {input.training:q} --instances {input.instances:q}'
        " --classes {input.classes:q} --features {input.validation:q} {input.testing:q}"
        " --scores {output.validation:q} {output.testing:q} --model {output.model:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule weigh_classifiers:
    input:
        validation=lambda wildcards: [
            f"{RESULTS}/classification/scores/{name}.validation.h5"
            for name in CHALLENGE.panels[wildcards.panel].members
        ],
        testing=lambda wildcards: [
            f"{RESULTS}/classification/scores/{name}.testing.h5"
            for name in CHALLENGE.panels[wildcards.panel].members
        ],
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=["validation", "testing"]),
        classes=f"{RESULTS}/annotations/classes.txt",
        instances=f"{RESULTS}/annotations/validation.instances.tsv",
        maps=lambda wildcards: panel_maps(wildcards.panel),
    output:
        weights=f"{RESULTS}/classification/panels/{{panel}}/weights.csv",
        grid=f"{RESULTS}/classification/panels/{{panel}}/grid.csv",
        validation=f"{RESULTS}/classification/panels/{{panel}}/validation.h5",
        testing=f"{RESULTS}/classification/panels/{{panel}}/testing.h5",
    log:
        f"{RESULTS}/logs/classification/panels/{{panel}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/classification/panels/{{panel}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("classification/weigh_classifiers"),
        settings=lambda wildcards: panel_settings(wildcards.panel),
        members=lambda wildcards: CHALLENGE.panels[wildcards.panel].members,
        models=lambda wildcards: classifier_models(wildcards.panel),
    message:
        "Weighting the classifiers of the panel {wildcards.panel}"
    shell:
        'python "$SCRIPTS"/classification/weigh_classifiers.py --members {params.members:q} --models {params.models:q}'
        " --scores {input.validation:q} --scores {input.testing:q} --videos {input.videos:q}"
        " --classes {input.classes:q} --instances {input.instances:q} --maps {input.maps:q}"
        " --weights {output.weights:q} --grid {output.grid:q} --fused {output.validation:q} {output.testing:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule ground_truth_classes:
    input:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
        classes=f"{RESULTS}/annotations/classes.txt",
        instances=known_instances,
    output:
        scores=f"{RESULTS}/classification/ground_truth/{{subset}}.h5",
    log:
        f"{RESULTS}/logs/classification/ground_truth/{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/classification/ground_truth/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("classification/ground_truth_classes"),
    message:
        "Writing the annotated classes of the {wildcards.subset} videos"
    shell:
        'python "$SCRIPTS"/classification/ground_truth_classes.py --videos {input.videos:q} --classes {input.classes:q}'
        " --instances {input.instances:q} --scores {output.scores:q} > {log:q} 2>&1"
