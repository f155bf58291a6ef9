# Training: one generator on one encoder, from scratch, on the pre-training set, or from a pre-trained model.


rule train_generator:
    input:
        unpack(training_inputs),
    output:
        model=f"{RESULTS}/models/{{generator}}/{{encoder}}/{{initialisation}}/model.safetensors",
        metrics=f"{RESULTS}/models/{{generator}}/{{encoder}}/{{initialisation}}/metrics.csv",
    log:
        f"{RESULTS}/logs/training/{{generator}}/{{encoder}}/{{initialisation}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/training/{{generator}}/{{encoder}}/{{initialisation}}.tsv"
    conda:
        ENVIRONMENT
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
        resident_gib=str(CHALLENGE.compute.resident_gib),  # not a parameter, so that a change reruns nothing
    params:
        **code("training/train_generator"),
        **network_code("training/train_generator"),
        settings=training_settings,
        inputs=training_flags,
    message:
        "Training {wildcards.generator} on {wildcards.encoder} ({wildcards.initialisation})"
    shell:  # exec: without a shell in between, SIGTERM reaches the training, which writes its checkpoint
        'exec python "$SCRIPTS"/training/train_generator.py {params.inputs:q} --model {output.model:q} --metrics {output.metrics:q}'
        " --settings {params.settings:q} --resident-gib {resources.resident_gib:q} > {log:q} 2>&1"
