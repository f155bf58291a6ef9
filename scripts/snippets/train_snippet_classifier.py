"""Train a classifier of snippets; score training recordings out-of-fold by group, and all others."""

from bsnpp.annotations.groups import read_groups
from bsnpp.core.class_list import read_classes
from bsnpp.core.commandline import command_line, log, run
from bsnpp.core.settings import Settings, parse_settings
from bsnpp.features.settings import StreamSource
from bsnpp.snippets.classifier import out_of_fold_logits, share_correct, train_snippet_classifier
from bsnpp.snippets.classifier_files import save_snippet_classifier
from bsnpp.snippets.classifier_settings import SnippetClassifierSettings
from bsnpp.snippets.inputs import read_encoders
from bsnpp.snippets.scores import join_recordings, with_background
from bsnpp.snippets.targets import recording_targets
from bsnpp.stores.snippet_scores import write_snippet_scores
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings


class TrainSettings(Settings):
    """Settings of this script; `streams` are those of each encoder that the classifier uses."""

    snippet_classifier: SnippetClassifierSettings
    streams: dict[str, tuple[StreamSource, ...]]
    snippets: SnippetSettings
    seed: int


def main() -> None:
    """Parse the command line, train and score."""
    parser = command_line(__doc__)
    parser.add_argument("--videos", required=True, help="table of the training recordings")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--groups", nargs="?", help="table of video and group; default: a group per video")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument("--training", required=True, help="scores of the training recordings to write")
    parser.add_argument("--model", required=True, help="classifier to write (.safetensors)")
    parser.add_argument("--others", nargs="*", default=[], help="tables of further recordings to score")
    parser.add_argument("--scores", nargs="*", default=[], help="scores to write for each of these")
    parser.add_argument("--settings", required=True, help="JSON: snippet_classifier, streams, ...")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TrainSettings)
    classes, table = with_background(read_classes(arguments.classes)), read_table(arguments.videos)
    seconds, options, seed = settings.snippets.snippet_seconds, settings.snippet_classifier, settings.seed
    sequences = read_encoders(settings.streams, table, settings.snippets)
    lengths = {video: len(sequence) for video, sequence in sequences.items()}
    targets = recording_targets(lengths, read_table(arguments.instances), classes, seconds)
    groups = read_groups(arguments.groups, list(table["video"]))
    logits = out_of_fold_logits(sequences, targets, groups, classes, seconds, options, seed)
    write_snippet_scores(arguments.training, join_recordings(logits, classes, seconds))
    log.info("out-of-fold accuracy of the snippets: %.2f %%", 100 * share_correct(logits, targets))
    classifier = train_snippet_classifier(sequences, targets, classes, seconds, options, seed)
    save_snippet_classifier(arguments.model, classifier)
    for path, scores in zip(arguments.others, arguments.scores, strict=True):
        others = read_encoders(settings.streams, read_table(path), settings.snippets)
        predicted = {video: classifier.logits(sequence) for video, sequence in others.items()}
        write_snippet_scores(scores, join_recordings(predicted, classes, seconds))


if __name__ == "__main__":
    run(main)
