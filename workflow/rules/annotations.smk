# Ground truth: one table of videos and one of instances for each subset, and the videos of each scale.


if CHALLENGE.simulation is not None:

    rule simulate:
        output:
            files=[path for path in PLAN.expected_files() if Path(path).suffix],
            folders=[directory(path) for path in PLAN.expected_files() if not Path(path).suffix],
        params:
            settings=settings(simulation=CHALLENGE.simulation, seed=CHALLENGE.compute.seed),
            folder=SIMULATED,
            **code("simulate"),
        log:
            f"{R}/logs/simulate.log",
        benchmark:
            f"{R}/benchmarks/simulate.tsv"
        conda:
            ENVIRONMENT
        message:
            "Simulating the challenge"
        shell:
            "python {SCRIPTS}/simulate.py --folder {params.folder} --settings {params.settings:q} > {log} 2>&1"


def annotation_settings(subset):
    return CHALLENGE.pretraining if subset == "pretraining" else CHALLENGE.annotations


def annotation_files(subset):
    return list(annotation_settings(subset).files)


def annotation_digest(subset):
    """Changes with this subset's own annotations, and with nothing else."""
    if CHALLENGE.simulation is not None:
        return "simulated"
    return subset_digest(annotation_settings(subset), "training" if subset == "pretraining" else subset)


rule classes:
    input:
        annotations=[source(path) for path in annotation_files("training")],
    output:
        f"{R}/annotations/classes.txt",
    params:
        settings=settings(annotations=CHALLENGE.annotations),
        digest=annotation_digest("training"),
        **code("list_classes"),
    log:
        f"{R}/logs/classes.log",
    benchmark:
        f"{R}/benchmarks/classes.tsv"
    conda:
        ENVIRONMENT
    message:
        "Listing the classes"
    shell:
        "python {SCRIPTS}/list_classes.py --classes {output} --settings {params.settings:q} > {log} 2>&1"


rule annotations:
    input:
        annotations=lambda wildcards: [source(path) for path in annotation_files(wildcards.subset)],
    output:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
        instances=f"{R}/annotations/{{subset}}.instances.tsv",
    params:
        settings=lambda wildcards: settings(annotations=annotation_settings(wildcards.subset)),
        digest=lambda wildcards: annotation_digest(wildcards.subset),
        **code("read_annotations"),
    log:
        f"{R}/logs/annotations/{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/annotations/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    message:
        "Reading the annotations of the {wildcards.subset} subset"
    shell:
        "python {SCRIPTS}/read_annotations.py --subset {wildcards.subset}"
        " --videos {output.videos} --instances {output.instances}"
        " --settings {params.settings:q} > {log} 2>&1"


rule scale_videos:
    input:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
    output:
        f"{R}/annotations/T{{scale}}.{{subset}}.txt",
    params:
        settings=lambda wildcards: settings(durations=PLAN.durations_at(int(wildcards.scale))),
        **code("list_scale_videos"),
    log:
        f"{R}/logs/scale_videos/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/scale_videos/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    message:
        "Listing the {wildcards.subset} videos at {wildcards.scale} cells"
    shell:
        "python {SCRIPTS}/list_scale_videos.py --videos {input.videos} --list {output}"
        " --settings {params.settings:q} > {log} 2>&1"
