# Inputs and settings of the rules for annotations.


def annotation_settings(subset):
    return CHALLENGE.pretraining if subset == "pretraining" else CHALLENGE.annotations


def annotation_files(subset):
    return list(annotation_settings(subset).files)


def annotation_digest(subset):
    """Return a digest of the annotations of this subset only."""
    if any(PLAN.is_made(path) for path in annotation_settings(subset).paths.values()):
        return "made here"
    name = "training" if subset == "pretraining" else subset
    return or_exit(subset_digest, annotation_settings(subset), name)


def known_instances(wildcards):
    """Return the instances of a subset if its ground truth is available, else nothing."""
    known = wildcards.subset in ("training", *SCORED)
    return [f"{RESULTS}/annotations/{wildcards.subset}.instances.tsv"] if known else []


def items(subset, table):
    """Return a table of what the generators process: the videos of a subset, or windows of its recordings."""
    folder = "windows" if CHALLENGE.windows is not None else "annotations"
    return f"{RESULTS}/{folder}/{subset}.{table}.tsv"
