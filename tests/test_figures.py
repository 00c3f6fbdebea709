"""Figures, read from their axes."""

from collections.abc import Callable

import numpy as np
import pytest

import retention_kit as rk


@pytest.fixture(scope="module", params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def plain(text: str) -> str:
    return text.replace("\u200f", "")


def test_the_line_is_the_rate_and_stops_before_the_running_period(shop: rk.Log, language: str) -> None:
    result = rk.metrics.retention_rate(shop, calendar="jalali")
    axes = rk.figures.retention_rate(result, language).axes[0]
    line = axes.get_lines()[0]
    rated = result.table[result.table["retention_rate"].notna()]
    np.testing.assert_array_equal(line.get_ydata(), rated["retention_rate"])
    assert list(line.get_xdata()) == list(range(1, 12))
    labels = [plain(label.get_text()) for label in axes.get_xticklabels()]
    assert labels[0] == {"en": "Azar 1389", "fa": "آذر ۱۳۸۹"}[language]
    assert len(labels) == len(result.table)


def test_the_running_period_is_shaded_and_named(shop: rk.Log, language: str) -> None:
    axes = rk.figures.retention_rate(rk.metrics.retention_rate(shop), language).axes[0]
    named = [plain(entry.get_text()) for entry in axes.get_legend().get_texts()]
    assert rk.language.text("figure.running", language) in named
    assert rk.language.text("figure.benchmark", language) not in named


def test_the_benchmark_is_drawn_where_it_is_set(shop: rk.Log, language: str) -> None:
    axes = rk.figures.retention_rate(rk.metrics.retention_rate(shop), language, benchmark=0.4).axes[0]
    assert any(list(line.get_ydata()) == [0.4, 0.4] for line in axes.get_lines())


def test_persian_figures_have_persian_digits_on_the_right(shop: rk.Log) -> None:
    axes = rk.figures.retention_rate(rk.metrics.retention_rate(shop), "fa").axes[0]
    assert axes.yaxis.get_ticks_position() == "right"
    assert [axes.yaxis.get_major_formatter()(share, 0) for share in (0.2, 1)] == ["٪۲۰", "٪۱۰۰"]


def test_periods_of_few_customers_are_hollow(log_of: Callable[..., rk.Log]) -> None:
    log = log_of([("ana", "2024-01-05", 1), ("ana", "2024-02-05", 1), ("ana", "2024-03-31", 1)])
    axes = rk.figures.retention_rate(rk.metrics.retention_rate(log), "en").axes[0]
    assert any(line.get_markerfacecolor() == "white" and len(line.get_xdata()) == 2 for line in axes.get_lines())


def test_the_triangle_prints_the_share_of_each_cell_that_has_one(shop: rk.Log, language: str) -> None:
    result = rk.metrics.cohorts(shop)
    axes = rk.figures.cohorts(result, language).axes[0]
    printed = {tuple(map(int, cell.get_position())): cell.get_text() for cell in axes.texts}
    assert len(printed) == result.table["rate"].notna().sum() == 78
    assert printed[1, 0] == {"en": "37%", "fa": "٪۳۷"}[language]


def test_the_alternative_text_says_the_number(shop: rk.Log, language: str) -> None:
    for result in (rk.metrics.retention_rate(shop), rk.metrics.cohorts(shop)):
        assert rk.language.percent(result.headline["rate"], language) in rk.figures.alternative(result, language)


def test_a_log_with_no_rate_still_draws(log_of: Callable[..., rk.Log], language: str) -> None:
    log = log_of([("ana", "2024-01-05", 1)])
    for metric, figure in (
        (rk.metrics.retention_rate, rk.figures.retention_rate),
        (rk.metrics.cohorts, rk.figures.cohorts),
    ):
        result = metric(log)
        figure(result, language).canvas.draw()
        assert rk.figures.alternative(result, language)
        assert rk.say(result, language)
