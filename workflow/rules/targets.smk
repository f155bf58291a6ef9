# The targets of the workflow.


rule prepare:
    input:
        PREPARED,


rule inspect:
    input:
        rules.inspect_data.output,


rule manifests:
    input:
        FEATURE_MANIFESTS,


rule train:
    input:
        expand(f"{RESULTS}/models/{{training}}/model.safetensors", training=TRAININGS),


rule fuse:
    input:
        [
            f"{RESULTS}/fusion/{generator}/{blend}/T{scale}.validation.h5"
            for variant in CHALLENGE.compared.values()
            for generator, blend in variant.generators.items()
            for scale in PLAN.scales_of(variant)
        ],


rule classify:
    input:
        expand(f"{CLASSES}/panels/{{panel}}/testing.h5", panel=PANELS),


rule submit:
    input:
        f"{RESULTS}/submission.valid.txt",


rule evaluate:
    input:
        f"{RESULTS}/tables/ablation.csv",
        expand(f"{RESULTS}/tables/ensemble.{{variant}}.csv", variant=ENSEMBLES),


rule bundle:
    input:
        f"{RESULTS}/bundle.zip" if EXPORT_PLAN else lambda wildcards: or_exit(refuse_export, PLAN),


rule components:
    input:
        f"{RESULTS}/tables/components.csv" if COMPONENTS else [],


rule draw:
    input:
        DRAWN,


rule sweep:
    input:
        [f"{RESULTS}/sweep/{name}" for name in ("table.csv", "chosen.yaml", "table.png")]
        if SWEPT is not None
        else lambda wildcards: or_exit(refuse_sweep, PLAN),


rule scales:
    input:
        rules.search_scales.output
        if PLAN.tried_scales
        else lambda wildcards: or_exit(refuse_scale_search, PLAN),
