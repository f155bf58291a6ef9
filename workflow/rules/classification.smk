# Improvement B: outside score files or classifiers trained here, weighed on validation.

OUTSIDE = [row.classifier for row in PLAN.classifiers if row.source == "outside"]
TRAINED = [row.classifier for row in PLAN.classifiers if row.source == "trained"]


rule import_scores:
    input:
        scores=lambda wildcards: [source(path) for path in score_files(wildcards.classifier).values()],
        classes=f"{R}/annotations/classes.txt",
        validation=f"{R}/annotations/validation.videos.tsv",
        testing=f"{R}/annotations/testing.videos.tsv",
    output:
        validation=f"{R}/classification/scores/{{classifier}}.validation.h5",
        testing=f"{R}/classification/scores/{{classifier}}.testing.h5",
    log:
        f"{R}/logs/classification/scores/{{classifier}}.log",
    benchmark:
        f"{R}/benchmarks/classification/scores/{{classifier}}.tsv"
    wildcard_constraints:
        classifier=one_of(OUTSIDE) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        **code("import_scores"),
        settings=lambda wildcards: settings(scores=PLAN.classifier(wildcards.classifier).scores),
        fingerprints=lambda wildcards: fingerprints(score_files(wildcards.classifier).values()),
    message:
        "Importing the scores of {wildcards.classifier}"
    shell:
        "python $SCRIPTS/import_scores.py --sources {input.scores} --classes {input.classes}"
        " --videos {input.validation} {input.testing} --scores {output.validation} {output.testing}"
        " --settings {params.settings:q} > {log} 2>&1"


rule train_classifier:
    input:
        unpack(trained_features),
        classes=f"{R}/annotations/classes.txt",
        instances=f"{R}/annotations/training.instances.tsv",
    output:
        validation=f"{R}/classification/scores/{{classifier}}.validation.h5",
        testing=f"{R}/classification/scores/{{classifier}}.testing.h5",
    log:
        f"{R}/logs/classification/scores/{{classifier}}.log",
    benchmark:
        f"{R}/benchmarks/classification/scores/{{classifier}}.tsv"
    wildcard_constraints:
        classifier=one_of(TRAINED) or "(?!)",
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    params:
        **code("train_classifier"),
        settings=settings(classifier=CHALLENGE.classifier_training),
    message:
        "Training the classifier {wildcards.classifier}"
    shell:
        "python $SCRIPTS/train_classifier.py --training {input.training} --instances {input.instances}"
        " --classes {input.classes} --features {input.validation} {input.testing}"
        " --scores {output.validation} {output.testing} --settings {params.settings:q} > {log} 2>&1"


rule weigh_classifiers:
    input:
        validation=lambda wildcards: [
            f"{R}/classification/scores/{name}.validation.h5"
            for name in CHALLENGE.panels[wildcards.panel].members
        ],
        testing=lambda wildcards: [
            f"{R}/classification/scores/{name}.testing.h5"
            for name in CHALLENGE.panels[wildcards.panel].members
        ],
        videos=expand(f"{R}/annotations/{{subset}}.videos.tsv", subset=["validation", "testing"]),
        classes=f"{R}/annotations/classes.txt",
        instances=f"{R}/annotations/validation.instances.tsv",
        maps=lambda wildcards: panel_maps(wildcards.panel),
    output:
        weights=f"{R}/classification/{{panel}}/weights.csv",
        grid=f"{R}/classification/{{panel}}/grid.csv",
        validation=f"{R}/classification/{{panel}}/validation.h5",
        testing=f"{R}/classification/{{panel}}/testing.h5",
    log:
        f"{R}/logs/classification/{{panel}}.log",
    benchmark:
        f"{R}/benchmarks/classification/{{panel}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("weigh_classifiers"),
        settings=lambda wildcards: panel_settings(wildcards.panel),
        members=lambda wildcards: CHALLENGE.panels[wildcards.panel].members,
        models=lambda wildcards: panel_models(wildcards.panel),
        maps=lambda wildcards, input: f"--maps {input.maps}" if input.maps else "",
    message:
        "Weighing the classifiers of {wildcards.panel}"
    shell:
        "python $SCRIPTS/weigh_classifiers.py --members {params.members} --models {params.models:q}"
        " --validation {input.validation} --testing {input.testing} --videos {input.videos}"
        " --classes {input.classes} --instances {input.instances} {params.maps}"
        " --weights {output.weights} --grid {output.grid} --fused {output.validation} {output.testing}"
        " --settings {params.settings:q} > {log} 2>&1"
