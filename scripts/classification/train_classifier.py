"""Train a classifier of videos on the pooled features of one encoder, and score the other subsets.

The trained classifier is kept for new videos.
"""

from bsnpp.classification.classifier_files import save_classifier
from bsnpp.classification.targets import longest_labels
from bsnpp.classification.video_classifier import predict_logits, train_classifier
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.stores.class_scores import ClassScores, write_score_file
from bsnpp.stores.features import FeatureStore
from bsnpp.stores.tables import read_table


class TrainSettings(Settings):
    """Settings of this script."""

    classifier: ClassifierSettings


def main() -> None:
    """Parse the command line, train and score."""
    parser = command_line(__doc__)
    parser.add_argument("--training", required=True, help="features of the training videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--features", required=True, nargs="+", help="features of the videos to score")
    parser.add_argument("--scores", required=True, nargs="+", help="score file to write for each of them")
    parser.add_argument("--model", required=True, help="file of the trained classifier to write")
    parser.add_argument("--settings", required=True, help="JSON: classifier")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TrainSettings)
    classes = read_classes(arguments.classes)
    labels = longest_labels(read_table(arguments.instances))
    with FeatureStore(arguments.training) as store:
        rows = [row for row, video in enumerate(store.videos) if video in labels]
        known = [labels[store.videos[row]] for row in rows]
        classifier = train_classifier(store.read(rows), known, classes, settings.classifier)
    save_classifier(arguments.model, classifier)
    for features, scores in zip(arguments.features, arguments.scores, strict=True):
        with FeatureStore(features) as store:
            logits = predict_logits(classifier, store.read_all())
            write_score_file(scores, ClassScores(store.videos, classes, logits))


if __name__ == "__main__":
    run(main)
