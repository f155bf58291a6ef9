# Improvement A: the encoders of a blend are weighed by their validation scores, and their maps are fused.


rule weigh_encoders:
    input:
        maps=lambda wildcards: member_maps(wildcards, TRAINING_SCALE, "validation"),
        videos=items("validation", "videos"),
        instances=items("validation", "instances"),
    output:
        weights=f"{R}/fusion/{{generator}}/{{blend}}/weights.csv",
    log:
        f"{R}/logs/fusion/{{generator}}/{{blend}}/weights.log",
    benchmark:
        f"{R}/benchmarks/fusion/{{generator}}/{{blend}}/weights.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("weigh_encoders"),
        settings=lambda wildcards: settings(
            fusion=fusion_settings(wildcards),
            detection=proposal_settings(wildcards.generator),
            evaluation=recall_settings(),
        ),
        members=lambda wildcards: CHALLENGE.blends[wildcards.blend].members,
    message:
        "Weighing the encoders of {wildcards.blend} for {wildcards.generator}"
    shell:
        "python $SCRIPTS/weigh_encoders.py --members {params.members} --maps {input.maps}"
        " --videos {input.videos} --instances {input.instances} --weights {output.weights}"
        " --settings {params.settings:q} > {log} 2>&1"


rule fuse_maps:
    input:
        weights=f"{R}/fusion/{{generator}}/{{blend}}/weights.csv",
        maps=lambda wildcards: member_maps(wildcards, wildcards.scale, wildcards.subset),
        videos=expected_videos,
    output:
        fused=f"{R}/fusion/{{generator}}/{{blend}}/T{{scale}}.{{subset}}.h5",
    log:
        f"{R}/logs/fusion/{{generator}}/{{blend}}/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/fusion/{{generator}}/{{blend}}/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("fuse_maps"),
        settings=lambda wildcards: settings(fusion=fusion_settings(wildcards)),
        members=lambda wildcards: CHALLENGE.blends[wildcards.blend].members,
    message:
        "Fusing the {wildcards.generator} maps of {wildcards.blend} at {wildcards.scale} cells ({wildcards.subset})"
    shell:
        "python $SCRIPTS/fuse_maps.py --members {params.members} --weights {input.weights}"
        " --maps {input.maps} --videos {input.videos} --fused {output.fused}"
        " --settings {params.settings:q} > {log} 2>&1"
