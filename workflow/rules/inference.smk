# Inference: one job for each model, scale and subset, for the videos that need the scale.


rule predict_maps:
    input:
        model=f"{RESULTS}/models/{{generator}}/{{encoder}}/{{initialisation}}/model.safetensors",
        features=f"{RESULTS}/features/{{encoder}}/T{{scale}}.{{subset}}.h5",
    output:
        maps=f"{RESULTS}/maps/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.{{subset}}.h5",
    log:
        f"{RESULTS}/logs/inference/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/inference/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
    params:
        **code("inference/predict_maps"),
        **network_code("inference/predict_maps"),
        settings=settings(inference=CHALLENGE.inference, compute=CHALLENGE.compute.of_results()),
    message:
        "Predicting {wildcards.subset} maps of {wildcards.generator} on {wildcards.encoder} ({wildcards.initialisation}) at {wildcards.scale} cells"
    shell:
        'python "$SCRIPTS"/inference/predict_maps.py --model {input.model:q} --features {input.features:q} --maps {output.maps:q}'
        " --settings {params.settings:q} > {log:q} 2>&1"
