"""What travels with the kit: all there, small, as registered, and made anew the same."""

import hashlib
import tomllib
from pathlib import Path

import duckdb
import pytest

import retention_kit as rk
from docs.data.build import CHECKSUMS, DATASETS, PAGES
from docs.data.files import checksums, rebuild
from docs.data.pages import SETS, pages, results
from retention_kit import formulas
from retention_kit.datasets import COMPANIES, load, shipped_company
from retention_kit.language import LANGUAGES
from tests.datasets.compare import did, difference, holds, later_orders, lives, ratio

REGISTERED = tomllib.loads(CHECKSUMS.read_text("utf-8"))
LOGS = [tuple(name.removesuffix(".parquet").split("/")) for name in REGISTERED if "/" in name]


def test_the_shipped_files_are_the_registered_ones() -> None:
    there = {path.relative_to(DATASETS).as_posix() for path in DATASETS.rglob("*.parquet")}
    assert there == set(REGISTERED)
    for name, known in REGISTERED.items():
        assert hashlib.sha256((DATASETS / name).read_bytes()).hexdigest() == known["bytes"], name


def test_a_rebuild_gives_the_content_that_is_shipped(tmp_path: Path) -> None:
    rebuild(tmp_path)
    made = checksums(tmp_path)
    assert {name: row["content"] for name, row in made.items()} == {
        name: row["content"] for name, row in REGISTERED.items() if "/" in name
    }
    for path in tmp_path.rglob("*.csv"):
        assert path.read_bytes() == (DATASETS / path.relative_to(tmp_path)).read_bytes(), path.name


def test_all_data_together_are_small() -> None:
    assert sum(path.stat().st_size for path in DATASETS.rglob("*") if path.is_file()) < 15_000_000


@pytest.mark.parametrize(("company", "contract"), LOGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_log_of_a_shipped_company_loads_with_all_its_rows(
    company: str, contract: str, language: str
) -> None:
    log = load(company, contract, language=language)
    assert (log.contract, log.currency, log.receipt.refused) == (contract, "toman", 0)
    assert log.receipt.used == REGISTERED[f"{company}/{contract}.parquet"]["rows"]
    assert str(log.observed_until) == "2025-03-20"


@pytest.mark.parametrize(("company", "contract"), LOGS)
def test_the_first_lines_beside_a_file_are_its_first_rows(company: str, contract: str) -> None:
    time = {"subscriptions": "start", "customers": "joined"}.get(contract, "time")
    path = DATASETS / company / f"{contract}.parquet"
    first = duckdb.read_parquet(str(path)).limit(20).df()[time]
    few = rk.read(path.with_suffix(".csv"), contract, currency="toman")
    found = few.engine.query("select * from log", log=few.table)[time]
    assert sorted(found) == sorted(first)


@pytest.mark.parametrize(
    ("name", "contract"),
    [("gol_box", "subscriptions"), ("kara", "subscriptions"), ("bazarche", "orders"), ("online_retail", "orders")],
)
def test_where_no_log_is_named_the_main_one_is_meant(name: str, contract: str) -> None:
    assert load(name).contract == contract


def test_names_are_in_the_language_that_is_asked_for() -> None:
    plans = [
        set(log.engine.query("select distinct plan from log", log=log.table)["plan"])
        for log in (load("kara", language=language) for language in LANGUAGES)
    ]
    assert plans == [{"Starter", "Team", "Company"}, {"شروع", "تیمی", "شرکتی"}]


def test_the_two_tables_of_customers_have_what_the_sources_say() -> None:
    telco, iranian = load("telco"), load("iranian_churn")
    assert (len(telco), int(telco["left"].sum()), int((telco["duration"] == 0).sum())) == (7_043, 1_869, 11)
    assert (len(iranian), int(iranian["left"].sum()), int(iranian.duplicated().sum())) == (3_150, 495, 300)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("golbox",), "wrong_choice_near"),
        (("kara", "points"), "wrong_choice_near"),
        (("kara", "money"), "wrong_choice"),
    ],
)
def test_a_set_or_log_that_is_not_there_is_refused_with_what_there_is(given: tuple[str, ...], code: str) -> None:
    with pytest.raises(rk.RetentionError) as refused:
        load(*given)
    assert refused.value.code == code


def test_reasons_of_a_failed_payment_make_the_churn_involuntary_in_both_languages() -> None:
    found = [
        rk.metrics.churn(load("gol_box", language=language)).table["involuntary"].sum() for language in LANGUAGES
    ]
    assert found[0] == found[1] > 0


def test_the_readme_names_every_set_and_every_log() -> None:
    readme = (DATASETS / "README.md").read_text("utf-8")
    assert all(f"`{name.split('/')[0]}" in readme for name in REGISTERED)
    rows = {line.split("|")[1].strip(" `"): line for line in readme.splitlines() if line.startswith("| `")}
    for company in COMPANIES:
        assert {log for name, log in LOGS if name == company} <= set(rows[company].replace(",", " ").split())


def test_the_pages_are_current_and_their_pictures_are_there() -> None:
    for name, page in pages().items():
        assert (PAGES / name).read_text("utf-8") == page, name
    for name in SETS:
        for result in results(name):
            for language in LANGUAGES:
                assert (PAGES / "images" / f"{name}.{result.name}.{language}.png").is_file()


def test_the_shipped_box_fools_who_compares_everybody_and_shows_the_truth_among_the_alike() -> None:
    box = shipped_company("gol_box")
    found = lives(box)
    lost, renewals, segment = found["lost"], found["renewals"], found["segment"]
    acted = {
        name: did(box, name, found.index)
        for name in ("Joined the group", "Picked own plants", "Installed the app")
    }
    naive = {name: sum(ratio(lost, renewals, flags)) for name, flags in acted.items()}
    assert min(naive, key=naive.__getitem__) == "Joined the group"
    alike = {name: ratio(lost, renewals, flags, segment) for name, flags in acted.items()}
    assert alike["Picked own plants"][1] < 1
    assert holds(alike["Joined the group"], 1.0)
    assert holds(alike["Installed the app"], 1.0)


def test_the_shipped_kara_and_bazarche_show_the_truth_among_the_alike_and_where_chance_decided() -> None:
    kara = shipped_company("kara")
    found = lives(kara)
    lost, renewals, segment = found["lost"], found["renewals"], found["segment"]
    for action in ("Invited a colleague", "Put in a logo", "Watched the tour", "Linked the calendar"):
        assert holds(ratio(lost, renewals, did(kara, action, found.index, "account"), segment), 1.0)
    assert ratio(lost, renewals, did(kara, "Imported the staff list", found.index, "account"), segment)[1] < 1
    steps = kara.tables["events"]["event"].value_counts()
    assert holds(formulas.wilson_interval(float(steps["Took the offer"]), float(steps["Saw an offer"])), 0.25)
    shop = shipped_company("bazarche")
    people = later_orders(shop, 30)
    chance = people[people["joined"] >= "2023-03-21"]
    assert difference(chance, did(shop, "Linked the channels", chance.index))[0] > 0


def test_the_truth_of_a_shipped_company_is_the_usual_one() -> None:
    for name in COMPANIES:
        truth = shipped_company(name).truth
        assert truth == type(truth)()
