# Training: one generator on one encoder, from scratch, on the pre-training set, or from a pre-trained model.


rule train_generator:
    input:
        unpack(training_inputs),
    output:
        model=f"{R}/models/{{generator}}/{{encoder}}/{{initialisation}}/model.safetensors",
        metrics=f"{R}/models/{{generator}}/{{encoder}}/{{initialisation}}/metrics.csv",
    log:
        f"{R}/logs/training/{{generator}}/{{encoder}}/{{initialisation}}.log",
    benchmark:
        f"{R}/benchmarks/training/{{generator}}/{{encoder}}/{{initialisation}}.tsv"
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
        resident_mib=round(1024 * CHALLENGE.compute.resident_gib),  # no parameter: a change makes nothing anew
    params:
        **code("train"),
        settings=training_settings,
        inputs=lambda wildcards, input: " ".join(
            f"--{name.replace('_', '-')} {path}" for name, path in input.items()
        ),
    message:
        "Training {wildcards.generator} on {wildcards.encoder} ({wildcards.initialisation})"
    shell:  # exec: without a shell in between, SIGTERM to the job's processes leaves it time for its checkpoint
        "exec python $SCRIPTS/train.py {params.inputs} --model {output.model} --metrics {output.metrics}"
        " --settings {params.settings:q} --resident-mib {resources.resident_mib} > {log} 2>&1"
