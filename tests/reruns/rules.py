"""The rules that read each class of settings and each module of `bsnpp.stores`; see `test_exact`."""

NOTHING = ""
"""Only the configuration reads these settings, and passes each rule its part."""

SETTINGS = {
    "annotations.settings.AnnotationSettings": "list_classes read_annotations",
    "bundle.manifest.BundledClassifier": "export_bundle",
    "bundle.manifest.BundledGenerator": "export_bundle",
    "bundle.manifest.BundledMapCalibration": "export_bundle",
    "bundle.manifest.BundledMember": "export_bundle",
    "bundle.manifest.BundledRecogniser": "export_bundle",
    "bundle.manifest.Knots": "export_bundle",
    "bundle.manifest.Manifest": "export_bundle",
    "bundle.manifest.Measured": "export_bundle",
    "bundle.parts.GeneratorScore": "describe_export export_bundle",
    "bundle.parts.PanelMember": "describe_export export_bundle",
    "bundle.parts.Stream": "describe_export export_bundle",
    "bundle.parts.VariantSettings": "describe_export export_bundle",
    "bundle.plan.ExportPlan": "describe_export export_bundle",
    "bundle.plan.PlannedClassifier": "describe_export export_bundle",
    "bundle.plan.PlannedGenerator": "describe_export export_bundle",
    "bundle.plan.PlannedRecogniser": "describe_export export_bundle",
    "bundle.plan.PlannedScores": "describe_export export_bundle",
    "challenge.components.ComponentRow": NOTHING,
    "challenge.components.ComponentSettings": NOTHING,
    "challenge.folds.Folds": NOTHING,
    "challenge.machine.EncodingOptions": NOTHING,
    "challenge.machine.MachineSettings": NOTHING,
    "challenge.model.Challenge": NOTHING,
    "challenge.model.GeneratorSection": NOTHING,
    "challenge.model.SubmissionSettings": NOTHING,
    "challenge.sheets.Classifier": NOTHING,
    "challenge.sheets.EncoderStream": NOTHING,
    "challenge.sheets.ExternalFiles": NOTHING,
    "challenge.variants.Blend": NOTHING,
    "challenge.variants.FusionSection": NOTHING,
    "challenge.variants.Panel": NOTHING,
    "challenge.variants.Variant": NOTHING,
    "challenge.variants._Members": NOTHING,
    "classification.video_classifier_settings.ClassifierSettings": "train_classifier",
    "classification.weight_search_settings.WeightSearchSettings": (
        "weigh_classifiers weigh_snippet_classifiers"
    ),
    "datasets.hapt.settings.HaptSettings": "prepare_hapt",
    "datasets.salads.settings.SaladsSettings": "prepare_salads",
    "datasets.simulation.settings.SimulatedClassifier": "simulate",
    "datasets.simulation.settings.SimulatedEncoder": "simulate",
    "datasets.simulation.settings.SimulationSettings": "simulate",
    "detection.decoding_settings.DecodingSettings": (
        "compare_ensembles describe_export detect draw_complements export_bundle propose_on_training "
        "search_scales sweep_detection weigh_classifiers weigh_encoders"
    ),
    "detection.ensemble_settings.EnsembleSettings": (
        "compare_ensembles describe_export detect draw_complements export_bundle propose_on_training "
        "search_scales sweep_detection"
    ),
    "detection.inputs.CandidateSettings": (
        "compare_ensembles detect draw_complements propose_on_training search_scales sweep_detection"
    ),
    "detection.labelling_settings.LabellingSettings": (
        "compare_ensembles cross_validate_recogniser describe_export detect draw_complements "
        "export_bundle propose_on_training recognise search_scales sweep_detection weigh_classifiers"
    ),
    "detection.merging_settings.MergingSettings": (
        "compare_ensembles describe_export detect draw_complements export_bundle propose_on_training "
        "search_scales sweep_detection"
    ),
    "detection.relabelling_settings.RelabellingSettings": (
        "compare_ensembles describe_export detect draw_complements export_bundle propose_on_training "
        "search_scales sweep_detection weigh_classifiers"
    ),
    "detection.scale_search_settings.ScaleSearchSettings": "search_scales",
    "detection.settings.DetectionSettings": "sweep_detection",
    "detection.suppression.settings.NMSSettings": (
        "compare_ensembles cross_validate_recogniser describe_export detect draw_complements "
        "export_bundle propose_on_training recognise search_scales sweep_detection weigh_classifiers "
        "weigh_encoders"
    ),
    "detection.suppression.settings.SuppressionSettings": (
        "compare_ensembles cross_validate_recogniser describe_export detect draw_complements "
        "export_bundle propose_on_training recognise search_scales sweep_detection weigh_classifiers "
        "weigh_encoders"
    ),
    "detection.sweep_settings.SweepSettings": "sweep_detection",
    "encoding.clip_settings.ClipSettings": "describe_export encode_videos export_bundle",
    "encoding.encoding_settings.EncodingSettings": "describe_export encode_videos export_bundle",
    "encoding.flow_settings.FlowSettings": "describe_export encode_videos export_bundle",
    "encoding.flow_source_settings.FlowMethodSettings": (
        "compute_flow describe_export encode_videos export_bundle"
    ),
    "encoding.flow_source_settings.FlowSource": "compute_flow describe_export encode_videos export_bundle",
    "encoding.image_settings.ImageSettings": "describe_export encode_videos export_bundle",
    "encoding.network_settings.ModelSettings": "describe_export encode_videos export_bundle",
    "encoding.network_settings.NetworkSettings": "describe_export encode_videos export_bundle",
    "encoding.resize_settings.ResizeSettings": "compute_flow describe_export encode_videos export_bundle",
    "encoding.stream_settings.StreamEncoding": "encode_videos",
    "evaluation.metric_settings.MetricSettings": (
        "compare_ensembles draw_classes draw_diagnosis draw_videos evaluate_variant search_scales "
        "sweep_detection "
        "weigh_classifiers weigh_encoders"
    ),
    "evaluation.settings.EvaluationSettings": "compare_ensembles evaluate_variant",
    "features.rescale.RescalingSettings": "describe_export export_bundle rescale_features",
    "features.scales.DurationRegime": (
        "compare_ensembles describe_export detect draw_complements draw_videos export_bundle "
        "propose_on_training search_scales sweep_detection"
    ),
    "features.scales.ScaleSettings": (
        "compare_ensembles describe_export detect draw_complements draw_videos export_bundle "
        "propose_on_training search_scales sweep_detection"
    ),
    "features.settings.StreamSource": (
        "cross_validate_recogniser describe_export export_bundle import_snippet_scores list_features "
        "recognise rescale_features rescale_windows train_snippet_classifier"
    ),
    "fusion.blend_settings.BlendSettings": (
        "calibrate_members describe_export draw_maps export_bundle fuse_maps weigh_encoders"
    ),
    "fusion.settings.FusionSettings": "weigh_encoders",
    "inference.settings.InferenceSettings": "describe_export export_bundle predict_maps",
    "models.compute.ComputeSettings": ("describe_export export_bundle predict_maps train_generator"),
    "models.compute.PrecisionSettings": ("describe_export export_bundle predict_maps train_generator"),
    "models.loss_settings.LossSettings": "draw_sampling train_generator",
    "models.loss_settings.ResamplingSettings": "draw_sampling train_generator",
    "models.loss_settings.ThresholdSettings": "draw_sampling train_generator",
    "models.settings.BMNSettings": "draw_sampling predict_maps train_generator",
    "models.settings.BSNPPSettings": "draw_sampling predict_maps train_generator",
    "models.settings.MatchingSettings": "draw_sampling predict_maps train_generator",
    "models.settings.ProposalSettings": "draw_sampling predict_maps train_generator",
    "recogniser.inputs.RecogniserSettings": "cross_validate_recogniser recognise",
    "recogniser.settings.DenseSettings": "cross_validate_recogniser recognise",
    "recogniser.settings.RecognitionCandidates": "cross_validate_recogniser recognise",
    "recogniser.settings.RecognitionSettings": "cross_validate_recogniser recognise",
    "reruns.settings.FingerprintSettings": NOTHING,
    "snippets.classifier_settings.SnippetClassifierSettings": "train_snippet_classifier",
    "snippets.estimator_settings.EstimatorSettings": (
        "cross_validate_recogniser recognise train_snippet_classifier"
    ),
    "snippets.controls.ControlSettings": "detect_runs",
    "snippets.semi_markov_settings.SemiMarkovSettings": "cross_validate_recogniser detect_runs recognise",
    "snippets.smoothing_settings.SmoothingSettings": "cross_validate_recogniser detect_runs recognise",
    "summary.video_sources.MapSettings": "draw_videos",
    "training.session.SessionSettings": "train_generator",
    "training.settings.LearningStage": "draw_sampling train_generator",
    "training.settings.ScheduleSettings": "draw_sampling train_generator",
    "training.settings.TrainingSettings": "draw_sampling train_generator",
    "windows.cells.CellSettings": (
        "compare_ensembles cut_windows describe_export detect draw_complements draw_videos export_bundle "
        "propose_on_training rescale_windows search_scales sweep_detection"
    ),
    "windows.cutting.CuttingSettings": "cut_windows describe_export export_bundle",
    "windows.settings.WindowSettings": "describe_export export_bundle",
    "windows.snippet_settings.SnippetSettings": (
        "cross_validate_recogniser describe_export export_bundle ground_truth_snippets "
        "import_snippet_scores recognise rescale_windows train_snippet_classifier"
    ),
}
"""Rules by class of settings."""

STORES = {
    "class_scores": (
        "compare_ensembles detect draw_complements ground_truth_classes import_scores "
        "propose_on_training recognise search_scales sweep_detection train_classifier weigh_classifiers"
    ),
    "csv_tables": (
        "compare_ensembles cross_validate_recogniser draw_ablation draw_classes draw_complements "
        "draw_diagnosis draw_panel draw_sweep draw_training draw_videos draw_weights search_scales "
        "sweep_detection weigh_classifiers weigh_encoders weigh_snippet_classifiers write_ablation "
        "write_components write_report"
    ),
    "detections": (
        "compare_ensembles detect detect_runs draw_complements draw_diagnosis draw_timeline draw_videos "
        "evaluate_variant import_external propose_on_training recognise search_scales sweep_detection "
        "write_submission"
    ),
    "encoded": "encode_videos",
    "evaluations": (
        "draw_classes draw_recall evaluate_variant export_bundle write_ablation write_components write_report"
    ),
    "flow": "compute_flow encode_videos",
    "flow_list": "compute_flow encode_videos",
    "features": (
        "cross_validate_recogniser draw_sampling predict_maps recognise rescale_features rescale_windows "
        "train_classifier train_generator"
    ),
    "hdf5": (
        "calibrate_members compare_ensembles cross_validate_recogniser detect detect_runs "
        "draw_complements draw_maps draw_sampling draw_videos encode_videos fuse_maps "
        "ground_truth_classes ground_truth_snippets import_scores import_snippet_scores predict_maps "
        "propose_on_training recognise rescale_features rescale_windows search_scales sweep_detection "
        "train_classifier train_generator train_snippet_classifier weigh_classifiers weigh_encoders "
        "weigh_snippet_classifiers"
    ),
    "maps": (
        "calibrate_members compare_ensembles detect draw_complements draw_maps draw_videos fuse_maps "
        "predict_maps propose_on_training search_scales sweep_detection weigh_classifiers "
        "weigh_encoders"
    ),
    "snippet_scores": (
        "compare_ensembles cross_validate_recogniser detect detect_runs draw_complements "
        "ground_truth_snippets import_snippet_scores propose_on_training recognise search_scales "
        "sweep_detection train_snippet_classifier weigh_snippet_classifiers"
    ),
    "tables": (
        "calibrate_members compare_ensembles compute_flow cross_validate_recogniser cut_windows detect "
        "detect_runs draw_complements draw_diagnosis draw_maps draw_sampling draw_timeline draw_videos "
        "encode_videos evaluate_variant ground_truth_classes ground_truth_snippets import_external "
        "import_scores import_snippet_scores list_features propose_on_training read_annotations "
        "recognise rescale_windows search_scales sweep_detection train_classifier train_generator "
        "train_snippet_classifier validate_submission weigh_classifiers weigh_encoders "
        "weigh_snippet_classifiers write_report write_submission"
    ),
    "video_lists": "fuse_maps list_scale_videos rescale_features",
    "weights": (
        "draw_maps draw_panel export_bundle fuse_maps weigh_classifiers weigh_snippet_classifiers "
        "write_manifest"
    ),
    "windows": (
        "compare_ensembles detect draw_complements draw_videos propose_on_training rescale_windows "
        "search_scales sweep_detection"
    ),
}
"""Rules by module of `bsnpp.stores`."""
