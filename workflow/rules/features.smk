# Features: join the streams of an encoder and rescale them to T cells; list the files that were read.


rule rescale_features:
    input:
        videos=f"{RESULTS}/annotations/T{{scale}}.{{subset}}.txt",
        subset=optional_videos,
        streams=lambda wildcards: [source(stream.path) for stream in feature_sources(wildcards)],
    output:
        features=f"{RESULTS}/features/{{encoder}}/T{{scale}}.{{subset}}.h5",
    log:
        f"{RESULTS}/logs/features/{{encoder}}/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/features/{{encoder}}/T{{scale}}.{{subset}}.tsv"
    wildcard_constraints:
        scale="[0-9]+" if CHALLENGE.windows is None else one_of([]),
    conda:
        ENVIRONMENT
    params:
        **code("features/rescale_features"),
        settings=feature_settings,
        fingerprints=lambda wildcards: stream_fingerprints(
            feature_sources(wildcards),
            [wildcards.subset],
            None if optional_videos(wildcards) else wildcards.scale,
        ),
    message:
        "Rescaling the {wildcards.subset} features of {wildcards.encoder} to {wildcards.scale} cells"
    shell:
        'python "$SCRIPTS"/features/rescale_features.py --encoder {wildcards.encoder:q} --scale {wildcards.scale:q}'
        " --videos {input.videos:q} --subset {input.subset:q} --features {output.features:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule list_features:
    input:
        videos=f"{RESULTS}/annotations/{{subset}}.videos.tsv",
        streams=lambda wildcards: [source(stream.path) for stream in feature_sources(wildcards)],
    output:
        manifest=f"{RESULTS}/features/{{encoder}}/manifest.{{subset}}.csv",
    log:
        f"{RESULTS}/logs/features/{{encoder}}/manifest.{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/features/{{encoder}}/manifest.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("features/list_features"),
        settings=lambda wildcards: settings(
            streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)]
        ),
        fingerprints=lambda wildcards: stream_fingerprints(feature_sources(wildcards), [wildcards.subset]),
    message:
        "Listing the {wildcards.subset} features of {wildcards.encoder}"
    shell:
        'python "$SCRIPTS"/features/list_features.py --videos {input.videos:q} --manifest {output.manifest:q}'
        " --settings {params.settings:q} > {log:q} 2>&1"
