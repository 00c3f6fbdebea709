"""Figures, read from their axes."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

import retention_kit as rk
from retention_kit.figures.canvas import CURVES
from tests.metrics import logs


@pytest.fixture(scope="module", params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def log_of_orders() -> rk.Log:
    return logs.orders(logs.SMALL, "2024-03-31")


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
    figure = rk.figures.retention_rate(rk.metrics.retention_rate(shop), language)
    named = [plain(entry.get_text()) for entry in figure.legends[0].get_texts()]
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
    assert result.summary is not None
    assert result.table["rate"].notna().sum() == 78
    assert len(printed) == 78 + result.summary["rate"].notna().sum()
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


def test_the_axis_of_churn_holds_every_interval_and_never_ends_beyond_the_whole(
    company: rk.Log, language: str
) -> None:
    """March loses 30 of 51: 59 %, at most 71 %."""
    result = rk.metrics.churn(company)
    low, high = rk.figures.churn(result, language).axes[0].get_ylim()
    assert low == 0
    assert 0.71 < result.table["high"].max() < high < 0.8


def test_the_axis_of_cohorts_holds_the_interval_of_revenue_that_grew(language: str) -> None:
    """Each customer pays more in the second month than in the first, the one 1.5 and the other 4 times as much."""
    grown = {"0": 150, "1": 400}
    rows = [("old", "2024-01-05", 1, "site")]
    for who, later in grown.items():
        rows += [(who, "2024-02-05", 100, "site"), (who, "2024-03-05", later, "site")]
    result = rk.metrics.cohorts(logs.orders(rows, "2024-03-31", "channel"), measure="revenue", by="channel")
    assert result.summary is not None
    highest = result.summary["high"].max()
    assert result.summary["rate"].max() < highest < rk.figures.cohorts(result, language).axes[0].get_ylim()[1]


def test_the_shares_of_many_cohorts_do_not_run_into_each_other(language: str) -> None:
    """Somebody begins in each month of two years and stays: 24 columns of 100 %."""
    rows = [{"customer": f"{n}", "start": f"{2022 + n // 12}-{1 + n % 12:02}-05"} for n in range(24)]
    figure = rk.figures.cohorts(rk.metrics.cohorts(logs.subscriptions(rows, "2023-12-31")), language)
    figure.canvas.draw()
    axes = figure.axes[0]
    column = axes.bbox.width / 24
    assert len(axes.texts) > 24
    assert max(share.get_window_extent().width for share in axes.texts) < column


@pytest.mark.parametrize("name", ["retention_rate", "churn", "stickiness", "survival", "lifecycle"])
def test_the_legend_stands_beside_the_drawing_and_inside_the_figure(
    company: rk.Log, log_of_orders: rk.Log, name: str, language: str
) -> None:
    log = log_of_orders if name in ("stickiness", "lifecycle") else company
    options = {"benchmark": 0.4} if name == "retention_rate" else {}
    figure = getattr(rk.figures, name)(getattr(rk.metrics, name)(log), language, **options)
    figure.canvas.draw()
    (legend,) = figure.legends
    place = legend.get_window_extent()
    assert figure.axes[0].get_legend() is None
    assert place.y1 <= figure.axes[0].bbox.y0
    assert figure.bbox.x0 <= place.x0
    assert place.x1 <= figure.bbox.x1


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
    durations = {"duration": [1, 2, 3, 4, 5] * 2, "left": [1, 0] * 5, "plan": ["gold"] * 5 + ["silver"] * 5}
    figure = rk.figures.survival(rk.metrics.survival(durations, by="plan"), language)
    named = [plain(entry.get_text()) for entry in figure.legends[0].get_texts()]
    assert {"gold", "silver"} <= set(named)
    assert len(figure.axes[0].get_lines()) == 5  # a full and a dotted line each, and the dotted one of the legend


@pytest.mark.parametrize("name", ["churn", "lifecycle", "stickiness", "survival", "revenue_churn"])
def test_every_result_is_drawn_said_and_described_however_little_it_holds(name: str, language: str) -> None:
    orders = [
        logs.orders(rows, "2024-03-31")
        for rows in (logs.SMALL, logs.SMALL[:1], logs.SMALL[:4], [("a", "2024-03-30", 1)])
    ]
    subscribed = [logs.subscriptions(COMPANY, until) for until in ("2024-01-20", "2024-02-29", "2024-04-10")]
    given = {"lifecycle": orders, "stickiness": orders, "churn": [*orders, *subscribed]}.get(name, subscribed)
    for log in given:
        result = getattr(rk.metrics, name)(log)
        getattr(rk.figures, name)(result, language).canvas.draw()
        assert rk.figures.alternative(result, language)
        assert rk.say(result, language)
        assert all(note.words(language) for note in result.notes)
        assert {f"{name}.columns.{column}" for column in result.table} <= rk.language.catalogue(language).keys()


GROUPS = ["site", "_app", "$5 to $10", None, "a name much longer than a legend can hold", "shop", "phone", "post"]
GROUPED = [
    ("retention_rate", "orders"),
    ("churn", "subscriptions"),
    ("lifecycle", "orders"),
    ("stickiness", "orders"),
    ("survival", "subscriptions"),
    ("revenue_churn", "subscriptions"),
]


@pytest.fixture(scope="module")
def logs_of_groups() -> dict[str, rk.Log]:
    """40 customers of the site and 6 of each other group, all since January; a third leave in March."""
    groups = [GROUPS[0]] * 34 + [group for group in GROUPS for _ in range(6)]
    days = ["2024-01-05", "2024-02-05", "2024-03-31"]
    return {
        "orders": logs.orders(
            [(f"{n}", day, 10, group) for n, group in enumerate(groups) for day in days[: 3 - (n % 3 == 0)]],
            days[-1],
            "channel",
        ),
        "subscriptions": logs.subscriptions(
            [
                {
                    "customer": f"{n}",
                    "start": days[0],
                    "channel": group,
                    **({"end": days[-1]} if n % 3 == 0 else {}),
                }
                for n, group in enumerate(groups)
            ],
            days[-1],
        ),
    }


@pytest.mark.parametrize(("name", "contract"), GROUPED)
def test_the_largest_groups_have_a_line_each_and_the_others_are_counted(
    logs_of_groups: dict[str, rk.Log], name: str, contract: str, language: str
) -> None:
    result = getattr(rk.metrics, name)(logs_of_groups[contract], by="channel")
    figure = getattr(rk.figures, name)(result, language)
    figure.canvas.draw()
    named = [entry.get_text() for entry in figure.legends[0].get_texts()]
    cut = "a name much longer than…"
    drawn = ["site", "$5 to $10", "_app", cut, "phone", "post"]
    assert [entry.replace("\\", "").strip() for entry in named[:6]] == drawn
    assert rk.language.text("segments.others", language, count=2) in map(plain, named)
    said = rk.figures.alternative(result, language)
    assert rk.language.number(8, language) in said
    assert all(group in said for group in ("$5 to $10", "_app"))
    assert {f"{name}.columns.{column}" for column in result.table} <= rk.language.catalogue(language).keys()
    assert all(note.words(language) for note in result.notes)


LAST_OF_THE_SITE = {
    "retention_rate": ("retention_rate", "low", "high"),
    "churn": ("churn_rate", "low", "high"),
    "stickiness": ("share", "low", "high"),
    "survival": ("survival", "low", "high"),
    "revenue_churn": ("gross_churn", "gross_low", "gross_high"),
}


@pytest.mark.parametrize(("name", "contract"), [pair for pair in GROUPED if pair[0] != "lifecycle"])
def test_the_alternative_text_says_where_the_line_of_each_group_ends(
    logs_of_groups: dict[str, rk.Log], name: str, contract: str, language: str
) -> None:
    result = getattr(rk.metrics, name)(logs_of_groups[contract], by="channel")
    columns = list(LAST_OF_THE_SITE[name])
    last = result.table.loc[result.table["group"] == "site", columns].dropna(subset=columns[0]).iloc[-1]
    value, low, high = (rk.language.percent(share, language) for share in last)
    end = {
        "en": f"site: {value} (95% interval {low} to {high})",
        "fa": f"site: {value} (بازهٔ اطمینان ۹۵٪: از {low} تا {high})",
    }
    assert end[language] in rk.figures.alternative(result, language)


def test_the_alternative_text_of_a_lifecycle_counts_the_customers_of_each_group(
    logs_of_groups: dict[str, rk.Log], language: str
) -> None:
    """In March the site has 26 customers."""
    result = rk.metrics.lifecycle(logs_of_groups["orders"], by="channel")
    end = {"en": "site: 26 customers", "fa": "site: ۲۶ مشتری"}
    assert end[language] in rk.figures.alternative(result, language)


def test_a_group_without_a_value_yet_is_named_alone() -> None:
    """Both groups have one month only, the last one, which runs."""
    rows = [(f"{n}", "2024-01-05", 10, ("site", "shop")[n % 2]) for n in range(11)]
    result = rk.metrics.retention_rate(logs.orders(rows, "2024-01-20", "channel"), by="channel")
    assert rk.figures.alternative(result, "en").endswith("with its last value. site; shop.")


@pytest.mark.parametrize(("name", "contract"), [pair for pair in GROUPED if pair[0] != "survival"])
def test_points_of_few_customers_are_hollow_in_every_group(
    logs_of_groups: dict[str, rk.Log], name: str, contract: str, language: str
) -> None:
    """The site has 40 customers, and 26 in March; every other group has 6."""
    result = getattr(rk.metrics, name)(logs_of_groups[contract], by="channel")
    points = [
        line for line in getattr(rk.figures, name)(result, language).axes[0].get_lines() if len(line.get_xdata())
    ]
    marked = [line for line in points if line.get_marker() == "o"]
    hollow = {line.get_color() for line in marked if line.get_markerfacecolor() == "white"}
    full = {line.get_color() for line in marked if line.get_markerfacecolor() != "white"}
    assert full == {CURVES[0]}
    assert hollow == set(CURVES[1:]) | ({CURVES[0]} if name == "lifecycle" else set())


def bought_again(groups: int = 1) -> list[tuple[str, str, int, str]]:
    """Everybody but one began in February: of 40 in a group half came again in March, of 5 in others all."""
    rows = [("old", "2024-01-05", 1, "g0")]
    for group in range(groups):
        size = 5 if group else 40
        rows += [(f"{group}/{n}", "2024-02-05", 10, f"g{group}") for n in range(size)]
        rows += [(f"{group}/{n}", "2024-03-05", 5, f"g{group}") for n in range(size) if group or n % 2]
    return rows


def test_the_last_row_of_the_triangle_is_the_average_of_all(language: str) -> None:
    result = rk.metrics.cohorts(logs.orders(bought_again(), "2024-03-31", "channel"))
    axes = rk.figures.cohorts(result, language).axes[0]
    assert plain(axes.get_yticklabels()[-1].get_text()).startswith(
        rk.language.text("cohorts.figure.average", language)
    )
    printed = {tuple(map(int, cell.get_position())): cell.get_text() for cell in axes.texts}
    assert printed[1, len(axes.get_yticklabels()) - 1] == {"en": "50%", "fa": "٪۵۰"}[language]


def test_a_column_of_brackets_is_named_by_its_first_and_last_age(language: str) -> None:
    log = logs.orders(bought_again(), "2024-03-31", "channel")
    result = rk.metrics.cohorts(log, kind="bracket", brackets=((1, 1), (2, 4)))
    labels = [label.get_text() for label in rk.figures.cohorts(result, language).axes[0].get_xticklabels()]
    assert labels == {"en": ["0", "1", "2–4"], "fa": ["۰", "۱", "۲ تا ۴"]}[language]


def test_each_group_of_cohorts_has_a_curve_hollow_where_it_is_small(language: str) -> None:
    result = rk.metrics.cohorts(logs.orders(bought_again(2), "2024-03-31", "channel"), by="channel")
    lines = rk.figures.cohorts(result, language).axes[0].get_lines()
    large, small = lines[0], lines[3]  # each curve comes with its full and its hollow marks
    assert list(large.get_ydata()) == [1, 0.5]
    assert list(small.get_ydata()) == [1, 1]
    assert [len(line.get_xdata()) for line in lines[1:3] + lines[4:6]] == [2, 0, 0, 2]


COHORTS = {
    "orders": [{}, {"measure": "revenue"}, {"kind": "bracket", "brackets": ((1, 2),)}, {"first_time": False}],
    "events": [{}, {"kind": "bracket", "brackets": ((1, 2),)}, {"first_time": False, "kind": "on_or_after"}],
    "subscriptions": [{}, {"measure": "revenue"}],
}


@pytest.mark.parametrize("contract", COHORTS)
def test_every_kind_of_cohorts_is_drawn_said_and_described(contract: str, language: str) -> None:
    rows = bought_again(2)
    given = {
        "orders": [logs.orders(rows, until, "channel") for until in ("2024-01-10", "2024-03-31")],
        "events": [logs.events([(who, day, "use", at) for who, day, _, at in rows], "2024-03-31", "channel")],
        "subscriptions": [
            logs.subscriptions([{**row, "channel": "site"} for row in COMPANY], until)
            for until in ("2024-01-20", "2024-04-10")
        ],
    }[contract]
    for log in given:
        for how in COHORTS[contract]:
            for by in (None, "channel"):
                result = rk.metrics.cohorts(log, by=by, **how)
                rk.figures.cohorts(result, language).canvas.draw()
                assert rk.figures.alternative(result, language)
                assert rk.say(result, language)
                assert all(note.words(language) for note in result.notes)
                columns = {*result.table, *(result.summary if result.summary is not None else ())}
                known = rk.language.catalogue(language)
                assert {f"cohorts.columns.{column}" for column in columns} <= known.keys()


@pytest.mark.parametrize("until", ["2024-01-10", "2024-02-10", "2024-03-31"])
@pytest.mark.parametrize("by", [None, "channel"])
def test_trials_are_drawn_said_and_described(until: str, by: str | None, language: str) -> None:
    """40 trials end on 20 January, a quarter of them in paying; another one runs until April."""
    rows = [
        {"customer": f"{n}", "start": "2024-01-06", "trial_end": "2024-01-20", "channel": "site"}
        | ({"end": "2024-01-20"} if n % 4 else {})
        for n in range(40)
    ]
    rows.append({"customer": "late", "start": "2024-01-07", "trial_end": "2024-04-20", "channel": "shop"})
    result = rk.metrics.trials(logs.subscriptions(rows, until), by=by)
    figure = rk.figures.trials(result, language)
    figure.canvas.draw()
    line = figure.axes[0].get_lines()[0]
    assert list(line.get_ydata()) == ([] if until < "2024-02" else [0.25])
    assert rk.figures.alternative(result, language)
    assert rk.say(result, language)
    assert all(note.words(language) for note in result.notes)
    assert {f"trials.columns.{column}" for column in result.table} <= rk.language.catalogue(language).keys()
