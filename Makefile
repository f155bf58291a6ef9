.PHONY: help install inspect demo demo-seeds hapt sbhar salads salads-folds components train fuse classify submit evaluate sweep scales manifests report test test-fuzz lint format schema bench clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
CONFIG ?=
DATA   ?=
CHOSEN  = $(if $(CONFIG),--configfile $(CONFIG))
REPORT ?= results/$(notdir $(patsubst %/,%,$(dir $(firstword $(or $(CONFIG),config/demo/config.yaml)))))/snakemake-report.html
FOLDS  ?=
define folds
$(BIN)/python scripts/project/run_folds.py --config config/$(1)/config.yaml --folds config/$(1)/folds.yaml --folder results/$(1)-folds $(if $(DATA),--archive "$(DATA)") $(if $(FOLDS),--only $(FOLDS))
$(if $(FOLDS),,$(BIN)/python scripts/project/score_folds.py --config config/$(1)/config.yaml --folds config/$(1)/folds.yaml --folder results/$(1)-folds)
endef

help:  ## list the targets
	@grep -hE '^[a-z -]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "%-53s%s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[workflow,slurm,videos,dev]'
	touch $@

install: $(READY)  ## create the environment in .venv

demo: $(READY)  ## run the whole chain on the simulated challenge: submission, evaluation, ablation table
	$(BIN)/snakemake
	@$(BIN)/python scripts/reporting/show_results.py results/demo

demo-seeds: $(READY)  ## run the demo for five seeds: mean and standard deviation of every row; LAYERS=files adds layers
	$(BIN)/python scripts/project/repeat_demo.py --seeds 1 2 3 4 5 --folder results/demo-seeds $(if $(LAYERS),--layers $(LAYERS))

hapt: $(READY)  ## run the chain on real recordings (UCI HAPT); DATA=hapt.zip, else the archive is downloaded
	$(BIN)/snakemake --configfile config/hapt/config.yaml $(if $(DATA),--config archive="$(DATA)")
	@$(BIN)/python scripts/reporting/show_results.py results/hapt

salads: $(READY)  ## run the chain on real video (50 Salads); DATA=folder of the public repository
	$(BIN)/snakemake --configfile config/salads/config.yaml $(if $(DATA),--config archive="$(DATA)")
	@$(BIN)/python scripts/reporting/show_results.py results/salads

salads-folds: $(READY)  ## run 50 Salads for all five folds, scored together; FOLDS="fold_1 ..." runs some and scores nothing
	$(call folds,salads)

sbhar: $(READY)  ## run HAPT by leave-one-person-out, 30 folds in hours; DATA as for hapt, FOLDS="person_1 ..." as above
	$(call folds,sbhar)

inspect: $(READY)  ## look at annotations, features and classifiers before a run; CONFIG=config/.../config.yaml, DATA as above
	$(BIN)/snakemake inspect $(CHOSEN) $(if $(DATA),--config archive="$(DATA)")

components: $(READY)  ## ablate the components of BSN++ on HAPT for five seeds; DATA as above
	$(BIN)/snakemake components --configfile $(or $(CONFIG),config/hapt/config.yaml) $(if $(DATA),--config archive="$(DATA)")

manifests train fuse classify submit evaluate sweep scales: $(READY)  ## run up to this stage; CONFIG=config/.../config.yaml for another challenge
	$(if $(CONFIG),$(BIN)/bsnpp check $(CONFIG))
	$(BIN)/snakemake $@ $(CHOSEN)

report: $(READY)  ## write Snakemake's own results/<folder of CONFIG>/snakemake-report.html for a finished run; REPORT=... for another file
	@mkdir -p $(dir $(REPORT))
	$(BIN)/snakemake --report $(REPORT) $(CHOSEN)

test: $(READY)  ## run all tests
	$(BIN)/pytest -n 2

test-fuzz: $(READY)  ## read thousands of damaged files of every format; COPIES=60 of each
	BSNPP_FUZZ=$(or $(COPIES),60) $(BIN)/pytest tests/fuzz

lint: $(READY)  ## run ruff, mypy, lint-imports, snakefmt and snakemake --lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy bsnpp scripts
	$(BIN)/lint-imports
	$(BIN)/snakefmt --check workflow
	$(BIN)/snakemake --lint

format: $(READY)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt workflow

schema: $(READY)  ## write the configuration schema and the key reference from the settings classes
	$(BIN)/python scripts/project/write_schema.py workflow/schemas/config.schema.json
	$(BIN)/python scripts/project/write_config_reference.py config/README.md

bench: $(READY)  ## measure speed and memory against the textbook implementations
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/fusion.py
	$(BIN)/python benchmarks/weight_search.py
	$(BIN)/python benchmarks/evaluation.py

clean:  ## remove the environment and all results
	rm -rf $(VENV) results .snakemake
