# Features: the streams of an encoder, joined and rescaled to T cells.


rule rescale_features:
    input:
        videos=f"{R}/annotations/T{{scale}}.{{subset}}.txt",
        subset=lackable_videos,
        streams=lambda wildcards: [source(stream.path) for stream in feature_sources(wildcards)],
    output:
        features=f"{R}/features/{{encoder}}/T{{scale}}.{{subset}}.h5",
    log:
        f"{R}/logs/features/{{encoder}}/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/features/{{encoder}}/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("rescale_features"),
        settings=feature_settings,
        fingerprints=lambda wildcards: fingerprints(stream.path for stream in feature_sources(wildcards)),
    message:
        "Rescaling the {wildcards.subset} features of {wildcards.encoder} to {wildcards.scale} cells"
    shell:
        "python $SCRIPTS/rescale_features.py --encoder {wildcards.encoder} --scale {wildcards.scale}"
        " --videos {input.videos} --subset {input.subset} --features {output.features}"
        " --settings {params.settings:q} > {log} 2>&1"
