"""Settings: defaults < config.toml < environment < options; wrong ones named; written back; keys kept safe."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from orwatch import config
from orwatch.config.assignments import Assignments
from orwatch.config.schema import PollSettings, PriceSettings, SourceSettings, ViewSettings
from orwatch.domain.alerts.crossings import ShareCrosses
from orwatch.domain.alerts.leads import LeadStreak
from orwatch.domain.alerts.ranks import RankJump, Surge
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.periods import Grain
from orwatch.domain.records import Basis
from orwatch.errors import OrwatchError, UsageError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orwatch" / "config.toml"


@pytest.fixture
def env(path: Path) -> dict[str, str]:
    return {"ORWATCH_CONFIG": str(path)}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_hold(env: dict[str, str], path: Path) -> None:
    found = config.load(env)
    assert found == config.Config(path=path)
    settings = found.settings
    assert (settings.view.period, settings.view.basis, settings.view.versus) == ("week", "top50", ("CN", "US"))
    assert settings.poll.interval == 300
    assert {found.origin(setting.name) for setting in config.every_setting()} == {"default"}


@pytest.mark.parametrize(
    ("text", "variable", "flag", "expected", "source"),
    [
        ("", None, None, 300, "default"),
        ("[poll]\ninterval = 60", None, None, 60, "FILE"),
        ("[poll]\ninterval = 60", "90", None, 90, "ORWATCH_POLL_INTERVAL"),
        ("[poll]\ninterval = 60", "90", 120, 120, "--interval"),
        ("[poll]\ninterval = 60", "", None, 60, "FILE"),
    ],
)
def test_each_place_overrides_the_one_before(
    env: dict[str, str], path: Path, text: str, variable: str | None, flag: int | None, expected: int, source: str
) -> None:
    write(path, text)
    if variable is not None:
        env["ORWATCH_POLL_INTERVAL"] = variable
    found = config.load(env, options={} if flag is None else {"poll.interval": ("--interval", flag)})
    assert found.settings.poll.interval == expected
    assert found.origin("poll.interval") == (str(path) if source == "FILE" else source)


def test_every_setting_is_read_from_the_file(env: dict[str, str], path: Path) -> None:
    write(
        path,
        """
        offline = true
        [source]
        base_url = "http://127.0.0.1:9/api/v1"
        cache = "/tmp/a.sqlite3"
        [view]
        period = "day"
        basis = "chart"
        free = false
        merge_variants = true
        theme = "light"
        versus = "deepseek OpenAI"
        favourites = ["deepseek", "CN"]
        [alerts.rank-jump]
        on = true
        places = 7
        [alerts.streak]
        marks = [13, 2, 2]
        not = ["vendor"]
        basis = "chart"
        grain = "view"
        [prices]
        baseline = "openai/gpt"
        [poll]
        interval = 86400
        [vendors]
        some-lab = "fr"
        """,
    )
    assert config.load(env).settings == config.Settings(
        source=SourceSettings(base_url="http://127.0.0.1:9/api/v1", cache=Path("/tmp/a.sqlite3")),
        view=ViewSettings(
            period=Grain.DAY,
            basis=Basis.CHART,
            free=False,
            merge_variants=True,
            theme="light",
            versus=("deepseek", "openai"),
            favourites=("deepseek", "CN"),
        ),
        alerts=AlertRules(
            rank_jump=RankJump(on=True, places=7),
            streak=LeadStreak(marks=(2, 13), muted=("vendor",), basis=Basis.CHART, grain=None),
        ),
        prices=PriceSettings(baseline="openai/gpt"),
        poll=PollSettings(interval=86400),
        offline=True,
        vendors={"some-lab": "fr"},
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[view]\nperiod = 'fortnight'", ["view.period", "'fortnight'", "day, 7d, week or month"]),
        ("[view]\nperiod = 7", ["view.period", "7", "day, 7d, week or month"]),
        ("[view]\nfree = 'perhaps'", ["view.free", "true or false"]),
        ("[view]\nperid = 'week'", ["view.perid", "nearest: view.period"]),
        ("[veiw]\nperiod = 'week'", ["'veiw'", "no setting"]),
        ("offlin = true", ["'offlin'", "nearest: offline"]),
        ("view = 1", ["view is a table", "[view]"]),
        ("[poll]\ninterval = 4", ["poll.interval is 4", "5 to 86400 seconds"]),
        ("[poll]\ninterval = 60.5", ["poll.interval"]),
        ("[poll]\ninterval = true", ["poll.interval is true"]),
        ("[alerts.rank-jump]\nplaces = 0", ["alerts.rank-jump.places is 0", "places"]),
        ("[alerts.rank-jump]\nplaces = 2.5", ["alerts.rank-jump.places is 2.5"]),
        ("[alerts.rank-jump]\nplace = 5", ["alerts.rank-jump.place", "nearest: alerts.rank-jump.places"]),
        ("[alerts.rank-jmp]\non = true", ["alerts.rank-jmp", "nearest: alerts.rank-jump"]),
        ("[alerts]\nrank-jump = true", ["alerts.rank-jump is a table", "[alerts.rank-jump]"]),
        ("[alerts.surge]\non = 'perhaps'", ["alerts.surge.on", "true or false"]),
        ("[alerts.surge]\nshare = 50", ["alerts.surge.share is 50", "fraction from 0 to 1"]),
        ("[alerts.surge]\nchange = 60", ["alerts.surge.change is 60", "0.5 is 50 %"]),
        ("[alerts.surge]\nchange = nan", ["alerts.surge.change"]),
        ("[alerts.streak]\nmarks = [4, 'x']", ["alerts.streak.marks", "a list of periods"]),
        ("[alerts.streak]\nbasis = 'top20'", ["alerts.streak.basis", "view"]),
        ("[alerts.streak]\nonly = [1]", ["alerts.streak.only", "a list"]),
        ("[alerts.price-change]\nbasis = 'chart'", ["alerts.price-change.basis", "no setting"]),
        ("[view]\nfavourites = [1]", ["view.favourites", "a list"]),
        ("vendors = 1", ["vendors is a table"]),
        ("[view]\nversus = 'CN'", ["view.versus", "two countries"]),
        ("[view]\nversus = 'CN CN'", ["view.versus"]),
        ("[vendors]\nsome-lab = 1", ["vendors.some-lab", "country code"]),
        ("[vendors]\nsome-lab = 'ZZ'", ["'ZZ'", "ISO 3166-1"]),
        ("[vendors]\nstealth = 'US'", ["never attributed"]),
        ("[view\nperiod", ["no valid TOML", "line 1"]),
    ],
)
def test_a_wrong_file_is_one_sentence_with_file_setting_and_mend(
    env: dict[str, str], path: Path, text: str, words: list[str]
) -> None:
    write(path, text)
    with pytest.raises(UsageError) as caught:
        config.load(env)
    sentence = str(caught.value)
    assert all(word in sentence for word in [str(path), *words])
    assert "\n" not in sentence


def test_a_wrong_variable_is_named(env: dict[str, str]) -> None:
    env["ORWATCH_POLL_INTERVAL"] = "soon"
    with pytest.raises(
        UsageError, match=r"ORWATCH_POLL_INTERVAL \(poll.interval\) is 'soon'; it takes 5 to 86400 seconds"
    ):
        config.load(env)


def test_a_folder_in_place_of_the_file_is_a_sentence(env: dict[str, str], path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(OrwatchError, match="cannot be read"):
        config.load(env)


def test_setting_a_value_keeps_everything_else(env: dict[str, str], path: Path) -> None:
    write(path, '[view]\nbasis = "chart"\n[vendors]\nsome-lab = "FR"\n')
    config.set_values(path, {"view.period": "day"})
    config.set_values(path, {"offline": "yes"})
    config.set_values(path, {"view.versus": "openai:deepseek"})
    settings = config.load(env).settings
    assert (settings.view.period, settings.view.basis, settings.offline) == ("day", "chart", True)
    assert settings.view.versus == ("openai", "deepseek")
    assert settings.vendors == {"some-lab": "FR"}


@pytest.mark.parametrize(
    ("name", "given", "written"),
    [
        ("alerts.lead-flip.on", "no", False),
        ("alerts.lead-flip.band", "0.05", 0.05),
        ("alerts.streak.marks", "8, 4", [4, 8]),
        ("alerts.streak.not", "vendor CN:US", ["vendor", "CN:US"]),
        ("alerts.streak.only", "", []),
        ("alerts.share-crosses.marks", "0.5", [0.5]),
        ("alerts.ratio-crosses.basis", "view", "view"),
        ("view.favourites", "deepseek, CN", ["deepseek", "CN"]),
        ("view.versus", "CN:US", "CN US"),
    ],
)
def test_a_setting_in_any_table_is_written_and_read_back(
    env: dict[str, str], path: Path, name: str, given: str, written: object
) -> None:
    write(path, "offline = true\n[alerts.surge]\nchange = 2\n")
    assert config.set_values(path, {name: given}) == {name: written}
    found: Any = tomllib.loads(path.read_text())
    for table in name.split("."):
        found = found[table]
    assert found == written
    loaded = config.load(env)
    assert (loaded.settings.offline, loaded.settings.alerts.surge.change) == (True, 2)
    assert config.known(name).plain(config.known(name).of(loaded.settings)) == written
    assert loaded.origin(name) == str(path)


def test_every_field_is_a_setting_with_a_sentence_and_what_it_takes() -> None:
    names = [setting.name for setting in config.every_setting()]
    assert names[:4] == ["source.base_url", "source.cache", "source.archive", "view.period"]
    assert {"alerts.lead-flip.band", "alerts.streak.not", "notify.webhook.url", "offline"} <= {*names}
    assert len(names) == len({*names}) == sum(len(fields) for fields in fields_of(config.Settings()))
    assert all(setting.help.endswith(".") and setting.accepts for setting in config.every_setting())


def fields_of(table: Struct) -> Iterator[list[str]]:
    """The fields of each table of settings, but for the tables in it, what users name themselves, and rules beside the first."""
    values = {name: getattr(table, name) for name in table.__struct_fields__}
    yield [name for name, value in values.items() if not isinstance(value, Struct | dict) and name != "also"]
    for value in values.values():
        if isinstance(value, Struct):
            yield from fields_of(value)


def test_the_template_holds_every_default_as_it_would_be_written(env: dict[str, str], path: Path) -> None:
    bare = "\n".join(line.removeprefix("# ") if " = " in line else line for line in config.template().splitlines())
    write(
        path,
        "\n".join(
            line
            for line in bare.splitlines()
            if '""' not in line and not line.startswith(("some-lab", '"Some Host"', "filter = [", 'folder = "~'))
        ),
    )
    assert config.load(env).settings == config.Settings()
    assert len(config.load(env).came_from) > 100


@pytest.mark.parametrize(
    ("name", "value"), [("view.period", "fortnight"), ("view.perid", "day"), ("vendors", "x"), ("start.filter", "in<")]
)
def test_a_wrong_value_leaves_the_file_as_it_was(path: Path, name: str, value: str) -> None:
    write(path, "offline = true\n")
    with pytest.raises(UsageError):
        config.set_values(path, {name: value})
    assert path.read_text() == "offline = true\n"


def test_a_broken_file_is_never_overwritten(path: Path) -> None:
    write(path, "[view\n")
    with pytest.raises(UsageError):
        config.set_values(path, {"offline": "true"})
    assert path.read_text() == "[view\n"


def test_a_file_that_cannot_be_written_is_a_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OrwatchError, match="cannot be written: File exists"):
        config.write_atomically(tmp_path / "file" / "config.toml", ["x"])
    with pytest.raises(OrwatchError, match="cannot be written: No space left on device"):
        config.write_atomically(Path("/dev/full"), ["x"])
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_linked_config_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text("")
    link.symlink_to(real)
    config.set_values(link, {"offline": "true"})
    assert link.is_symlink()
    assert tomllib.loads(real.read_text()) == {"offline": True}


def test_vendors_are_assigned_and_unassigned(env: dict[str, str], path: Path) -> None:
    assert config.assign(path, config.VENDORS, "Some-Lab", "fr") == ("some-lab", "FR")
    assert config.load(env).settings.vendors == {"some-lab": "FR"}
    assert config.unassign(path, config.VENDORS, "some-lab")
    assert not config.unassign(path, config.VENDORS, "some-lab")
    assert config.load(env).settings.vendors == {}


@pytest.mark.parametrize(("own", "name"), [(config.VENDORS, "some-lab"), (config.SEATS, "SOME-Lab")])
def test_a_country_replaces_that_of_the_same_name_in_another_case(tmp_path: Path, own: Assignments, name: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[{own.table}]\nSome-Lab = "FR"\n')
    config.assign(path, own, name, "DE")
    assert config.read_document(path) == {own.table: {name: "DE"}}


@pytest.mark.parametrize(("author", "code"), [("some-lab", "XX"), ("openrouter", "US"), ("other", "US"), ("a/b", "US")])
def test_what_cannot_be_attributed_is_not_written(path: Path, author: str, code: str) -> None:
    with pytest.raises(UsageError):
        config.assign(path, config.VENDORS, author, code)
    assert not path.exists()


def test_the_template_names_every_setting_and_is_valid(env: dict[str, str], path: Path) -> None:
    write(path, config.template())
    assert config.load(env).settings == config.Settings()
    for setting in config.every_setting():
        assert f"# {setting.name.rpartition('.')[2]} = " in config.template()


ORIGIN, LOCAL = "https://openrouter.ai", "http://127.0.0.1:8999"
KEY, OTHER_KEY = "sk-or-v1-0123456789abcd", "sk-or-v1-9876543210dcba"


def test_a_stored_key_is_bound_to_its_origin(env: dict[str, str]) -> None:
    config.store_key(ORIGIN, KEY, env)
    config.store_key(LOCAL, OTHER_KEY, env)
    assert config.stored_key(ORIGIN, env) == KEY
    assert config.stored_key(LOCAL, env) == OTHER_KEY
    assert config.stored_key("https://openrouter.ai:8443", env) is None
    assert config.forget_key(ORIGIN, env)
    assert not config.forget_key(ORIGIN, env)
    assert (config.stored_key(ORIGIN, env), config.stored_key(LOCAL, env)) == (None, OTHER_KEY)


def test_the_key_file_is_the_users_alone(env: dict[str, str], path: Path) -> None:
    config.store_key(ORIGIN, KEY, env)
    file = config.key_path(env)
    assert file == path.with_name("key.toml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o644)
    config.store_key(LOCAL, KEY, env)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_variable_comes_before_the_stored_key(env: dict[str, str]) -> None:
    assert config.key_for(ORIGIN, env) is None
    config.store_key(ORIGIN, KEY, env)
    assert config.key_for(ORIGIN, env) == (KEY, str(config.key_path(env)))
    assert config.key_for(ORIGIN, env | {"OPENROUTER_API_KEY": f" {OTHER_KEY}\n"}) == (OTHER_KEY, "OPENROUTER_API_KEY")
    assert config.key_for(ORIGIN, env | {"OPENROUTER_API_KEY": ""}) == (KEY, str(config.key_path(env)))


def test_a_key_comes_from_a_file_that_the_environment_names(env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "credential"
    named = env | {"OPENROUTER_API_KEY_FILE": str(file)}
    with pytest.raises(UsageError, match=r"OPENROUTER_API_KEY_FILE names .*credential, which cannot be read: No such"):
        config.key_for(ORIGIN, named)
    file.write_text("\n")
    assert config.key_for(ORIGIN, named) is None
    file.write_text(f"{KEY}\n")
    assert config.key_for(ORIGIN, named) == (KEY, str(file))
    assert config.key_for(ORIGIN, named | {"OPENROUTER_API_KEY": OTHER_KEY}) == (OTHER_KEY, "OPENROUTER_API_KEY")


@pytest.mark.parametrize(
    "text", ["", "hunter2", "sk-or-a b", "sk-or-ä", "sk-or-\x1b[31m", "sk-ant-123", "sk-or-a\nsk-or-b"]
)
def test_what_is_no_key_is_refused_and_not_repeated(env: dict[str, str], text: str) -> None:
    with pytest.raises(UsageError) as caught:
        config.store_key(ORIGIN, text, env)
    assert text not in str(caught.value) or not text
    assert not config.key_path(env).exists()


def test_of_a_key_only_its_end_is_shown() -> None:
    assert config.key_tail(KEY) == "…abcd"


# Several alert rules of one kind

SEVERAL = """
[[alerts.share-crosses]]
marks = [0.3]

[[alerts.share-crosses]]
only = ["FR"]
marks = [0.01, 0.02]

[[alerts.share-crosses]]
"""


def test_rules_of_one_kind_have_each_their_own_settings(path: Path, env: dict[str, str]) -> None:
    write(path, SEVERAL)
    found = config.load(env)
    assert found.settings.alerts.share_crosses.marks == (0.3,)
    assert found.settings.alerts.also == (
        ("share-crosses", ShareCrosses(only=("FR",), marks=(0.01, 0.02))),
        ("share-crosses", ShareCrosses()),
    )
    assert found.origin("alerts.share-crosses.marks") == str(path)
    assert found.origin("alerts.share-crosses[1].only") == str(path)
    assert found.is_default("alerts.share-crosses[2].marks")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[[alerts.surge]]\n[[alerts.surge]]\nchange = 90",
            "alerts.surge[1].change is 90; it takes a fraction from 0.01 to 20",
        ),
        ("[[alerts.surge]]\nchange = 90", "alerts.surge[0].change is 90;"),
        (
            "[[alerts.surge]]\n[[alerts.surge]]\nchanges = 0.2",
            "'alerts.surge[1].changes' is no setting; nearest: alerts.surge[1].change",
        ),
        (
            "[alerts]\nsurge = [3]",
            "alerts.surge[0] is a table of settings; write [[alerts.surge]] on a line of its own.",
        ),
        ("[[alerts]]\non = true", "alerts is a table of settings; write [alerts] on a line of its own."),
        ("[[view]]\nbasis = 'chart'", "view is a table of settings; write [view] on a line of its own."),
    ],
)
def test_what_is_wrong_with_one_of_several_rules_is_said_with_its_number(
    path: Path, env: dict[str, str], text: str, said: str
) -> None:
    write(path, text)
    with pytest.raises(UsageError) as wrong:
        config.load(env)
    assert f"{path}: {said}" in str(wrong.value)


def test_where_no_name_is_near_it_is_told_where_all_are_listed(path: Path) -> None:
    with pytest.raises(UsageError) as wrong:
        config.set_values(path, {"models.columns": "rank"})
    assert str(wrong.value) == "'models.columns' is no setting; `orwatch config` lists them."


def test_one_of_several_rules_is_set_by_its_number(path: Path, env: dict[str, str]) -> None:
    write(path, "[alerts.surge]\nchange = 0.6\n")
    config.set_values(path, {"alerts.surge[1].change": "0.2"})
    config.set_values(path, {"alerts.surge[1].only": "deepseek"})
    config.set_values(path, {"alerts.surge[0].share": "0.01"})
    alerts = config.load(env).settings.alerts
    assert (alerts.surge.change, alerts.surge.share) == (0.6, 0.01)
    assert alerts.also == (("surge", Surge(change=0.2, only=("deepseek",))),)
    with pytest.raises(UsageError, match=r"There are 2 rules alerts.surge: say which, as in alerts.surge\[0\]."):
        config.set_values(path, {"alerts.surge.change": "0.3"})
    with pytest.raises(UsageError, match=r"the next rule of its kind is alerts.surge\[2\]."):
        config.set_values(path, {"alerts.surge[7].change": "0.3"})
    assert config.load(env).settings.alerts == alerts


def test_the_value_of_an_alarm_is_a_price(path: Path, env: dict[str, str]) -> None:
    write(path, '[alerts.price-crosses]\nmodel = "deepseek/deepseek-v4-flash"\nat_most = 0.10\n')
    rule = config.load(env).settings.alerts.price_crosses
    assert (rule.model, rule.price, rule.at_most, rule.at_least) == ("deepseek/deepseek-v4-flash", "input", 0.10, None)
    write(path, "[alerts.price-crosses]\nat_most = -1\n")
    with pytest.raises(UsageError, match="at_most is -1; it takes USD per million tokens, or never"):
        config.load(env)
