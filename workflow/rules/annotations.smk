# Ground truth: one table of videos and one of instances for each subset, and the videos of each scale.


if CHALLENGE.simulation is not None:

    rule simulate:
        output:
            files=[path for path in PREPARED if Path(path).suffix],
            folders=[directory(path) for path in PREPARED if not Path(path).suffix],
        log:
            f"{R}/logs/simulate.log",
        benchmark:
            f"{R}/benchmarks/simulate.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("simulate"),
            settings=settings(simulation=CHALLENGE.simulation, seed=CHALLENGE.compute.seed),
            folder=lambda wildcards: MADE,
        message:
            "Simulating the challenge"
        shell:
            "python $SCRIPTS/simulate.py --folder {params.folder} --settings {params.settings:q} > {log} 2>&1"


if CHALLENGE.hapt is not None:
    FETCHED = f"{R}/fetched/hapt.zip"

    rule fetch_hapt:
        output:
            archive=FETCHED,
        log:
            f"{R}/logs/fetch_hapt.log",
        benchmark:
            f"{R}/benchmarks/fetch_hapt.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("download_hapt"),
            address=HAPT_ADDRESS,
        message:
            "Fetching the HAPT recordings"
        shell:
            "python $SCRIPTS/download_hapt.py --address {params.address:q} --archive {output.archive} > {log} 2>&1"

    rule prepare_hapt:
        input:
            archive=ancient(CHALLENGE.archive or FETCHED),
        output:
            annotations=f"{MADE}/annotations.json",
            persons=f"{MADE}/persons.tsv",
            folders=[directory(path) for path in PREPARED if not Path(path).suffix],
        log:
            f"{R}/logs/prepare_hapt.log",
        benchmark:
            f"{R}/benchmarks/prepare_hapt.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("prepare_hapt"),
            settings=settings(hapt=CHALLENGE.hapt, seed=CHALLENGE.compute.seed),
            folder=lambda wildcards: MADE,
            fingerprints=fingerprints(filter(None, [CHALLENGE.archive])),
        message:
            "Encoding the HAPT recordings"
        shell:
            "python $SCRIPTS/prepare_hapt.py --archive {input.archive} --folder {params.folder}"
            " --settings {params.settings:q} > {log} 2>&1"


rule classes:
    input:
        annotations=[source(path) for path in annotation_files("training")],
    output:
        classes=f"{R}/annotations/classes.txt",
    log:
        f"{R}/logs/classes.log",
    benchmark:
        f"{R}/benchmarks/classes.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("list_classes"),
        settings=settings(annotations=CHALLENGE.annotations),
        digest=annotation_digest("training"),
        class_list=fingerprints(filter(None, [CHALLENGE.annotations.classes])),
    message:
        "Listing the classes"
    shell:
        "python $SCRIPTS/list_classes.py --classes {output.classes} --settings {params.settings:q} > {log} 2>&1"


rule annotations:
    input:
        annotations=lambda wildcards: [source(path) for path in annotation_files(wildcards.subset)],
    output:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
        instances=f"{R}/annotations/{{subset}}.instances.tsv",
    log:
        f"{R}/logs/annotations/{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/annotations/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("read_annotations"),
        settings=lambda wildcards: settings(annotations=annotation_settings(wildcards.subset)),
        digest=lambda wildcards: annotation_digest(wildcards.subset),
    message:
        "Reading the annotations of the {wildcards.subset} subset"
    shell:
        "python $SCRIPTS/read_annotations.py --subset {wildcards.subset}"
        " --videos {output.videos} --instances {output.instances}"
        " --settings {params.settings:q} > {log} 2>&1"


rule scale_videos:
    input:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
    output:
        listed=f"{R}/annotations/T{{scale}}.{{subset}}.txt",
    log:
        f"{R}/logs/scale_videos/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/scale_videos/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("list_scale_videos"),
        settings=lambda wildcards: settings(durations=PLAN.durations_at(int(wildcards.scale))),
    message:
        "Listing the {wildcards.subset} videos at {wildcards.scale} cells"
    shell:
        "python $SCRIPTS/list_scale_videos.py --videos {input.videos} --list {output.listed}"
        " --settings {params.settings:q} > {log} 2>&1"
