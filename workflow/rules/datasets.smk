# Data sets that the workflow simulates or prepares.

from bsnpp.datasets.hapt.settings import ADDRESS as HAPT_ADDRESS
from bsnpp.datasets.salads.settings import FOLDERS as SALADS_FOLDERS

if CHALLENGE.simulation is not None:

    rule simulate:
        output:
            files=[path for path in PREPARED if Path(path).suffix],
            folders=[directory(path) for path in PREPARED if not Path(path).suffix],
        log:
            f"{RESULTS}/logs/simulate.log",
        benchmark:
            f"{RESULTS}/benchmarks/simulate.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("datasets/simulate"),
            settings=settings(simulation=CHALLENGE.simulation, seed=CHALLENGE.compute.seed),
            folder=lambda wildcards: CHALLENGE.made_here,
        message:
            "Simulating the challenge"
        shell:
            'python "$SCRIPTS"/datasets/simulate.py --folder {params.folder:q} --settings {params.settings:q} > {log:q} 2>&1'


if CHALLENGE.hapt is not None:
    FETCHED = f"{RESULTS}/fetched/hapt.zip"

    rule fetch_hapt:
        output:
            archive=FETCHED,
        log:
            f"{RESULTS}/logs/fetch_hapt.log",
        benchmark:
            f"{RESULTS}/benchmarks/fetch_hapt.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("datasets/fetch_hapt"),
            address=HAPT_ADDRESS,
        message:
            "Fetching the HAPT recordings"
        shell:
            'python "$SCRIPTS"/datasets/fetch_hapt.py --address {params.address:q} --archive {output.archive:q} > {log:q} 2>&1'

    rule prepare_hapt:
        input:
            archive=ancient(CHALLENGE.archive or FETCHED),
        output:
            annotations=f"{CHALLENGE.made_here}/annotations.json",
            persons=f"{CHALLENGE.made_here}/persons.tsv",
            folders=[directory(path) for path in PREPARED if not Path(path).suffix],
        log:
            f"{RESULTS}/logs/prepare_hapt.log",
        benchmark:
            f"{RESULTS}/benchmarks/prepare_hapt.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("datasets/prepare_hapt"),
            settings=settings(hapt=CHALLENGE.hapt, seed=CHALLENGE.compute.seed),
            folder=lambda wildcards: CHALLENGE.made_here,
            fingerprints=lambda wildcards: fingerprints(filter(None, [CHALLENGE.archive])),
        message:
            "Encoding the HAPT recordings"
        shell:
            'python "$SCRIPTS"/datasets/prepare_hapt.py --archive {input.archive:q} --folder {params.folder:q}'
            " --settings {params.settings:q} > {log:q} 2>&1"


if CHALLENGE.salads is not None:

    rule prepare_salads:
        input:
            source=ancient(CHALLENGE.archive),
        output:
            annotations=f"{CHALLENGE.made_here}/annotations.json",
            persons=f"{CHALLENGE.made_here}/persons.tsv",
            folders=[directory(path) for path in PREPARED if not Path(path).suffix],
        log:
            f"{RESULTS}/logs/prepare_salads.log",
        benchmark:
            f"{RESULTS}/benchmarks/prepare_salads.tsv"
        conda:
            ENVIRONMENT
        params:
            **code("datasets/prepare_salads"),
            settings=settings(salads=CHALLENGE.salads),
            folder=lambda wildcards: CHALLENGE.made_here,
            fingerprints=lambda wildcards: fingerprints(
                f"{CHALLENGE.archive}/{part}" for part in SALADS_FOLDERS
            ),
        message:
            "Preparing 50 Salads"
        shell:
            'python "$SCRIPTS"/datasets/prepare_salads.py --source {input.source:q} --folder {params.folder:q}'
            " --settings {params.settings:q} > {log:q} 2>&1"
