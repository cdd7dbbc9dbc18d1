"""The command line: every command with its help and its options, declared once, and lines of it read by argparse.

No record is loaded here, and no command before it runs: `orwatch --help` comes at once.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Sequence
from keyword import iskeyword
from typing import Any, NamedTuple, NoReturn

from orwatch.domain.nearest import near
from orwatch.errors import UsageError

HELP_WIDTH = 100
"""Columns of the help."""

EXIT_CODES = (
    "exit codes: 0 done, 1 failed (network, API, cache), 2 wrong usage or setting, 3 no data for what was asked,\n"
    "4 key missing or refused, 10 the awaited alert fired, 130 interrupted"
)


class Option(NamedTuple):
    """An option. dest: the dotted name of the setting that it gives, or a name of its own. more: for argparse."""

    names: tuple[str, ...]
    dest: str
    help: str
    more: dict[str, Any]

    @property
    def name(self) -> str:
        """As it is told."""
        return self.names[-1]


class Command(NamedTuple):
    """A command: the function of its name in a module of this package (`import_` for `import`), and all of its help.

    arguments: positional ones, for argparse. formats: that it has, the default first.
    """

    name: str
    module: str
    group: str
    help: str
    options: tuple[Option, ...]
    arguments: tuple[tuple[str, dict[str, Any]], ...] = ()
    formats: tuple[str, ...] = ("table", "json", "csv", "md")

    @property
    def function(self) -> Callable[..., Any]:
        """The function. Its module is imported here, once it is to run: SQLite, HTTP and records are loaded for no help."""
        module = importlib.import_module(f"orwatch.cli.{self.module}")
        name = self.name or "dashboard"
        found: Callable[..., Any] = getattr(module, f"{name}_" if iskeyword(name) else name)
        return found

    @property
    def title(self) -> str:
        """As it is typed."""
        return f"orwatch {self.name}".rstrip()

    @property
    def summary(self) -> str:
        """The first line of its help."""
        return self.help.partition("\n")[0]


def _valued(name: str, dest: str, metavar: str, help_: str, **more: Any) -> Option:
    return Option((name,), dest, help_, {"metavar": metavar, **more})


def _switch(name: str, dest: str, value: bool, help_: str) -> Option:
    return Option((name,), dest, help_, {"action": "store_const", "const": value})


VIEW = (
    _valued("--period", "view.period", "GRAIN", "day, 7d (the seven days to a day), week or month"),
    _valued(
        "--at",
        "at",
        "DATE",
        "the period that holds it (7d: ends with it); default: the newest complete one; now: the running one",
    ),
    _valued("--basis", "view.basis", "BASIS", "rows that count: chart (nine), top10 or top50"),
    _valued("--vendor", "vendor", "VENDOR", "show only this vendor; !VENDOR hides it; repeatable", action="append"),
    _valued("--country", "country", "CC", "show only this country; !CC hides it; repeatable", action="append"),
    _valued(
        "--filter",
        "filter",
        "WORDS",
        "show only what matches, as `/` on the screen: 'claude, gpt', '!CN in<1 ctx>=200k'",
    ),
    _switch("--no-free", "view.free", False, "leave free variants out"),
    _switch("--merge-variants", "view.merge_variants", True, "count the variants of a model as one"),
)
CHANGE = _valued("--change", "change", "N", "changes on the period N before; default: on the one before")
SPAN = (
    _valued("--from", "span_from", "DATE", "add up the whole periods from this day on"),
    _valued("--until", "span_until", "DATE", "add up the whole periods up to this day"),
)
WHERE = (
    _switch("--offline", "offline", True, "never use the network"),
    _switch("--demo", "demo", True, "the recorded rankings that are shipped: no network, no key"),
    _valued("--cache", "source.cache", "FILE", "the cache file"),
    _valued("--base-url", "source.base_url", "URL", "where the API is"),
)
FORMAT = (
    _valued("--limit", "limit", "N", "at most this many rows"),
    _valued("--format", "format", "FORMAT", "table, json, csv or md; export: csv, jsonl or json; status: line too"),
)
SHARED = VIEW + FORMAT + WHERE
WATCH = _switch("--watch", "watch", True, "poll on, and print it again whenever its figures change")
BASELINE = _valued("--baseline", "prices.baseline", "ID", "the model whose price is 1")
MODEL_COLUMNS, PRICE_COLUMNS = (
    _valued("--columns", f"view.columns.{table}", "NAMES", "the columns, in order, by name: country,model,tokens …")
    for table in ("models", "prices")
)
HABIT = (
    _valued("--calls", "calls", "N", "calls a day"),
    _valued("--context", "context", "TOKENS", "tokens of input a call, such as 230k"),
    _valued("--cached", "cached", "PERCENT", "of the input, read from the host's cache"),
    _valued("--out", "out", "TOKENS", "tokens of output a call, such as 1k"),
    _valued("--sessions", "sessions", "N", "sessions a day, instead of calls"),
    _valued("--harness", "harness", "NAME", "what they are with: claude-code, codex, kilo-code, hermes-agent"),
    _valued("--turns", "turns", "RANGE", "how long they are: 1, 2-9, 10-49 or 50-plus turns"),
    _valued("--days", "days", "N", "days that are paid for"),
)
BY = _valued(
    "--by",
    "by",
    "WHAT",
    "rows by: share country or openness; spend model, country or period; hosts country, seat, host or model",
)
GROUP = _valued(
    "--group", "hosts.group", "GROUP", "West, EU, US, CN, or country codes: of which at least and at most are told"
)
TRENDING = Option(
    ("--trending",),
    "trending",
    "by tokens above the mean of the three weeks before",
    {"action": "store_const", "const": True},
)
TODAY = Option(
    ("--today",), "today", "at the prices of now, also for a past period", {"action": "store_const", "const": True}
)
SCORES = (
    _valued("--score", "score", "NAME", "what models are compared by, such as intelligence, coding, gpqa_diamond"),
    _valued("--task", "task", "NAME", "the benchmark of OpenRouter's own runs whose tasks are priced"),
    *(option for option in HABIT if option.dest in ("harness", "turns")),
)
EXPORT = (
    _valued("--since", "since", "DATE", "periods that begin on this day or later"),
    _valued("--until", "until", "DATE", "periods that begin on this day or earlier"),
    Option(("-o", "--output"), "output", "write this file; -: standard output", {"metavar": "FILE"}),
)
WIDTH = _valued("--width", "width", "N", "with --format line: the longest form of it that fits into N cells")
FORCE = _switch("--force", "force", True, "replace a file that exists")
SCREEN = (
    _switch("--no-mouse", "view.mouse", False, "leave the mouse to the terminal"),
    _switch("--screen-reader", "view.screen_reader", True, "plain lines instead of a drawn screen"),
)
ALERT_FILTER = (
    _switch("--unread", "unread", True, "only what fired and nobody has acknowledged"),
    _valued("--state", "state", "STATE", "confirmed, on_course or retracted"),
    _valued("--rule", "rule", "RULE", "only this rule, such as lead-flip; repeatable", action="append"),
    _valued("--from", "from", "DATE", "backtest: periods that begin on this day or later"),
    _valued("--until", "until", "DATE", "backtest: periods that begin on this day or earlier"),
)
WATCHING = (
    _valued("--until", "until", "RULE", "end with exit code 10 when an alert of this rule (or `any`) fires"),
    _switch(
        "--once", "once", True, "poll once, tell and deliver, and end: 10 if anything fired since the last such run"
    ),
    _valued("--format", "format", "FORMAT", "lines or jsonl; default: lines on a terminal, else JSON lines"),
)
UNFILTERED = tuple(option for option in VIEW if option.dest not in ("vendor", "country", "filter"))
TOLD = (
    *UNFILTERED,
    _valued("--format", "format", "FORMAT", "text, md or json; brief: html too"),
)
SPEED = _valued("--speed", "speed", "SPEED", "of its clock: 1w/s, 2d/s, 0 to stand still")

RANKINGS, ALERTS, PRICES, CACHE, SETUP = "Rankings", "Alerts", "Prices", "Cache and polling", "Set-up"
COMMANDS = (
    Command(
        "",
        "dashboard",
        "",
        """The market of AI models, live: OpenRouter's rankings by model, vendor and country, prices, and alerts.

Without a command this is the dashboard; options set its first state. Every figure on it is also a command, for
programs with --format json. No key is needed: one adds the history from 2025 on and the running day (`orwatch key
set`). With --screen-reader it speaks in plain lines instead, and takes commands from the keyboard.""",
        VIEW + WHERE + SCREEN,
    ),
    Command(
        "demo",
        "dashboard",
        "The screen",
        """The dashboard on the recorded summer of 2026, replayed: a day a second from 20 July to 22 August.

It needs no network and no key, and writes nothing to your settings or record. The figures are OpenRouter's own, as
recorded on 22 August 2026: weeks from July 2025 on (their nine largest: earlier ones open on --basis chart), days from
21 June 2026, prices from 17 July 2026. --at DATE, from 2025-07-21 on, is where its clock starts, --speed 1w/s or 2d/s
how fast it runs; 0 stands still. Where a flip is confirmed it stops for three seconds. P holds it, + and - change its
speed, < and > go a week back and on, F to the next flip; at the end, r replays.""",
        (*VIEW, *WHERE, *SCREEN, SPEED),
    ),
    Command(
        "top",
        "top",
        RANKINGS,
        """The models of a period by tokens: rank, share, change, periods in the top 10.

A table shows the first 20; --limit and the other formats show more. Shares are of all tokens, so the line `other`
stands for everything outside the rows. Filters hide rows and change no figure. --from and --until add whole periods
up, each model where it is on --basis; what they cover is named. --change 4 compares with the fourth period before.
JSON has every field; tables, Markdown and CSV those of --columns:
{columns[models]}""",
        (*SHARED, *SPAN, CHANGE, MODEL_COLUMNS, WATCH),
    ),
    Command(
        "share",
        "countries",
        RANKINGS,
        """The tokens of a period by country: shares, changes, and who leads.

Shares are of all tokens, and of those whose country is known. The split speaks of the rows of --basis. `??` are
rows of the basis whose country is not known, `other` is everything outside the basis; the rows add up to the total.
--from and --until add whole periods up, each through --basis; what they cover is named, and what the record lacks.
Where the record names fewer models of one of them than --basis asks for, the sums are unknown. What is free or
discounted stands below. --by openness splits by whether the weights of a model are published.""",
        (*SHARED, *SPAN, CHANGE, BY, WATCH),
    ),
    Command(
        "versus",
        "countries",
        RANKINGS,
        """A head to head, period by period: two countries (`versus CN US`) or vendors.

The newest row is the period that --at asks for. A flip is confirmed on complete periods only; the leader of a
running period is on course. --from and --until show these periods alone, and add them up.""",
        (*SHARED, *SPAN, CHANGE, WATCH),
        (("a", {"metavar": "A"}), ("b", {"metavar": "B"})),
    ),
    Command(
        "history",
        "history",
        RANKINGS,
        """One model, period by period: rank, tokens, share and change.

The newest period comes first. MODEL is a permaslug, an id, or a part of a name or slug that fits one model alone. A
period in which the record does not name the model has neither rank nor tokens: it may have had some.""",
        (*SHARED, CHANGE),
        (("model", {"metavar": "MODEL"}),),
    ),
    Command(
        "brief",
        "brief",
        RANKINGS,
        """A period as a press-ready briefing: a lede to print as it is, the split, the models, flips, prices.

Every sentence is made from the figures of the record, by rule. What is unknown is said to be, with the reason; what other
bases say and what skews the figures stands at the end. --format html is one file with charts that fetches nothing.
`orwatch config set notify.brief.to webhook` (or another channel) sends the briefing of each week when it ends.""",
        TOLD + WHERE,
        formats=("text", "md", "json", "html"),
    ),
    Command(
        "quote",
        "quote",
        RANKINGS,
        """One subject in a finished sentence, with exact figures, basis, what disagrees, source and the command for it.

SUBJECT is a model (permaslug, id, or part of a name), a country (CN), a head to head (CN:US, deepseek:anthropic), a
vendor, `total`, `price:MODEL`, or the id of an alert; of the wider market app:NAME, task:NAME, value:MODEL, host:NAME,
spend:MODEL or spend:CN, and apps, tasks, value, hosts, spend for all of one. model:, vendor: and country: before a name say
which is meant.""",
        (*TOLD, BASELINE, SCORES[0], GROUP, TODAY, *WHERE),
        (("subject", {"metavar": "SUBJECT"}),),
        formats=("text", "md", "json"),
    ),
    Command(
        "explain",
        "explain",
        RANKINGS,
        """What a number means: in a sentence, as a formula, and where it is from.

TERM is a word or mark as it stands on the screen (wow, Wks, "x base", ≥), or an alert rule; without one all of them are
listed. Nobody is asked.""",
        TOLD + WHERE,
        (("term", {"metavar": "TERM", "nargs": "?"}),),
        formats=("text", "md", "json"),
    ),
    Command(
        "vendors",
        "vendors",
        RANKINGS,
        """Whose models they are: company, country, evidence and tokens of each vendor.

`vendors assign AUTHOR CC` gives a vendor a country of your own, over the shipped table; `vendors unassign AUTHOR` takes it
back. Both write config.toml. Cloaked models are never attributed.""",
        SHARED,
        (("words", {"metavar": "assign|unassign", "nargs": "*"}),),
    ),
    Command(
        "alerts",
        "alerts",
        ALERTS,
        """What happened to leads, ranks, shares and prices, up to the period, newest first.

Computed from the record of the grain on --basis, with the rules and the head to head of the settings, and with what
the cache remembers of each: whether it is unread, and where it went. What the running period is on course for is
told apart and never confirmed; `retracted` is what restated figures no longer support.

`alerts ack ID…|all` acknowledges, `alerts unack ID…|last` takes that back. `alerts snooze 1h|1d|off [SUBJECT]` holds
deliveries, of everything or of a subject such as versus:CN:US, rule:streak or an alert's id. `alerts test CHANNEL`
sends a sample to a channel:
{channels}.
`alerts backtest` runs the rules over the whole record, whatever --at says, and gives what would have
fired; a rule that is off runs if --rule names it: orwatch alerts backtest --rule rank-jump --from 2026-02-09""",
        (*SHARED, *ALERT_FILTER, WATCH),
        (("words", {"metavar": "backtest|ack|unack|snooze|test", "nargs": "*"}),),
    ),
    Command(
        "watch",
        "watch",
        ALERTS,
        """Polls without a screen, tells each alert as it fires, and delivers it.

A line an alert on a terminal: mark, date, rule, sentence; JSON lines when piped (or --format). Where alerts go is
set below `notify`: see `orwatch config template`. --until RULE ends with exit code 10 when one fires. --once, for
cron, polls once if it is due and ends: with 10 if anything fired since the last such run. --demo replays the
recorded summer of 2026, --at DATE and --speed 1w/s as in `orwatch demo`; it serves no channel but
bell and osc.""",
        (*UNFILTERED, *WATCHING, *WHERE, SPEED),
        formats=("lines", "jsonl", "json"),
    ),
    Command(
        "prices",
        "prices",
        PRICES,
        """What a million tokens costs: input, output, cached input; CN against US.

Prices are in USD; ratios are to the price of --baseline. Ranked models come first, in the order of the period, then
the others by tokens of the newest day, then by name. A table shows the first 20. The gap is of the models of --basis
in the newest complete week: medians of CN and of US. With --at a past date, the prices are those that the cache had
seen by the end of that period, and the gap is of the newest week that was complete then. JSON has every field;
tables, Markdown and CSV those of --columns:
{columns[prices]}""",
        (*SHARED, BASELINE, PRICE_COLUMNS, WATCH),
    ),
    Command(
        "value",
        "value",
        PRICES,
        """Quality beside price: which models are the best for what they cost, by one score of one source at a time.

The best value (●) are the models that no other is as good as and no dearer; the others (○) are beaten by the cheapest
that is as good; those without a price in the catalogue come last. --score is a name such as intelligence, coding,
agentic (Artificial Analysis), gpqa_diamond (OpenRouter's own runs) or a category of Design Arena; scores of different
sources are never averaged. The price is of a million tokens, 98 % of them input (value.input). --task names the
benchmark whose tasks are priced, --harness and --turns the sessions. SWE-bench and LMArena are in no endpoint of
OpenRouter: not shown.""",
        (*SHARED, *SCORES, BASELINE, WATCH),
    ),
    Command(
        "hosts",
        "hosts",
        PRICES,
        """Where models could be served from: at least and at most by a group of countries, by who made them.

Which host served a token is not published. At least: tokens of models whose hosts all have their seat in the group. At
most: of models of which one host has. Unknown are models without a host list, without a known seat, and `other`. A seat is
that of the company as it states it, not of its servers. --group, or the setting hosts.group, names the countries: West, EU,
US, CN, or codes such as "US CA". --by seat, host and model tell the rest: what each could serve, and what the cheapest host of
the group costs on top of the cheapest of all (98 % input, 2 % output). A past period has the lists seen by its end.

`hosts assign HOST CC` gives a host a seat of your own; `hosts unassign HOST` takes it back.""",
        (*SHARED, BY, GROUP, WATCH),
        (("words", {"metavar": "assign|unassign", "nargs": "*"}),),
    ),
    Command(
        "habit",
        "habit",
        PRICES,
        """What a way of working costs with each model: by calls and their tokens, or by sessions of a harness.

By calls: days × calls × (context × (cached × price of cached input + the rest × price of input) + out × price of
output): orwatch habit --calls 100 --context 230k --cached 80% --out 1k --days 30. By sessions: days × sessions × the
median that OpenRouter publishes, which needs a key: orwatch habit --sessions 5 --days 22 --harness claude-code
--turns 10-49. What is not given is as in the setting value.habit. MODEL is an id, a permaslug, or a part of a name;
without one, ranked models come first. Ratios are to --baseline.""",
        (*SHARED, *HABIT, BASELINE, WATCH),
        (("models", {"metavar": "MODEL", "nargs": "*"}),),
    ),
    Command(
        "mix",
        "habit",
        PRICES,
        """Dear and cheap models mixed: what a million tokens and a month cost, and whose the bill is.

`mix DEAR:20 CHEAP:80` gives a share of the calls or sessions to each, in percent; one may be left without and takes
the rest. --budget USD says what share of the dear one so much allows for the days of the habit, whose options are
those of `habit`.""",
        (*SHARED, *HABIT, BASELINE, _valued("--budget", "budget", "USD", "for the days of the habit"), WATCH),
        (("parts", {"metavar": "MODEL:PERCENT", "nargs": "+"}),),
    ),
    Command(
        "spend",
        "spend",
        PRICES,
        """What a period's tokens cost, estimated: a band from low to high, by model or country.

Low: 98 % of the tokens are input and 80 % of that is read from a cache; high: 90 % input and nothing cached. The four
constants are settings (spend.low_input and so on). Prices are those that the cache had seen by the end of the period;
where it had seen none for the newest one, those of now, marked with their date, as with --today for any period. Free rows
cost 0. Rows without a price are named and left out: the share of the tokens that has one stands beside the sum.""",
        (*SHARED, BY, TODAY, WATCH),
    ),
    Command(
        "apps",
        "apps",
        RANKINGS,
        """The public apps that use most tokens in a week: tokens, requests, tokens per request, share, change.

The newest complete week, or that which holds the day of --at (now: the one in progress, compared with nothing). Apps are
told by their id; names change. Shares are of all tokens of the week and a lower bound: apps that did not opt in are in the
total alone. It needs a key, and the weeks that polls have kept; `orwatch export apps` gives them all. --category coding, or a
subcategory such as cli-agent, leaves those of it: they are known of the newest whole week alone. --trending orders them by
tokens of the week less the mean of the three weeks before, which orwatch computes from complete weeks of its own.""",
        (
            *SHARED,
            _valued("--category", "category", "NAME", "only apps of this category or subcategory"),
            TRENDING,
            WATCH,
        ),
    ),
    Command(
        "tasks",
        "tasks",
        RANKINGS,
        """What models are used for: shares of tokens and of requests by task, and who leads in each.

A snapshot of seven sampled days, the newest or that by --at; unclassified traffic is in neither share. Changes are in points on
the newest snapshot that has no day in common with it. There is no history upstream: the record is what polls have kept. With
--period week it gives the share of programming in all tokens by week, by another classifier. It needs a key.""",
        (*SHARED, WATCH),
    ),
    Command(
        "poll",
        "data",
        CACHE,
        """One refresh of the cache, for cron: what was asked for, and what it changed.

Exit code 1 where a part of it failed, 4 where the key was refused; what came is kept and printed. After a failure nothing is
asked before the next try is due, unless --insist is given.""",
        (*SHARED, _switch("--insist", "insist", True, "ask even if the last poll failed a moment ago")),
    ),
    Command(
        "status",
        "status",
        CACHE,
        """The cache at a glance: source, age, next poll, requests, size, periods.

Nobody is asked. The age is counted from the last poll that succeeded. Requests are those with the key, of this UTC
day; failed deliveries those of the last seven days that have not arrived. --format line is for tmux and shell prompts:
the newest complete period and the one in progress in one line, with total, lead, where the running total is heading
(so far ÷ the share that its days had in up to eight complete periods), and a flip on course; the age of figures that nobody
polled for a day.""",
        (*SHARED, WIDTH),
        formats=("table", "json", "csv", "md", "line"),
    ),
    Command(
        "export",
        "data",
        CACHE,
        """The record as CSV or JSON lines, with its citation.

A row for each model and period. All grains, or the one --period names; --since and --until bound the first day of a
period. Weeks and months added up from days are marked `composed`; `other` is a row. --format csv (default), jsonl
(which `orwatch import` takes on another machine) or json. --basis and --merge-variants change nothing here:
rows are as the source gave them. What --filter compares are the newest prices, with --at those seen then.

DATASET is one of those kept beside the rankings: apps, app-categories, tasks, session-cost, benchmarks, programming or
hosts. Its rows are as they were polled, each with the citation of its source; --since and --until bound what they are of:
a week's Monday, the last day of a window, the day of a score or list.""",
        SHARED + EXPORT,
        (("dataset", {"metavar": "DATASET", "nargs": "?"}),),
        formats=("csv", "jsonl", "json"),
    ),
    Command(
        "import",
        "data",
        CACHE,
        """A record from another machine: a file of `orwatch backup`, or JSON lines of `orwatch export`.

A backup brings all that cannot be fetched again: rankings, prices as they were seen, and alerts, which are not sent again.
JSON lines (`orwatch export --format jsonl`, without a filter) bring the rankings; - reads them from standard input. Of
each period the figures with the newest as_of win. Both must come from the server of --base-url. What is damaged or cut
short is refused whole. Doing it twice changes nothing.""",
        FORMAT + WHERE,
        (("file", {"metavar": "FILE"}),),
    ),
    Command(
        "backup",
        "data",
        CACHE,
        """A copy of the cache as one file: the record, prices as they were seen, alerts and what is still to be sent.

It is safe while other orwatch processes write. The copy is readable by you only, opens with --cache FILE, and goes to
another machine with `orwatch import FILE`. A file that exists is left as it is unless --force is given.""",
        (FORCE, *WHERE),
        (("file", {"metavar": "FILE"}),),
    ),
    Command(
        "config",
        "setup",
        SETUP,
        """The settings: show, path, set NAME VALUE, edit, template.

`show` names the source of each, `edit` opens $VISUAL or $EDITOR. A setting is a default, overridden by config.toml,
by the environment, by an option. `set` and `edit` refuse what is wrong and keep the file as it was; `template`
prints a file with every setting as a comment.""",
        SHARED,
        (("words", {"metavar": "show|path|set|edit|template", "nargs": "*"}),),
    ),
    Command(
        "key",
        "setup",
        SETUP,
        """The OpenRouter key: set, show, forget.

`set` asks for it, or reads one line of standard input. A key adds the history from 2025 on and the running day. It
is kept in a file of its own that only you can read, is bound to the server of --base-url, and is never shown but
for its end. OPENROUTER_API_KEY comes before it.""",
        SHARED,
        (("words", {"metavar": "set|show|forget", "nargs": "*"}),),
    ),
    Command(
        "doctor",
        "doctor",
        SETUP,
        """Checks configuration, key, cache, network, clock and terminal.

What fails comes with its mend. With a key it spends one keyed request of the 500 a day. Exit code 1 where a check fails.""",
        SHARED,
    ),
)
_BY_NAME = {command.name: command for command in COMMANDS}
_OPTIONS = {option.names: option for command in COMMANDS for option in command.options}


def parse(argv: Sequence[str]) -> tuple[Command, dict[str, Any]]:
    """The command, and what was given for its options and arguments by destination; those that were not given are not in it.

    Options stand before the command or after it. `help` and `version` are among them. Raises UsageError with the nearest known
    names for an unknown command or option.
    """
    line = _Parser(prog=next((_BY_NAME[word].title for word in argv if word in _BY_NAME), "orwatch"))
    for option in _OPTIONS.values():
        line.add_argument(*option.names, dest=option.name, **option.more)
    line.add_argument("-h", "--help", action="store_true")
    line.add_argument("--version", action="store_true")
    found, words = line.parse_known_args(argv)
    options = vars(found)
    name, *arguments = words or [""]
    if name.startswith("-") and len(name) > 1:
        raise UsageError(f"{name.partition('=')[0]} is no option; {near(name, [o.name for o in _OPTIONS.values()])}.")
    if name not in _BY_NAME:
        raise UsageError(f"{name!r} is no command; {near(name, [n for n in _BY_NAME if n])}.")
    command = _BY_NAME[name]
    if "help" in options or "version" in options:
        return command, options
    known = {option.name: option.dest for option in command.options}
    for option_name in options:
        if option_name not in known:
            raise _refusal(command, option_name)
    parser = _Parser(prog=command.title)
    for argument, more in command.arguments:
        parser.add_argument(argument, **more)
    placed, unknown = parser.parse_known_args(arguments)
    if unknown:
        raise _refusal(command, unknown[0])
    return command, {known[option_name]: value for option_name, value in options.items()} | vars(placed)


def help_of(command: Command) -> str:
    """The help of a command; that of the dashboard has every command with the first line of its help, and the exit codes."""
    parser = _parser(command)
    parser.description = command.help
    if "{" in command.help:
        # The help of all commands loads neither tables nor channels.
        from orwatch.notify.registry import CHANNELS
        from orwatch.present.tables.registry import TABLES

        columns = {key: ", ".join(table.written_names) for key, table in TABLES.items()}
        parser.description = command.help.format(columns=columns, channels=", ".join(CHANNELS))
    if not command.name:
        lines = ["commands (orwatch COMMAND --help tells more):"]
        group = ""
        for each in COMMANDS[1:]:
            if each.group != group:
                group = each.group
                lines += ["", f"{group}:"]
            lines.append(f"  {each.name:<9}{each.summary}")
        parser.epilog = "\n".join([*lines, "", EXIT_CODES])
    return parser.format_help().rstrip()


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are UsageErrors; what was not given is not in what it gives."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=HELP_WIDTH),
            add_help=False,
            **more,
        )
        self.color = False  # Python 3.14 would colour the help, and only where it is read on a terminal

    def error(self, message: str) -> NoReturn:
        if message.startswith("the following arguments are required: "):
            message = "it needs " + message.rpartition(": ")[2]
        raise UsageError(f"{message}; see `{self.prog} --help`.")


def _parser(command: Command) -> _Parser:
    parser = _Parser(prog=command.title, usage=None if command.name else "orwatch [COMMAND] [OPTIONS]")
    for name, more in command.arguments:
        parser.add_argument(name, **more)
    for option in command.options:
        parser.add_argument(*option.names, dest=option.dest, help=option.help, **option.more)
    parser.add_argument("-h", "--help", action="store_true", help="show this and exit")
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    return parser


def _refusal(command: Command, word: str) -> UsageError:
    if not word.startswith("-"):
        return UsageError(f"`{command.title}` takes no further argument {word!r}; see `{command.title} --help`.")
    name = word.partition("=")[0]
    return UsageError(
        f"{name} is no option of `{command.title}`; {near(name, [n for o in command.options for n in o.names])}."
    )
