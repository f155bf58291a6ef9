# A trained challenge as one file: weights and settings of the submitted variant, for detection in new videos.

if EXPORT_PLAN:

    rule describe_export:
        output:
            plan=EXPORT_PLAN[0],
        log:
            f"{RESULTS}/logs/bundle/describe_export.log",
        benchmark:
            f"{RESULTS}/benchmarks/bundle/describe_export.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("bundle/describe_export"),
            settings=lambda wildcards: settings(**export_plan()),  # a pattern contains {video}, no wildcard
        message:
            "Describing the export of {CHALLENGE.submission.variant}"
        shell:
            'python "$SCRIPTS"/bundle/describe_export.py --plan {output.plan:q} --settings {params.settings:q} > {log:q} 2>&1'

    rule export_bundle:
        input:
            plan=EXPORT_PLAN[0],
            files=[
                f"{RESULTS}/{path}"
                for path in ExportPlan.model_validate_json(settings(**export_plan())).files
            ],
        output:
            bundle=f"{RESULTS}/bundle.zip",
        log:
            f"{RESULTS}/logs/bundle/export_bundle.log",
        benchmark:
            f"{RESULTS}/benchmarks/bundle/export_bundle.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("bundle/export_bundle"),
            results=lambda wildcards, output: os.path.dirname(output.bundle),
        message:
            "Exporting {CHALLENGE.submission.variant} for new videos"
        shell:
            'python "$SCRIPTS"/bundle/export_bundle.py --results {params.results:q} --bundle {output.bundle:q} > {log:q} 2>&1'
