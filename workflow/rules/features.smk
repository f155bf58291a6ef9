# Features: the streams of an encoder, joined, and rescaled to T cells or cut into windows of T cells.


if CHALLENGE.windows is None:

    rule rescale_features:
        input:
            videos=f"{R}/annotations/T{{scale}}.{{subset}}.txt",
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
            settings=lambda wildcards: settings(
                streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)],
                rescaling=CHALLENGE.rescaling,
            ),
            fingerprints=lambda wildcards: fingerprints(stream.path for stream in feature_sources(wildcards)),
        message:
            "Rescaling the {wildcards.subset} features of {wildcards.encoder} to {wildcards.scale} cells"
        shell:
            "python $SCRIPTS/rescale_features.py --encoder {wildcards.encoder} --scale {wildcards.scale}"
            " --videos {input.videos} --features {output.features} --settings {params.settings:q} > {log} 2>&1"

else:

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
