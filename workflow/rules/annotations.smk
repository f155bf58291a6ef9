# Annotations: the class list, tables of videos and instances of each subset, and the videos of each scale.


rule list_classes:
    input:
        annotations=[source(path) for path in annotation_files("training")],
    output:
        classes=f"{RESULTS}/annotations/classes.txt",
    log:
        f"{RESULTS}/logs/annotations/classes.log",
    benchmark:
        f"{RESULTS}/benchmarks/annotations/classes.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("annotations/list_classes"),
        settings=settings(annotations=CHALLENGE.annotations),
        digest=annotation_digest("training"),
        class_list=lambda wildcards: fingerprints(filter(None, [CHALLENGE.annotations.classes])),
    message:
        "Listing the classes"
    shell:
        'python "$SCRIPTS"/annotations/list_classes.py --classes {output.classes:q} --settings {params.settings:q} > {log:q} 2>&1'


rule read_annotations:
    input:
        annotations=lambda wildcards: [source(path) for path in annotation_files(wildcards.subset)],
    output:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
        instances=f"{RESULTS}/annotations/{{subset}}.instances.tsv",
    log:
        f"{RESULTS}/logs/annotations/{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/annotations/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("annotations/read_annotations"),
        settings=lambda wildcards: settings(annotations=annotation_settings(wildcards.subset)),
        digest=lambda wildcards: annotation_digest(wildcards.subset),
    message:
        "Reading the annotations of the {wildcards.subset} subset"
    shell:
        'python "$SCRIPTS"/annotations/read_annotations.py --subset {wildcards.subset:q}'
        " --videos {output.videos:q} --instances {output.instances:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule list_scale_videos:
    input:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
    output:
        listed=f"{RESULTS}/annotations/T{{scale}}.{{subset}}.txt",
    log:
        f"{RESULTS}/logs/annotations/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/annotations/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("annotations/list_scale_videos"),
        settings=lambda wildcards: settings(
            durations=PLAN.durations_at(int(wildcards.scale), wildcards.subset)
        ),
    message:
        "Listing the {wildcards.subset} videos at {wildcards.scale} cells"
    shell:
        'python "$SCRIPTS"/annotations/list_scale_videos.py --videos {input.videos:q} --list {output.listed:q}'
        " --settings {params.settings:q} > {log:q} 2>&1"
