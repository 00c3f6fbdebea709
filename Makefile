# Short names for what a developer does often. Each line can also be typed by hand.
.PHONY: help check test slow notebooks report bench
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

check: ## format, lint, types, rooms, lessons; changes nothing
	uv run ruff format --check . && uv run ruff check . && uv run mypy && uv run lint-imports && uv run python -m notebooks.build --check && uv run python -m docs.build --check && uv run python -m docs.data.build --check

test: ## what every change must pass
	uv run pytest

slow: ## the same, every lesson in a real JupyterLab and ten thousand dirty files
	uv run pytest --slow

notebooks: ## build and execute the lessons from their sources
	uv run python -m docs.data.build && uv run python -m notebooks.build && uv run python -m docs.build

report: ## the main job, on the sample shop
	uv run retention-kit report

bench: ## speed, as ratios measured in one run
	uv run python -m benchmarks.lab_latency && uv run python -m benchmarks.intake && uv run python -m benchmarks.metrics && uv run python -m benchmarks.reports
