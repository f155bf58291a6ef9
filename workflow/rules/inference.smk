# Inference: one job for each model, scale and subset, for the videos that need the scale.


rule predict_maps:
    input:
        model=f"{R}/models/{{generator}}/{{encoder}}/{{initialisation}}/model.safetensors",
        features=f"{R}/features/{{encoder}}/T{{scale}}.{{subset}}.h5",
    output:
        maps=f"{R}/maps/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.{{subset}}.h5",
    log:
        f"{R}/logs/inference/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.{{subset}}.log",
    benchmark:
        f"{R}/benchmarks/inference/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.{{subset}}.tsv"
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
    params:
        **code("predict_maps"),
        settings=settings(inference=CHALLENGE.inference, compute=CHALLENGE.compute.of_results()),
    message:
        "Predicting {wildcards.subset} maps of {wildcards.generator} on {wildcards.encoder} ({wildcards.initialisation}) at {wildcards.scale} cells"
    shell:
        "python $SCRIPTS/predict_maps.py --model {input.model} --features {input.features} --maps {output.maps}"
        " --settings {params.settings:q} > {log} 2>&1"
