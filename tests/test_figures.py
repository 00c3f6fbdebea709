"""Figures, read from their axes."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

import retention_kit as rk
from tests.metrics import logs
from tests.metrics.test_retention_rate import SMALL


@pytest.fixture(scope="module", params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def log_of_orders() -> rk.Log:
    return logs.orders(SMALL, "2024-03-31")


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


COMPANY = [
    *({"customer": f"{n:02}", "start": "2024-01-05", "end": "2024-03-10" if n % 4 else None} for n in range(40)),
    *({"customer": f"{n:02}", "start": "2024-02-05", "mrr": 50.0} for n in range(40, 50)),
    {"customer": "99", "start": "2024-01-05", "end": "2024-02-10", "mrr": 80.0},
    {"customer": "99", "start": "2024-02-10", "mrr": 20.0},
]


@pytest.fixture(scope="module")
def company() -> rk.Log:
    """41 customers start in January, 10 in February; one falls from 80 to 20; 30 leave in March; April runs."""
    return logs.subscriptions(COMPANY, "2024-04-10")


def heights(axes: Axes) -> dict[str, list[float]]:
    """The bars of each label."""
    return {
        plain(bars.get_label()): [bar.get_height() for bar in bars]
        for bars in axes.containers
        if hasattr(bars, "patches")
    }


def test_revenue_that_came_stands_above_the_line_and_what_went_below(company: rk.Log, language: str) -> None:
    figure = rk.figures.revenue_churn(rk.metrics.revenue_churn(company), language)
    said = {
        name: rk.language.text(f"revenue_churn.columns.{name}", language)
        for name in ("new", "contraction", "churn")
    }
    bars = heights(figure.axes[0])
    assert bars[said["new"]][:3] == [4080, 500, 0]
    assert bars[said["contraction"]][:3] == [0, -60, 0]
    assert bars[said["churn"]][:3] == [0, 0, -3000]
    named = [plain(entry.get_text()) for entry in figure.legends[0].get_texts()]
    assert rk.language.text("figure.running", language) in named


def test_the_churn_line_is_the_rate(company: rk.Log, language: str) -> None:
    result = rk.metrics.churn(company)
    line = rk.figures.churn(result, language).axes[0].get_lines()[0]
    np.testing.assert_array_equal(line.get_ydata(), result.table["churn_rate"].dropna())


def test_the_lifecycle_stands_on_the_kept_and_hangs_the_lost(log_of_orders: rk.Log, language: str) -> None:
    axes = rk.figures.lifecycle(rk.metrics.lifecycle(log_of_orders), language).axes[0]
    said = {
        name: rk.language.text(f"lifecycle.columns.{name}", language)
        for name in ("kept", "new", "returned", "lost")
    }
    bars = heights(axes)
    assert bars[said["kept"]] == [0, 1, 1]
    assert bars[said["returned"]] == [0, 0, 1]
    assert bars[said["lost"]] == [0, -2, -1]


def test_stickiness_of_few_customers_is_hollow(log_of_orders: rk.Log, language: str) -> None:
    axes = rk.figures.stickiness(rk.metrics.stickiness(log_of_orders), language).axes[0]
    assert next(iter(heights(axes).values())) == [0.5, 0.25, 0.25]
    assert all(bar.get_facecolor() == (1, 1, 1, 1) for bar in axes.patches)


def test_a_survival_curve_is_dotted_where_few_are_at_risk(language: str) -> None:
    """60 are at risk at the ages 0 and 1, and 20 at age 2."""
    result = rk.metrics.survival({"duration": [1] * 40 + [2] * 20, "left": [1] * 60})
    full, dotted, _ = rk.figures.survival(result, language).axes[0].get_lines()
    assert np.isfinite(full.get_ydata()).tolist() == [True, True, False]
    assert np.isfinite(dotted.get_ydata()).tolist() == [False, True, True]
    assert dotted.get_linestyle() == ":"


def test_each_group_has_a_survival_curve_named_after_it(language: str) -> None:
    durations = {"duration": [1, 2, 3, 4], "left": [1, 0, 1, 0], "plan": ["gold", "gold", "silver", "silver"]}
    figure = rk.figures.survival(rk.metrics.survival(durations, by="plan"), language)
    named = [plain(entry.get_text()) for entry in figure.legends[0].get_texts()]
    assert {"gold", "silver"} <= set(named)
    assert len(figure.axes[0].get_lines()) == 5  # a full and a dotted line each, and the dotted one of the legend


@pytest.mark.parametrize("name", ["churn", "lifecycle", "stickiness", "survival", "revenue_churn"])
def test_every_result_is_drawn_said_and_described_however_little_it_holds(name: str, language: str) -> None:
    orders = [logs.orders(rows, "2024-03-31") for rows in (SMALL, SMALL[:1], SMALL[:4], [("a", "2024-03-30", 1)])]
    subscribed = [logs.subscriptions(COMPANY, until) for until in ("2024-01-20", "2024-02-29", "2024-04-10")]
    given = {"lifecycle": orders, "stickiness": orders, "churn": [*orders, *subscribed]}.get(name, subscribed)
    for log in given:
        result = getattr(rk.metrics, name)(log)
        getattr(rk.figures, name)(result, language).canvas.draw()
        assert rk.figures.alternative(result, language)
        assert rk.say(result, language)
        assert all(note.words(language) for note in result.notes)
        assert {f"{name}.columns.{column}" for column in result.table} <= rk.language.catalogue(language).keys()
