# A look at annotations, features and classifiers before anything is trained: the target `inspect`.
import time


# The report is no output, because Snakemake would delete it if there are faults. The parameter `asked` differs in
# each run, so that the target looks again whenever it is asked for.
rule inspect_data:
    input:
        PLAN.prepared,
    output:
        mark=touch(f"{RESULTS}/inspection/usable"),
    log:
        f"{RESULTS}/logs/inspection.log",
    benchmark:
        f"{RESULTS}/benchmarks/inspection.tsv"
    conda:
        ENVIRONMENT
    params:
        asked=lambda wildcards: time.time_ns(),
        folder=lambda wildcards, output: os.path.dirname(output.mark),
        report=f"{RESULTS}/inspection/report.txt",
        settings=lambda wildcards: json.dumps(config, default=str),  # a function, because its braces are no wildcards
    message:
        "Inspecting the data: report.txt, figure.png and report.json in {params.folder}"
    shell:
        'python "$SCRIPTS"/inspection/inspect_data.py --folder {params.folder:q} --settings {params.settings:q} > {log:q} 2>&1'
        " && cat {params.report:q}"
