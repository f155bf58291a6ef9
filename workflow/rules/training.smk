# Training: one generator on one encoder, from scratch, on the pre-training set, or from a pre-trained model.

TRAINING_SCALE = CHALLENGE.scales.training


def learning_subset(wildcards):
    return "pretraining" if wildcards.initialisation == "pretraining" else "training"


def training_inputs(wildcards):
    """Features and annotations; validation's too where the best epoch is chosen by it; a model to start from."""
    section = CHALLENGE.generators[wildcards.generator]
    subset = learning_subset(wildcards)
    features = f"{R}/features/{wildcards.encoder}/T{TRAINING_SCALE}"
    inputs = {
        "features": f"{features}.{subset}.h5",
        "videos": f"{R}/annotations/{subset}.videos.tsv",
        "instances": f"{R}/annotations/{subset}.instances.tsv",
    }
    if subset == "training" and section.training.select == "best":
        inputs |= {
            "validation_features": f"{features}.validation.h5",
            "validation_videos": f"{R}/annotations/validation.videos.tsv",
            "validation_instances": f"{R}/annotations/validation.instances.tsv",
        }
    if wildcards.initialisation == "pretrained":
        inputs["start"] = f"{R}/models/{wildcards.generator}/{wildcards.encoder}/pretraining/model.safetensors"
    return inputs


def training_settings(wildcards):
    section = CHALLENGE.generators[wildcards.generator]
    schedule = section.pretraining if wildcards.initialisation == "pretraining" else section.training
    return settings(model=section.model, training=schedule, compute=CHALLENGE.compute)


rule train_generator:
    input:
        unpack(training_inputs),
    output:
        model=f"{R}/models/{{generator}}/{{encoder}}/{{initialisation}}/model.safetensors",
        metrics=f"{R}/models/{{generator}}/{{encoder}}/{{initialisation}}/metrics.csv",
    params:
        settings=training_settings,
        inputs=lambda wildcards, input: " ".join(
            f"--{name.replace('_', '-')} {path}" for name, path in input.items()
        ),
        **code("train"),
    threads: CHALLENGE.compute.threads
    resources:
        gpu=GPU,
    log:
        f"{R}/logs/training/{{generator}}/{{encoder}}/{{initialisation}}.log",
    benchmark:
        f"{R}/benchmarks/training/{{generator}}/{{encoder}}/{{initialisation}}.tsv"
    conda:
        ENVIRONMENT
    message:
        "Training {wildcards.generator} on {wildcards.encoder} ({wildcards.initialisation})"
    shell:
        "python {SCRIPTS}/train.py {params.inputs} --model {output.model} --metrics {output.metrics}"
        " --settings {params.settings:q} > {log} 2>&1"
