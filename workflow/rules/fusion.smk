# Improvement A: weights of the encoders of a blend from their validation scores, and fusion of their maps.


rule calibrate_members:
    input:
        maps=lambda wildcards: member_maps(wildcards, TRAINING_SCALE, "validation"),
        videos=items("validation", "videos"),
        instances=items("validation", "instances"),
    output:
        calibrations=f"{RESULTS}/fusion/{{generator}}/{{blend}}/calibrations.json",
    log:
        f"{RESULTS}/logs/fusion/{{generator}}/{{blend}}/calibrations.log",
    benchmark:
        f"{RESULTS}/benchmarks/fusion/{{generator}}/{{blend}}/calibrations.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("fusion/calibrate_members"),
        members=lambda wildcards: CHALLENGE.blends[wildcards.blend].members,
    message:
        "Calibrating the members of the blend {wildcards.blend} for {wildcards.generator}"
    shell:
        'python "$SCRIPTS"/fusion/calibrate_members.py --members {params.members:q} --maps {input.maps:q}'
        " --videos {input.videos:q} --instances {input.instances:q} --calibrations {output.calibrations:q}"
        " > {log:q} 2>&1"


rule weigh_encoders:
    input:
        maps=lambda wildcards: member_maps(wildcards, TRAINING_SCALE, "validation"),
        videos=items("validation", "videos"),
        instances=items("validation", "instances"),
        calibrations=map_calibrations,
    output:
        weights=f"{RESULTS}/fusion/{{generator}}/{{blend}}/weights.csv",
    log:
        f"{RESULTS}/logs/fusion/{{generator}}/{{blend}}/weights.log",
    benchmark:
        f"{RESULTS}/benchmarks/fusion/{{generator}}/{{blend}}/weights.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("fusion/weigh_encoders"),
        settings=lambda wildcards: settings(
            fusion=fusion_settings(wildcards.blend).model_dump(mode="json", exclude={"calibrated"}),
            detection=proposal_settings(wildcards.generator),
            evaluation=recall_settings(),
        ),
        members=lambda wildcards: CHALLENGE.blends[wildcards.blend].members,
    message:
        "Weighting the encoders of the blend {wildcards.blend} for {wildcards.generator}"
    shell:
        'python "$SCRIPTS"/fusion/weigh_encoders.py --members {params.members:q} --maps {input.maps:q}'
        " --videos {input.videos:q} --instances {input.instances:q} --calibrations {input.calibrations:q}"
        " --weights {output.weights:q} --settings {params.settings:q} > {log:q} 2>&1"


rule fuse_maps:
    input:
        weights=f"{RESULTS}/fusion/{{generator}}/{{blend}}/weights.csv",
        maps=lambda wildcards: member_maps(wildcards, wildcards.scale, wildcards.subset),
        videos=expected_videos,
        calibrations=map_calibrations,
    output:
        fused=f"{RESULTS}/fusion/{{generator}}/{{blend}}/T{{scale}}.{{subset}}.h5",
    log:
        f"{RESULTS}/logs/fusion/{{generator}}/{{blend}}/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fusion/{{generator}}/{{blend}}/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    params:
        **code("fusion/fuse_maps"),
        settings=settings(fusion=CHALLENGE.fusion.model_dump(mode="json", include={"maps", "missing"})),
        members=lambda wildcards: CHALLENGE.blends[wildcards.blend].members,
    message:
        "Fusing the {wildcards.generator} maps of {wildcards.blend} at {wildcards.scale} cells ({wildcards.subset})"
    shell:
        'python "$SCRIPTS"/fusion/fuse_maps.py --members {params.members:q} --weights {input.weights:q}'
        " --maps {input.maps:q} --videos {input.videos:q} --calibrations {input.calibrations:q} --fused {output.fused:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"
