# Recordings of any length: cut them into windows, which the later stages treat as videos.


rule cut_windows:
    input:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
        instances=f"{RESULTS}/annotations/{{subset}}.instances.tsv",
    output:
        windows=f"{RESULTS}/windows/{{subset}}.windows.tsv",
        videos=f"{RESULTS}/windows/{{subset}}.videos.tsv",
        instances=f"{RESULTS}/windows/{{subset}}.instances.tsv",
    log:
        f"{RESULTS}/logs/windows/{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/windows/{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("windows/cut_windows"),
        settings=settings(windows=CHALLENGE.windows.cutting),
    message:
        "Cutting the {wildcards.subset} recordings into windows"
    shell:
        'python "$SCRIPTS"/windows/cut_windows.py --subset {wildcards.subset:q} --videos {input.videos:q}'
        " --instances {input.instances:q} --windows {output.windows:q} --window-videos {output.videos:q}"
        " --window-instances {output.instances:q} --settings {params.settings:q} > {log:q} 2>&1"


rule rescale_windows:
    input:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
        windows=f"{RESULTS}/windows/{{subset}}.windows.tsv",
        streams=lambda wildcards: [source(stream.path) for stream in feature_sources(wildcards)],
    output:
        features=f"{RESULTS}/features/{{encoder}}/T{TRAINING_SCALE}.{{subset}}.h5",
    log:
        f"{RESULTS}/logs/features/{{encoder}}/T{TRAINING_SCALE}.{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/features/{{encoder}}/T{TRAINING_SCALE}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("windows/rescale_windows"),
        settings=lambda wildcards: settings(
            streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)],
            snippets=CHALLENGE.windows.snippets,
            windows=CHALLENGE.windows.grid,
        ),
        fingerprints=lambda wildcards: stream_fingerprints(feature_sources(wildcards), [wildcards.subset]),
    message:
        "Sampling the {wildcards.subset} windows of {wildcards.encoder}"
    shell:
        'python "$SCRIPTS"/windows/rescale_windows.py --encoder {wildcards.encoder:q} --videos {input.videos:q}'
        " --windows {input.windows:q} --features {output.features:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"
