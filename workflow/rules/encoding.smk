# Videos: decode them and encode their snippets with a network, into one file of features for each stream.
import hashlib


def encoded_stream(wildcards):
    return PLAN.stream(wildcards.encoder, wildcards.dataset, wildcards.stream)


def encoded_subsets(wildcards):
    """Return the subsets of a data set."""
    return ("pretraining",) if wildcards.dataset == "pretraining" else ("training", *EVALUATED)


def encoded_tables(wildcards):
    """Return the tables of all videos of a data set."""
    return [f"{RESULTS}/annotations/{subset}.videos.tsv" for subset in encoded_subsets(wildcards)]


def network_of(wildcards):
    return CHALLENGE.networks[encoded_stream(wildcards).network]


def encoding_sources(wildcards):
    """Return the user's files: the folder of the videos, and the files of the network."""
    return [encoded_stream(wildcards).videos, *network_of(wildcards).model.files]


def flow_name(row):
    """Return the name of the optical flow that a stream reads; None for RGB."""
    flow = CHALLENGE.networks[row.network].flow_source
    folder = hashlib.sha256(row.videos.encode()).hexdigest()[:6]
    return None if flow is None else f"{flow.key}-{folder}"


FLOWS = {(flow_name(row), row.dataset): row for row in PLAN.encoded if flow_name(row)}


def flow_row(wildcards):
    """Return one of the streams that read a flow."""
    return FLOWS[wildcards.flow, wildcards.dataset]


def flow_of(wildcards):
    """Return the list of the optical flow that a network reads; nothing for RGB."""
    name = flow_name(encoded_stream(wildcards))
    return [f"{RESULTS}/flow/{name}/{wildcards.dataset}.json"] if name else []


rule compute_flow:
    input:
        tables=encoded_tables,
        videos=lambda wildcards: source(flow_row(wildcards).videos),
    output:
        flows=f"{RESULTS}/flow/{{flow}}/{{dataset}}.json",  # a folder beside it holds an archive for each video
    log:
        f"{RESULTS}/logs/encoding/flow/{{flow}}/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/encoding/flow/{{flow}}/{{dataset}}.tsv"
    wildcard_constraints:
        dataset="challenge|pretraining",
        flow=one_of({name for name, _ in FLOWS}),
    conda:
        ENVIRONMENT
    threads: max(CHALLENGE.encoding.processes, 1)
    resources:
        processes=CHALLENGE.encoding.processes,
    params:
        **code("encoding/compute_flow"),
        folder=lambda wildcards: flow_row(wildcards).videos,
        archives=lambda wildcards: f"{RESULTS}/flow/{wildcards.flow}/{wildcards.dataset}",
        settings=lambda wildcards: settings(
            **dict(CHALLENGE.networks[flow_row(wildcards).network].flow_source)
        ),
        fingerprints=lambda wildcards: video_fingerprints(
            flow_row(wildcards).videos, encoded_subsets(wildcards)
        ),
    message:
        "Computing the optical flow of videos: {wildcards.flow} ({wildcards.dataset})"
    shell:
        'python "$SCRIPTS"/encoding/compute_flow.py --folder {params.folder:q} --videos {input.tables:q}'
        " --archives {params.archives:q} --output {output.flows:q} --settings {params.settings:q}"
        " --processes {resources.processes:q} > {log:q} 2>&1"


rule encode_videos:
    input:
        tables=encoded_tables,
        sources=lambda wildcards: [source(path) for path in encoding_sources(wildcards)],
        flow=flow_of,
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
    threads: CHALLENGE.compute.threads + CHALLENGE.encoding.processes
    resources:
        gpu=GPU,
        processes=CHALLENGE.encoding.processes,
    params:
        **code("encoding/encode_videos"),
        folder=lambda wildcards: encoded_stream(wildcards).videos,
        settings=lambda wildcards: settings(
            network=network_of(wildcards),
            encoding=CHALLENGE.encoding.of_results(),
            device=CHALLENGE.compute.chosen_device,
            threads=CHALLENGE.compute.threads,
            channels=encoded_stream(wildcards).channels,
        ),
        fingerprints=lambda wildcards: [
            *video_fingerprints(encoded_stream(wildcards).videos, encoded_subsets(wildcards)),
            *fingerprints(network_of(wildcards).model.files),
        ],
    message:
        "Encoding the videos of {wildcards.encoder}: {wildcards.stream} ({wildcards.dataset})"
    shell:
        'python "$SCRIPTS"/encoding/encode_videos.py --folder {params.folder:q} --videos {input.tables:q}'
        " --features {output.features:q} --scores {output.scores:q} --settings {params.settings:q}"
        " --flow {input.flow:q} --processes {resources.processes:q} > {log:q} 2>&1"
