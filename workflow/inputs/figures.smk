# What the figures show: variants, blends, panels and trainings.

FIGURES = f"{RESULTS}/figures"
SHOWN = SCORED[-1]  # the test subset, if its ground truth is known
COMPARED = list(dict.fromkeys([next(iter(CHALLENGE.compared)), CHALLENGE.submission.variant]))
BLENDS = sorted({pair for variant in CHALLENGE.compared.values() for pair in variant.generators.items()})
PANELS = sorted({variant.panel for variant in CHALLENGE.compared.values()} & set(CHALLENGE.panels))
SEARCHED = [
    name
    for name in PANELS
    if CHALLENGE.panels[name].weights == "search" and len(CHALLENGE.panels[name].members) > 1
]
TRAININGS = sorted(
    {f"{generator}/{member.name}" for generator, blend in BLENDS for member in PLAN.members(blend)}
)
RESAMPLED = [
    (generator, PLAN.members(blend)[0].encoder)
    for generator, blend in BLENDS
    if CHALLENGE.generators[generator].resamples(CHALLENGE.generators[generator].training)
]
if RESAMPLED:
    SECTION = CHALLENGE.generators[RESAMPLED[0][0]]
    RESAMPLED_SETTINGS = settings(model=SECTION.model, training=SECTION.training)

# The variant before the last step, and the maps that the submitted variant is made of.
STEP = [CHALLENGE.submission.variant, *filter(None, [CHALLENGE.compared[CHALLENGE.submission.variant].after])]
PROPOSER = PLAN.proposer(CHALLENGE.submission.variant)
FUSED = list(CHALLENGE.variants[PROPOSER].generators.items()) if PROPOSER else []
LARGEST = PLAN.scales_of(CHALLENGE.variants[PROPOSER])[-1] if PROPOSER else TRAINING_SCALE

# Everything that the target `draw` makes.
DRAWN = [
    f"{FIGURES}/ablation.png",
    *(f"{FIGURES}/complements.{variant}.png" for variant in ENSEMBLES if "validation" in SCORED),
    f"{FIGURES}/average_recall.png",
    f"{FIGURES}/timeline.best.png",
    f"{FIGURES}/timeline.worst.png",
    f"{FIGURES}/classes.png",
    f"{FIGURES}/diagnosis.png",
    f"{FIGURES}/training.png",
    *([f"{FIGURES}/sampling.png"] if RESAMPLED else []),
    *(f"{FIGURES}/weights.{generator}.{blend}.png" for generator, blend in BLENDS),
    *(f"{FIGURES}/maps.{generator}.{blend}.png" for generator, blend in FUSED),
    *(f"{FIGURES}/panel.{panel}.png" for panel in SEARCHED),
]
