# Inference: one job for each model and scale, for the validation and the test videos that need the scale.


rule predict_maps:
    input:
        model=f"{R}/models/{{generator}}/{{encoder}}/{{initialisation}}/model.safetensors",
        validation=f"{R}/features/{{encoder}}/T{{scale}}.validation.h5",
        testing=f"{R}/features/{{encoder}}/T{{scale}}.testing.h5",
    output:
        validation=f"{R}/maps/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.validation.h5",
        testing=f"{R}/maps/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.testing.h5",
    log:
        f"{R}/logs/inference/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.log",
    benchmark:
        f"{R}/benchmarks/inference/{{generator}}/{{encoder}}/{{initialisation}}/T{{scale}}.tsv"
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
    params:
        **code("predict_maps"),
        settings=settings(inference=CHALLENGE.inference, compute=CHALLENGE.compute),
    message:
        "Predicting maps of {wildcards.generator} on {wildcards.encoder} ({wildcards.initialisation}) at {wildcards.scale} cells"
    shell:
        "python $SCRIPTS/predict_maps.py --model {input.model}"
        " --features {input.validation} {input.testing} --maps {output.validation} {output.testing}"
        " --settings {params.settings:q} > {log} 2>&1"
