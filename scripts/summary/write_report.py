"""Write the report of a run: one HTML file that needs no network."""

from pathlib import Path

from bsnpp.core.commandline import command_line, run
from bsnpp.core.files import whole_file
from bsnpp.stores.csv_tables import read_csv
from bsnpp.stores.evaluations import read_evaluation, read_resamples
from bsnpp.stores.tables import read_table
from bsnpp.summary.manifest import read_manifest
from bsnpp.summary.report import Run, report_page
from bsnpp.summary.stages import stage_costs


def main() -> None:
    """Parse the command line and write the report."""
    parser = command_line(__doc__)
    parser.add_argument("--manifest", required=True, help="manifest of the run (JSON)")
    parser.add_argument("--ablation", required=True, help="ablation table (CSV)")
    parser.add_argument("--scores", required=True, nargs="+", help="scores of every variant (JSON)")
    parser.add_argument("--submitted", required=True, nargs="+", help="scores of the submitted one by subset")
    parser.add_argument("--resamples", required=True, nargs="+", help="resampled mAP of each of these (.npy)")
    parser.add_argument("--videos", required=True, nargs="+", help="tables <subset>.videos.tsv")
    parser.add_argument("--instances", required=True, nargs="+", help="tables <subset>.instances.tsv")
    parser.add_argument("--features", nargs="*", default=[], help="manifests <encoder>/manifest.<subset>.csv")
    parser.add_argument("--errors", required=True, help="error types of the submitted variant (CSV)")
    parser.add_argument("--figures", required=True, nargs="+", type=Path, help="figures (PNG)")
    parser.add_argument("--videos-shown", required=True, help="table of the chosen videos (CSV)")
    parser.add_argument("--video-folder", required=True, type=Path, help="folder of their figures")
    parser.add_argument("--benchmarks", required=True, help="folder of the benchmark files")
    parser.add_argument("--report", required=True, help="page to write (HTML)")
    given = parser.parse_args()
    content = Run(
        manifest=read_manifest(given.manifest),
        ablation=read_csv(given.ablation, ["variant", "step_from"]),
        evaluations=[read_evaluation(path) for path in given.scores],
        submitted=[read_evaluation(path) for path in given.submitted],
        resamples=[read_resamples(path) for path in given.resamples],
        videos={Path(path).name.split(".")[0]: read_table(path) for path in given.videos},
        instances={Path(path).name.split(".")[0]: read_table(path) for path in given.instances},
        features={_features(Path(path)): read_csv(path, ["flag"], checked=True) for path in given.features},
        errors=read_csv(given.errors, ["type"]),
        stages=stage_costs(given.benchmarks),
        figures=given.figures,
        videos_shown=read_csv(given.videos_shown, ["file", "video", "reasons", "generators"]),
        video_folder=given.video_folder,
    )
    with whole_file(given.report) as temporary:
        temporary.write_text(report_page(content), encoding="utf-8")


def _features(path: Path) -> str:
    """Return the encoder and the subset of a manifest of features."""
    return f"{path.parent.name}, {path.name.split('.')[1]}"


if __name__ == "__main__":
    run(main)
