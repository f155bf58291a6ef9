# What the features were read from: files, lengths and hashes, for each encoder and subset in use. Of recordings
# that are cut into windows, the recordings themselves.

MANIFESTS = [f"{R}/features/{encoder}/manifest.{subset}.csv" for encoder, subset in PLAN.imports]


rule list_features:
    input:
        videos=f"{R}/annotations/{{subset}}.videos.tsv",
        streams=lambda wildcards: [source(stream.path) for stream in feature_sources(wildcards)],
    output:
        manifest=f"{R}/features/{{encoder}}/manifest.{{subset}}.csv",
    log:
        f"{R}/logs/features/{{encoder}}/manifest.{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/features/{{encoder}}/manifest.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("list_features"),
        settings=lambda wildcards: settings(
            streams=[stream.model_dump(mode="json") for stream in feature_sources(wildcards)]
        ),
        fingerprints=lambda wildcards: fingerprints(stream.path for stream in feature_sources(wildcards)),
    message:
        "Listing the {wildcards.subset} features of {wildcards.encoder}"
    shell:
        "python $SCRIPTS/list_features.py --videos {input.videos} --manifest {output.manifest}"
        " --settings {params.settings:q} > {log} 2>&1"


rule manifests:
    input:
        MANIFESTS,
