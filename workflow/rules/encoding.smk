# Videos: decode them and encode their snippets with a network, into one file of features for each stream.


def encoded_stream(wildcards):
    return PLAN.stream(wildcards.encoder, wildcards.dataset, wildcards.stream)


def encoded_tables(wildcards):
    """Return the tables of all videos of a data set."""
    subsets = ["pretraining"] if wildcards.dataset == "pretraining" else ["training", *EVALUATED]
    return [f"{RESULTS}/annotations/{subset}.videos.tsv" for subset in subsets]


def network_of(wildcards):
    return CHALLENGE.networks[encoded_stream(wildcards).network]


def encoding_sources(wildcards):
    """Return the user's files: the folder of the videos, and the files of the network."""
    return [encoded_stream(wildcards).videos, *network_of(wildcards).model.files]


rule encode_videos:
    input:
        tables=encoded_tables,
        sources=lambda wildcards: [source(path) for path in encoding_sources(wildcards)],
    output:
        features=f"{CHALLENGE.encoded}/{{encoder}}/{{dataset}}/{{stream}}.h5",
        scores=f"{CHALLENGE.encoded}/{{encoder}}/{{dataset}}/{{stream}}.scores.json",
    log:
        f"{RESULTS}/logs/encoding/{{encoder}}/{{dataset}}/{{stream}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/encoding/{{encoder}}/{{dataset}}/{{stream}}.tsv"
    wildcard_constraints:
        dataset="challenge|pretraining",
        stream=one_of(row.name for row in PLAN.encoded),
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
    params:
        **code("encoding/encode_videos"),
        folder=lambda wildcards: encoded_stream(wildcards).videos,
        settings=lambda wildcards: settings(
            network=network_of(wildcards),
            encoding=CHALLENGE.encoding,
            compute=CHALLENGE.compute.of_results(),
            channels=encoded_stream(wildcards).channels,
        ),
        fingerprints=lambda wildcards: fingerprints(encoding_sources(wildcards)),
    message:
        "Encoding the videos of {wildcards.encoder}: {wildcards.stream} ({wildcards.dataset})"
    shell:
        'python "$SCRIPTS"/encoding/encode_videos.py --folder {params.folder:q} --videos {input.tables:q}'
        " --features {output.features:q} --scores {output.scores:q} --settings {params.settings:q} > {log:q} 2>&1"
