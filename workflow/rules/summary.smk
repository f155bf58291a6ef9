# The manifest of a run (what determined its results, and checksums), its report, and the maps and videos in it.


rule write_manifest:
    input:
        files=[
            *SUBMISSIONS.values(),
            f"{RESULTS}/tables/ablation.csv",
            f"{RESULTS}/tables/classes.csv",
            *expand(f"{RESULTS}/tables/ensemble.{{variant}}.csv", variant=ENSEMBLES),
        ],
        weights=[
            *(f"{RESULTS}/fusion/{generator}/{blend}/weights.csv" for generator, blend in BLENDS),
            *(f"{CLASSES}/panels/{panel}/weights.csv" for panel in PANELS),
        ],
        given=[source(path) for path in GIVEN.values()],
        features=FEATURE_MANIFESTS,
    output:
        manifest=f"{RESULTS}/manifest.json",
    log:
        f"{RESULTS}/logs/summary/manifest.log",
    benchmark:
        f"{RESULTS}/benchmarks/summary/manifest.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("summary/write_manifest"),
        settings=lambda wildcards: run_settings(),  # a pattern contains {video}, no wildcard
        uses=list(GIVEN),
        fingerprints=lambda wildcards: fingerprints(GIVEN.values()),
    message:
        "Writing the manifest of the run"
    shell:
        'python "$SCRIPTS"/summary/write_manifest.py --files {input.files:q} --weights {input.weights:q}'
        " --inputs {input.given:q} --uses {params.uses:q} --features {input.features:q}"
        " --manifest {output.manifest:q} --settings {params.settings:q} > {log:q} 2>&1"


rule draw_maps:
    input:
        weights=f"{RESULTS}/fusion/{{generator}}/{{blend}}/weights.csv",
        maps=lambda wildcards: member_maps(wildcards, LARGEST, SHOWN),
        fused=f"{RESULTS}/fusion/{{generator}}/{{blend}}/T{LARGEST}.{SHOWN}.h5",
        videos=items(SHOWN, "videos"),
        instances=items(SHOWN, "instances"),
        calibrations=map_calibrations,
    output:
        figure=report(
            f"{FIGURES}/maps.{{generator}}.{{blend}}.png",
            category="Encoder weights",
            caption="../report/maps.rst",
        ),
        vector=f"{FIGURES}/maps.{{generator}}.{{blend}}.svg",
    log:
        f"{RESULTS}/logs/summary/maps.{{generator}}.{{blend}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/summary/maps.{{generator}}.{{blend}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("summary/draw_maps"),
        members=lambda wildcards: CHALLENGE.blends[wildcards.blend].members,
    message:
        "Drawing the {wildcards.generator} maps of the blend {wildcards.blend}"
    shell:
        'python "$SCRIPTS"/summary/draw_maps.py --members {params.members:q} --weights {input.weights:q}'
        " --maps {input.maps:q} --fused {input.fused:q} --videos {input.videos:q} --instances {input.instances:q}"
        " --calibrations {input.calibrations:q} --figure {output.figure:q} {output.vector:q} > {log:q} 2>&1"


rule draw_videos:
    input:
        detections=expand(f"{RESULTS}/detections/{{variant}}.{SHOWN}.parquet", variant=STEP),
        videos=f"{RESULTS}/annotations/{SHOWN}.videos.tsv",
        instances=f"{RESULTS}/annotations/{SHOWN}.instances.tsv",
        maps=fused_maps(PROPOSER, SHOWN) if PROPOSER else [],
        windows=[f"{RESULTS}/windows/{SHOWN}.windows.tsv"] if PROPOSER and CHALLENGE.windows else [],
    output:
        table=f"{RESULTS}/diagnosis/videos.csv",
        folder=directory(f"{FIGURES}/videos"),
    log:
        f"{RESULTS}/logs/summary/videos.log",
    benchmark:
        f"{RESULTS}/benchmarks/summary/videos.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("summary/draw_videos"),
        variants=STEP,
        settings=settings(maps=shown_maps(), evaluation=CHALLENGE.evaluation.metrics),
    message:
        "Drawing a dozen videos, chosen by rule"
    shell:
        'python "$SCRIPTS"/summary/draw_videos.py --variants {params.variants:q} --detections {input.detections:q}'
        " --videos {input.videos:q} --instances {input.instances:q} --maps {input.maps:q} --windows {input.windows:q}"
        " --table {output.table:q} --folder {output.folder:q} --settings {params.settings:q} > {log:q} 2>&1"


rule write_report:
    input:
        manifest=f"{RESULTS}/manifest.json",
        ablation=f"{RESULTS}/tables/ablation.csv",
        scores=expand(f"{RESULTS}/evaluation/{{variant}}.{SHOWN}.json", variant=CHALLENGE.compared),
        submitted=expand(
            f"{RESULTS}/evaluation/{CHALLENGE.submission.variant}.{{subset}}.json", subset=SCORED
        ),
        resamples=expand(
            f"{RESULTS}/evaluation/{CHALLENGE.submission.variant}.{{subset}}.resamples.npy", subset=SCORED
        ),
        videos=expand(f"{RESULTS}/annotations/{{subset}}.videos.tsv", subset=DESCRIBED),
        instances=expand(f"{RESULTS}/annotations/{{subset}}.instances.tsv", subset=ANNOTATED),
        errors=f"{RESULTS}/diagnosis/errors.csv",
        features=FEATURE_MANIFESTS,
        figures=DRAWN,
        videos_shown=f"{RESULTS}/diagnosis/videos.csv",
        video_folder=f"{FIGURES}/videos",
    output:
        page=f"{RESULTS}/report.html",
    log:
        f"{RESULTS}/logs/summary/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/summary/report.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("summary/write_report"),
        benchmarks=f"{RESULTS}/benchmarks",
    message:
        "Writing the report"
    shell:
        'python "$SCRIPTS"/summary/write_report.py --manifest {input.manifest:q} --ablation {input.ablation:q}'
        " --scores {input.scores:q} --submitted {input.submitted:q} --resamples {input.resamples:q}"
        " --videos {input.videos:q} --instances {input.instances:q} --errors {input.errors:q}"
        " --features {input.features:q} --figures {input.figures:q} --videos-shown {input.videos_shown:q}"
        " --video-folder {input.video_folder:q} --benchmarks {params.benchmarks:q}"
        " --report {output.page:q} > {log:q} 2>&1"
