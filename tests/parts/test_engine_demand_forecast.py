"""The forecast: what it says of parts that are new, dying, seasonal, promoted or never sold, and that it is a distribution."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from cheyi.kernel import Refused
from cheyi.parts.engine.demand import classics, counts
from cheyi.parts.engine.demand.backtest import choose, loss, origins
from cheyi.parts.engine.demand.forecast import Setting, forecast, forecast_days
from cheyi.parts.engine.demand.history import History, clean
from cheyi.parts.engine.demand.levels import LONG, SHORT
from cheyi.parts.engine.demand.season import season_of
from tests.simulators import part_series


@pytest.fixture(scope="module")
def store():
    return part_series.mixed(400, 48, seed=21)


def test_the_negative_binomial_has_its_mean_and_variance():
    mean, ratio = np.array([0.3, 2.0, 7.5]), np.array([1.0, 2.5, 4.0])
    over = counts.negative_binomial(mean, ratio, np.ones(3))
    assert np.allclose(over.sum(axis=1), mean)
    second = ((2 * np.arange(1, counts.STEPS + 1) - 1) * over).sum(axis=1)
    assert np.allclose(second - mean**2, mean * ratio)
    assert np.allclose(over[0, 0], 1 - np.exp(-0.3), atol=1e-6)


@pytest.mark.parametrize(("mean", "ratio"), [(900.0, 1.5), (900.0, 60.0), (900.0, 4000.0)])
def test_large_demand_is_counted_in_units_and_keeps_its_mean(mean, ratio):
    unit = counts.units_for(np.array([mean]), np.array([ratio]), np.zeros(1))
    over = counts.negative_binomial(np.array([mean]), np.array([ratio]), unit)
    assert unit[0] > 1
    assert np.all(np.diff(over[0]) <= 1e-12)
    assert abs((over.sum() + 0.5) * unit[0] / mean - 1) < 0.06


def test_chances_fall_and_quantiles_rise(store):
    found = forecast(clean(History(store.demand)), 2)
    assert np.all((found.chance >= 0) & (found.chance <= 1))
    assert np.all(np.diff(found.chance, axis=1) <= 1e-9)
    quantiles = [found.quantile(level) for level in (0.1, 0.5, 0.9, 0.95, 0.99)]
    assert np.all(np.diff(quantiles, axis=0) >= 0)
    assert np.allclose(found.over(found.quantile(0.9)) <= 0.1 + 1e-6, True)


def test_a_part_that_never_sold_hardly_sells():
    found = forecast(clean(History(np.vstack([np.zeros(36), np.full(36, 2.0)]))), 1)
    assert found.mean[0] < 0.05
    assert found.quantile(0.9)[0] == 0


def test_one_sale_is_no_trend():
    demand = np.zeros((1, 24))
    demand[0, 10] = 1
    found = forecast(clean(History(demand)), 1)
    assert 0.01 < found.mean[0] < 0.2
    assert found.quantile(0.5)[0] == 0


def test_one_month_is_enough_to_say_something():
    found = forecast(clean(History([[3.0], [1.0]])), 1)
    assert np.all(found.mean > 0)
    assert np.all(np.isfinite(found.chance))


def test_a_new_part_sells_as_its_category_and_model_do():
    demand = np.vstack([np.full((6, 24), 8.0), np.full((6, 24), 1.0), np.full((2, 24), np.nan)])
    labels = [0] * 6 + [1] * 6 + [0, 1]
    found = forecast(clean(History(demand, category=labels, model=[3] * 14)), 1)
    assert found.mean[12] > 5
    assert 0 < found.mean[13] < 3


def test_the_end_of_life_lets_demand_fade():
    demand = np.full((2, 24), 5.0)
    found = forecast(clean(History(demand, ends=[0, 1])), 6)
    expected = sum(0.9 ** (month + 0.5) for month in range(6)) / 6
    assert found.mean[1] / found.mean[0] == pytest.approx(expected)


def test_a_dying_part_is_forgotten_sooner_with_a_short_memory():
    demand = np.concatenate([np.full(24, 6.0), np.zeros(10)])[None, :]
    history = clean(History(np.vstack([demand, demand])))
    short, long = (forecast(history, 1, Setting(memory)).mean[0] for memory in (SHORT, LONG))
    assert short < 0.4 * long


def test_a_planned_promotion_is_added():
    history = clean(History(np.full((2, 24), 4.0)))
    found = forecast(history, 1, uplift=[0.0, 0.5])
    assert found.mean[1] == pytest.approx(1.5 * found.mean[0])


def test_the_season_of_a_category_is_found_and_used():
    time = np.arange(48)
    wave = np.where(time % 12 < 6, 2.0, 1.0)
    draw = np.random.default_rng(4)
    demand = np.vstack([draw.binomial(20, 0.2 * wave, (40, 48)), draw.binomial(20, 0.2, (40, 48))]).astype(float)
    history = clean(History(demand, category=[0] * 40 + [1] * 40))
    season = season_of(history)
    assert season.index[0, :6].mean() / season.index[0, 6:].mean() == pytest.approx(2, rel=0.15)
    assert np.abs(season.index[1] - 1).max() < 0.15
    summer, winter = forecast(history, 1, season=season), forecast(history, 1, season=season, skip=6)
    assert summer.mean[:40].sum() / winter.mean[:40].sum() == pytest.approx(2, rel=0.2)


def test_under_two_years_there_is_no_season():
    history = clean(History(np.tile([9.0, 1.0], (3, 10))))
    assert np.all(season_of(history).index == 1)


def test_days_and_parts_of_a_month_scale(store):
    history = clean(History(store.demand))
    week, month = forecast_days(history, 7.5), forecast_days(history, 30)
    assert np.allclose(4 * week.mean, month.mean)
    assert np.array_equal(month.quantile(0.9), forecast(history, 1).quantile(0.9))


def test_each_part_has_its_own_time():
    history = clean(History(np.full((3, 24), 5.0)))
    together = forecast(history, [1, 2.5, 12])
    assert np.allclose(together.mean / together.mean[0], [1, 2.5, 12])


@pytest.mark.parametrize("months", [0, -1, 12.5, float("nan")])
def test_a_time_that_cannot_be_forecast_is_refused(months):
    with pytest.raises(Refused) as refused:
        forecast(clean(History([[1.0, 2.0]])), months)
    assert refused.value.code == "parts.demand.wrong_horizon"


def test_the_past_chooses_a_short_memory_where_parts_die_and_a_long_one_where_they_stay():
    draw = np.random.default_rng(8)
    rate = draw.gamma(2, 1.0, 1500)[:, None]
    stays = draw.binomial(26, np.minimum(rate * np.ones(60) / 26, 0.9)).astype(float)
    turns = np.exp(np.cumsum(draw.normal(0, 0.3, (1500, 60)), axis=1))
    wanders = draw.binomial(60, np.minimum(rate * turns / 60, 0.9)).astype(float)
    assert choose(clean(History(stays)), 1).setting.memory == LONG
    assert choose(clean(History(wanders)), 1).setting.memory == SHORT


def test_without_a_past_the_ordinary_setting_stays():
    choice = choose(clean(History(np.ones((5, 4)))), 3)
    assert (choice.setting, choice.origins, choice.trials) == (Setting(), 0, ())


def test_the_choice_is_never_worse_on_its_past_than_the_ordinary_setting(store):
    choice = choose(clean(History(store.demand)), 3)
    by_setting = {trial.setting: trial.loss for trial in choice.trials}
    assert by_setting[choice.setting] <= by_setting[Setting()]


def test_origins_look_back_and_never_ahead():
    assert origins(24, 3) == (21, 18, 15, 12)
    assert origins(9, 3) == (6,)
    assert origins(6, 3) == ()


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_it_is_never_three_per_cent_behind_the_best_classic_method_on_simulated_parts(seed):
    series = part_series.mixed(600, 48, seed=seed)
    whole = clean(History(series.demand))
    lost: dict[str, float] = {}
    for origin in (36, 42):
        actual = whole.demand[:, origin : origin + 3].sum(axis=1)
        rows = np.flatnonzero(~np.isnan(actual) & whole.known[:, :origin].any(axis=1))
        past = whole.until(origin, rows)
        found = forecast(past, 3, choose(past, 3).setting)
        methods = {"engine": (found.chance, found.unit)}
        for name, method in classics.METHODS.items():
            methods[name] = classics.chances(past.demand, method(past.demand), 3)
        for name, (chance, unit) in methods.items():
            for level in (0.9, 0.95):
                total = loss(actual[rows], counts.quantile(chance, unit, level), level).sum()
                lost[name] = lost.get(name, 0.0) + float(total)
    assert lost["engine"] < 1.03 * min(value for name, value in lost.items() if name != "engine")


@pytest.mark.race
def test_web_processes_load_no_numpy_with_the_engine():
    program = "import sys, cheyi.parts.engine, cheyi.parts.engine.proposals, cheyi.parts.engine.classic, cheyi.parts.engine.bench; print('numpy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
