"""Every command with its help and its options, declared once.

No record is loaded here, and no command before it runs: `orwatch --help` comes at once.
"""

from __future__ import annotations

from orwatch.cli.command import (
    AT,
    BASE_URL,
    DASHBOARD,
    DEMO,
    FILTER,
    FREE,
    KEPT,
    LENS,
    NARROWED,
    OUTPUT,
    PERIOD,
    SHOWN,
    SPEED,
    TABULAR,
    VIEW,
    WHERE,
    Command,
    Option,
    option,
)

EXIT_CODES = (
    ("0", "done"),
    ("1", "failed: network, API, cache"),
    ("2", "wrong usage or setting"),
    ("3", "no data for what was asked"),
    ("4", "key missing or refused"),
    ("10", "the awaited alert fired"),
    ("130", "interrupted"),
)
ENVIRONMENT = (
    ("OPENROUTER_API_KEY", "the key; it comes before a stored one"),
    ("OPENROUTER_API_KEY_FILE", "a file with it"),
    ("ORWATCH_CONFIG", "the file of settings"),
    ("ORWATCH_STATE", "the file of how the dashboard was left; the log lies beside it"),
    ("ORWATCH_CACHE", "the cache file, as --cache"),
    ("ORWATCH_BASE_URL", "where the API is, as --base-url"),
    ("ORWATCH_ARCHIVE", "auto, on or off: whether the shipped rankings lie under the record"),
    ("ORWATCH_POLL_INTERVAL", "seconds between two polls, 5 to 86400"),
    ("ORWATCH_DEBUG", "1: an unexpected error shows where it is"),
    ("NO_COLOR", "no colours, if it is not empty"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "colours in pipes and files too"),
    ("CLICOLOR", "0: no colours"),
    ("FORCE_HYPERLINK", "0: no address is a link; else all are, on a terminal"),
    ("VISUAL, EDITOR", "what `orwatch config edit` opens"),
    ("HTTPS_PROXY, NO_PROXY", "the proxy, and what is reached without it"),
)

GROUPS = {
    "The screen": ("dashboard", "serve"),
    "Rankings": ("top", "rankings", "sentences"),
    "Alerts": ("alerts", "watch"),
    "Prices": ("prices",),
    "Cache and polling": ("data", "export"),
    "Set-up": ("setup", "doctor", "help"),
}
"""The modules of commands, as the help of all parts them."""

CHANGE = option("--change N", "changes on the period N before", group=SHOWN, default="the one before")
SPAN = (
    option("--from DATE", "add up the whole periods from this day on", dest="span_from", group=SHOWN),
    option("--until DATE", "add up the whole periods up to this day", dest="span_until", group=SHOWN),
)
LIMIT = option(
    "--limit N", "at most this many rows", group=OUTPUT, default="20 of a table of models or prices, else all"
)
SHARED = (*VIEW, LIMIT, *WHERE)
WATCH = option("--watch", "poll on, and print it again whenever its figures change", group=OUTPUT)
BASELINE = option(
    "--baseline ID", "the model whose price is 1", dest="prices.baseline", default="the first that has a price"
)
MODEL_COLUMNS, PRICE_COLUMNS = (
    option(
        "--columns NAMES",
        f"the columns, in order, out of {{columns[{table}]}}",
        dest=f"view.columns.{table}",
        group=OUTPUT,
        default="all",
    )
    for table in ("models", "prices")
)
HARNESS = (
    option("--harness NAME", "what sessions are with: claude-code, codex, kilo-code, hermes-agent"),
    option("--turns RANGE", "how long sessions are: 1, 2-9, 10-49 or 50-plus turns"),
)
HABIT = (
    option("--calls N", "calls a day"),
    option("--context TOKENS", "tokens of input a call, such as 230k"),
    option("--cached PERCENT", "of the input, read from the host's cache"),
    option("--out TOKENS", "tokens of output a call, such as 1k"),
    option("--sessions N", "sessions a day, instead of calls"),
    *HARNESS,
    option("--days N", "days that are paid for"),
)
GROUP = option(
    "--group GROUP",
    "West, EU, US, CN, or country codes such as 'US CA': of which at least and at most are told",
    dest="hosts.group",
    default="West",
)
TODAY = option("--today", "at the prices of now, also for a past period")
SCORES = (
    option(
        "--score NAME",
        "what models are compared by: intelligence, coding, agentic, gpqa_diamond …",
        default="the setting value.score",
    ),
    option(
        "--task NAME", "the benchmark of OpenRouter's own runs whose tasks are priced", default="the setting value.task"
    ),
    *HARNESS,
)
EXPORT = (
    option("--since DATE", "periods that begin on this day or later; with --format parquet: last, what has changed"),
    option("--until DATE", "periods that begin on this day or earlier"),
    option(
        "-o --output FILE",
        "write this file, in place of one that exists; -: standard output; parquet: a folder",
        group=OUTPUT,
        default="-",
    ),
)
RECORD = (PERIOD._replace(default="all"), AT._replace(default="all"), *NARROWED, FREE[0])
"""What only the rankings, written as text, are chosen by."""
SETTABLE = tuple(option for option in (*VIEW, *WHERE) if "." in option.dest or option.dest == "offline")
"""Settings, which `config` shows as they hold."""
STATUS_LINE = (*LENS, option("--width N", "with --format line: the longest form of it that fits into N cells"))
"""What only the line of `status` takes."""
RULE = option("--rule RULE", "only this rule, repeatable: {rules}", repeatable=True)
WATCHING = (
    option("--until RULE", "end with exit code 10 when an alert of this rule, or `any`, fires: {rules}"),
    option("--once", "poll once, tell and deliver, and end: 10 if anything fired since the last such run"),
    option(
        "--format FORMAT",
        "how alerts are told",
        group=OUTPUT,
        choices=("lines", "jsonl", "json"),
        default="lines on a terminal, else jsonl",
    ),
    option(
        "--metrics ADDRESS",
        "serve /metrics for Prometheus, and /healthz, on an address and port, or a port of this machine alone",
    ),
)


def _by(*what: str) -> Option:
    return option("--by WHAT", "what a row is of", choices=what, default=what[0])


_DECLARED = (
    DASHBOARD,
    DEMO,
    Command(
        "serve",
        """The dashboard in a browser: for many readers at once, read-only.

Each page has a dashboard of its own on the cache: it asks nobody, keeps nothing, and refuses the keys that would pin,
acknowledge, assign, export, open, save or poll. New figures come from what polls into the cache: run `orwatch watch`
beside it. With --demo each page replays the recorded summer by itself. It listens on 127.0.0.1 alone unless --listen
names another address, has no password, and answers requests by an address or a name of this machine, or by --name. Where
others may reach it, put a proxy with a password before it, which keeps the Host of requests. It needs the extra:
pip install 'orwatch[web]'.""",
        (
            *VIEW,
            *WHERE,
            option("--listen ADDRESS", "an address and port, or a port", default="127.0.0.1:8464"),
            option("--name HOST", "a name that requests may use, such as a proxy's; repeatable", repeatable=True),
        ),
        formats=(),
        examples=(
            ("orwatch serve", "on port 8464 of this machine alone"),
            ("orwatch serve --listen 9000 --period day", "another port, opened on days"),
            ("orwatch serve --demo", "the recorded summer"),
        ),
        module="serve",
    ),
    Command(
        "top",
        """The models of a period by tokens: rank, share, change, periods in the top 10.

A table shows the first 20; --limit and the other formats show more. Shares are of all tokens, so the line `other`
stands for everything outside the rows. Filters hide rows and change no figure. --from and --until add whole periods
up, each model where it is on --basis; what they cover is named. --change 4 compares with the fourth period before.
JSON has every field; tables, Markdown and CSV those of --columns.""",
        (*SHARED, *SPAN, CHANGE, MODEL_COLUMNS, WATCH),
        examples=(
            ("orwatch top --basis chart --at 2026-06-03", "who ranked where in that week"),
            ("orwatch top --vendor qwen --vendor deepseek --json", "two vendors, for programs"),
            ("orwatch top --columns rank,model,tokens --watch", "three columns, again on every change"),
        ),
        module="top",
    ),
    Command(
        "share",
        """The tokens of a period by country: shares, changes, and who leads.

Shares are of all tokens, and of those whose country is known. The split speaks of the rows of --basis. `??` are
rows of the basis whose country is not known, `other` is everything outside the basis; the rows add up to the total.
--from and --until add whole periods up, each through --basis; what they cover is named, and what the record lacks.
Where the record names fewer models of one of them than --basis asks for, the sums are unknown. What is free or
discounted stands below. --by openness splits by whether the weights of a model are published.""",
        (*SHARED, *SPAN, CHANGE, _by("country", "openness"), WATCH),
        examples=(
            ("orwatch share --country CN --country US", "two countries, with `other`"),
            ("orwatch share --by openness", "open and closed weights"),
            ("orwatch share --basis chart --from 2026-01-01 --until 2026-06-30", "whole weeks added up"),
        ),
        module="rankings",
    ),
    Command(
        "versus",
        """A head to head, period by period: two countries (`versus CN US`) or vendors.

The newest row is the period that --at asks for. A flip is confirmed on complete periods only; the leader of a
running period is on course. --from and --until show these periods alone, and add them up.""",
        (*LENS, *SPAN, CHANGE, LIMIT, WATCH, *WHERE),
        {"a": "A", "b": "B"},
        examples=(
            ("orwatch versus CN US", "week by week, with every flip"),
            ("orwatch versus deepseek anthropic --period month", "two vendors, month by month"),
            ("orwatch versus CN US --from 2026-01-01 --until 2026-06-30 --json", "half a year, for programs"),
        ),
        module="rankings",
    ),
    Command(
        "history",
        """One model, period by period: rank, tokens, share and change.

The newest period comes first. MODEL is a permaslug, an id, or a part of a name or slug that fits one model alone. A
period in which the record does not name the model has neither rank nor tokens: it may have had some.""",
        (*LENS, CHANGE, LIMIT, *WHERE),
        {"model": "MODEL"},
        examples=(
            ("orwatch history deepseek/deepseek-v4-flash", "by its permaslug"),
            ("orwatch history opus-5 --period day --limit 30", "by a part of its name, thirty days"),
            ("orwatch history deepseek/deepseek-v4-flash --basis chart --format csv", "as CSV"),
        ),
        module="rankings",
    ),
    Command(
        "brief",
        """A period as a press-ready briefing: a lede to print as it is, the split, the models, flips, prices.

Every sentence is made from the figures of the record, by rule. What is unknown is said to be, with the reason; what other
bases say and what skews the figures stands at the end. --format html is one file with charts that fetches nothing.
`orwatch config set notify.brief.to webhook` (or another channel) sends the briefing of each week when it ends.""",
        LENS + WHERE,
        formats=("text", "json", "csv", "md", "html"),
        examples=(
            ("orwatch brief", "the newest complete week"),
            ("orwatch brief --at 2026-06-03 --basis chart --format md", "a past week, for an article"),
            ("orwatch brief --format html > brief.html", "one file with charts"),
        ),
        module="sentences",
    ),
    Command(
        "quote",
        """One subject in a finished sentence: with exact figures, basis, what disagrees, source and the command for it.

SUBJECT is a model (permaslug, id, or part of a name), a country (CN), a head to head (CN:US, deepseek:anthropic), a
vendor, `total`, `price:MODEL`, or the id of an alert; of the wider market app:NAME, task:NAME, value:MODEL, host:NAME,
spend:MODEL or spend:CN, and apps, tasks, value, hosts, spend for all of one. model:, vendor: and country: before a name say
which is meant.""",
        (*LENS, BASELINE, SCORES[0], GROUP, TODAY, *WHERE),
        {"subject": "SUBJECT"},
        formats=("text", "json", "csv", "md"),
        examples=(
            ("orwatch quote CN:US --at 2026-06-03 --basis chart", "a head to head"),
            ("orwatch quote total", "the total of all models"),
            ("orwatch quote price:claude-opus-5 --format md", "what a model costs"),
        ),
        module="sentences",
    ),
    Command(
        "explain",
        """What a number means: in a sentence, as a formula, and where it is from.

TERM is a word or mark as it stands on the screen (wow, Wks, "x base", ≥), or an alert rule; without one all of them are
listed. Nobody is asked.""",
        LENS + WHERE,
        {"term": "[TERM]"},
        formats=("text", "json", "csv", "md"),
        examples=(
            ("orwatch explain", "all terms"),
            ("orwatch explain wow", "the change on the period before, with a figure of the record"),
            ("orwatch explain lead-flip --format md", "an alert rule"),
        ),
        module="sentences",
    ),
    Command(
        "vendors",
        """Whose models they are: company, country, evidence and tokens of each vendor.

A country of your own comes before that of the shipped table. Cloaked models are never attributed.""",
        SHARED,
        examples=(
            ("orwatch vendors", "the vendors of the newest complete week"),
            ("orwatch vendors --country FR --basis top50", "those of one country"),
            ("orwatch vendors assign some-lab FR", "a country of your own"),
        ),
        module="rankings",
    ),
    Command(
        "vendors assign",
        """Gives a vendor a country of your own: over the shipped table, written to config.toml.""",
        arguments={"author": "AUTHOR", "country_code": "CC"},
        examples=(("orwatch vendors assign some-lab FR", "France from now on"),),
    ),
    Command(
        "vendors unassign",
        """Takes the country of your own back.""",
        arguments={"author": "AUTHOR"},
        examples=(("orwatch vendors unassign some-lab", "as the shipped table has it"),),
    ),
    Command(
        "alerts",
        """What happened to leads, ranks, shares and prices: up to the period, newest first.

Computed from the record of the grain on --basis, with the rules and the head to head of the settings, and with what
the cache remembers of each: whether it is unread, and where it went. What the running period is on course for is
told apart and never confirmed; `retracted` is what restated figures no longer support.""",
        (
            *SHARED,
            option("--unread", "only what fired and nobody has acknowledged"),
            option("--state STATE", "only alerts in this state", choices=("confirmed", "on_course", "retracted")),
            RULE,
            WATCH,
        ),
        examples=(
            ("orwatch alerts --unread", "what fired and nobody has acknowledged"),
            ("orwatch alerts --rule lead-flip --basis chart", "the flips of the lead"),
            ("orwatch alerts backtest --rule streak --from 2026-02-09", "what a rule would have fired"),
        ),
        module="alerts",
    ),
    Command(
        "alerts backtest",
        """What the rules would have fired: over the whole record of a grain.

A rule that is off runs if --rule names it.""",
        (
            PERIOD,
            *VIEW[2:],
            LIMIT,
            RULE,
            option("--from DATE", "periods that begin on this day or later"),
            option("--until DATE", "periods that begin on this day or earlier"),
            *WHERE,
        ),
        examples=(("orwatch alerts backtest --rule rank-jump --from 2026-02-09", "a rule that is off"),),
    ),
    Command(
        "alerts ack",
        """Acknowledges alerts by their ids, or all of them.""",
        WHERE,
        {"ids": "ID|all …"},
        formats=(),
        examples=(("orwatch alerts ack all", "nothing is unread then"),),
    ),
    Command(
        "alerts unack",
        """Makes alerts unread again: by their ids, or those that were acknowledged last.""",
        WHERE,
        {"ids": "ID|last …"},
        formats=(),
        examples=(("orwatch alerts unack last", "the last acknowledgement taken back"),),
    ),
    Command(
        "alerts snooze",
        """Holds deliveries for a time: of everything or of one subject; without a time, what is held.

TIME is 30m, 1h, 1d or such, or off. SUBJECT is one such as versus:CN:US, country:CN, rule:streak, or an alert's id.""",
        WHERE,
        {"time": "[TIME]", "subject": "[SUBJECT]"},
        examples=(("orwatch alerts snooze 1h versus:CN:US", "one head to head, for an hour"),),
    ),
    Command(
        "alerts test",
        """Sends a sample to a channel, whether it is on or not: {channels}.""",
        WHERE,
        {"channel": "CHANNEL"},
        formats=(),
        examples=(("orwatch alerts test bell", "it rings"),),
    ),
    Command(
        "watch",
        """Polls without a screen: tells each alert as it fires, and delivers it.

A line an alert on a terminal: mark, date, rule, sentence; JSON lines when piped (or --format). Where alerts go is
set below `notify`: see `orwatch config template`. --until RULE ends with exit code 10 when one fires. --once, for
cron, polls once if it is due and ends: with 10 if anything fired since the last such run. --demo replays the
recorded summer of 2026, --at DATE and --speed 1w/s as in `orwatch demo`; it serves no channel but
bell and osc. --metrics 9464 serves the figures of the newest complete week to Prometheus; it is an extra,
`pip install 'orwatch[metrics]'`.""",
        (*LENS, *WATCHING, *WHERE, SPEED),
        formats=("lines", "jsonl", "json"),
        examples=(
            ("orwatch watch", "on a terminal, a line an alert"),
            ("orwatch watch --until lead-flip", "ends with 10 when the lead flips"),
            ("orwatch watch --once -q >> alerts.jsonl", "for cron"),
        ),
        module="watch",
    ),
    Command(
        "prices",
        """What a million tokens costs: input, output, cached input; CN against US.

Prices are in USD; ratios are to the price of --baseline. Ranked models come first, in the order of the period, then
the others by tokens of the newest day, then by name. A table shows the first 20. The gap is of the models of --basis
in the newest complete week: medians of CN and of US. With --at a past date, the prices are those that the cache had
seen by the end of that period, and the gap is of the newest week that was complete then. JSON has every field;
tables, Markdown and CSV those of --columns.""",
        (*SHARED, BASELINE, PRICE_COLUMNS, WATCH),
        examples=(
            ("orwatch prices --baseline openai/gpt-5.4", "as multiples of one model's price"),
            ("orwatch prices --filter 'claude, gpt in<2'", "the words of the screen's filter"),
            ("orwatch prices --at 2026-07-20 --format csv", "as they were seen then"),
        ),
        module="prices",
    ),
    Command(
        "value",
        """Quality beside price: which models are the best for what they cost, by one score of one source at a time.

The best value (●) are the models that no other is as good as and no dearer; the others (○) are beaten by the cheapest
that is as good; those without a price in the catalogue come last. --score is a name such as intelligence, coding,
agentic (Artificial Analysis), gpqa_diamond (OpenRouter's own runs) or a category of Design Arena; scores of different
sources are never averaged. The price is of a million tokens, 98 % of them input (value.input). --task names the
benchmark whose tasks are priced, --harness and --turns the sessions. SWE-bench and LMArena are in no endpoint of
OpenRouter: not shown.""",
        (PERIOD, AT, *NARROWED, FREE[0], LIMIT, *WHERE, *SCORES, BASELINE, WATCH),
        examples=(
            ("orwatch value", "by the setting value.score"),
            ("orwatch value --score coding --country CN", "another score, one country"),
            ("orwatch value --score gpqa_diamond --json", "with every score of each model"),
        ),
        module="prices",
    ),
    Command(
        "hosts",
        """Where models could be served from: at least and at most by a group of countries, by who made them.

Which host served a token is not published. At least: tokens of models whose hosts all have their seat in the group. At
most: of models of which one host has. Unknown are models without a host list, without a known seat, and `other`. A seat is
that of the company as it states it, not of its servers. --group, or the setting hosts.group, names the countries: West, EU,
US, CN, or codes such as 'US CA'. --by seat, host and model tell the rest: what each could serve, and what the cheapest host of
the group costs on top of the cheapest of all (98 % input, 2 % output). A past period has the lists seen by its end.""",
        (*SHARED, _by("country", "seat", "host", "model"), GROUP, WATCH),
        examples=(
            ("orwatch hosts --group EU", "made in × could be served from the EU"),
            ("orwatch hosts --by host", "what each host could serve"),
            ("orwatch hosts assign 'Some Host' FR", "a seat of your own"),
        ),
        module="prices",
    ),
    Command(
        "hosts assign",
        """Gives a host a seat of your own: over that which it states, written to config.toml.""",
        arguments={"host": "HOST …", "country_code": "CC"},
        formats=(),
        examples=(("orwatch hosts assign Some Host FR", "France from now on"),),
    ),
    Command(
        "hosts unassign",
        """Takes the seat of your own back.""",
        arguments={"host": "HOST …"},
        formats=(),
        examples=(("orwatch hosts unassign Some Host", "as the host states it"),),
    ),
    Command(
        "habit",
        """What a way of working costs with each model: by calls and their tokens, or by sessions of a harness.

By calls: days × calls × (context × (cached × price of cached input + the rest × price of input) + out × price of
output): orwatch habit --calls 100 --context 230k --cached 80% --out 1k --days 30. By sessions: days × sessions × the
median that OpenRouter publishes, which needs a key: orwatch habit --sessions 5 --days 22 --harness claude-code
--turns 10-49. What is not given is as in the setting value.habit. MODEL is an id, a permaslug, or a part of a name;
without one, ranked models come first. Ratios are to --baseline.""",
        (*SHARED, *HABIT, BASELINE, WATCH),
        {"models": "[MODEL …]"},
        examples=(
            ("orwatch habit", "the setting value.habit"),
            ("orwatch habit --calls 100 --context 230k --cached 80% --out 1k --days 30", "by calls"),
            ("orwatch habit claude-opus-5 deepseek-v4-flash-0731 --sessions 5", "two models, by sessions"),
        ),
        module="prices",
    ),
    Command(
        "mix",
        """Dear and cheap models mixed: what a million tokens and a month cost, and whose the bill is.

`mix DEAR:20 CHEAP:80` gives a share of the calls or sessions to each, in percent; one may be left without and takes
the rest. --budget USD says what share of the dear one so much allows for the days of the habit, whose options are
those of `habit`.""",
        (PERIOD, AT, *HABIT, option("--budget USD", "what the days of the habit may cost"), LIMIT, WATCH, *WHERE),
        {"parts": "MODEL:PERCENT …"},
        examples=(
            ("orwatch mix claude-opus-5:20 deepseek-v4-flash-0731:80", "a fifth of the work to the dear one"),
            ("orwatch mix claude-opus-5:20 deepseek-v4-flash-0731", "the rest to the other"),
            ("orwatch mix claude-opus-5:20 deepseek-v4-flash-0731 --budget 100", "what 100 USD allow"),
        ),
        module="prices",
    ),
    Command(
        "spend",
        """What a period's tokens cost, estimated: a band from low to high, by model or country.

Low: 98 % of the tokens are input and 80 % of that is read from a cache; high: 90 % input and nothing cached. The four
constants are settings (spend.low_input and so on). Prices are those that the cache had seen by the end of the period;
where it had seen none for the newest one, those of now, marked with their date, as with --today for any period. Free rows
cost 0. Rows without a price are named and left out: the share of the tokens that has one stands beside the sum.""",
        (*SHARED, _by("model", "country", "period"), TODAY, WATCH),
        examples=(
            ("orwatch spend", "by model"),
            ("orwatch spend --by country --today", "by country, at the prices of now"),
            ("orwatch spend --by period --limit 8 --json", "eight weeks"),
        ),
        module="prices",
    ),
    Command(
        "apps",
        """The public apps that use most tokens in a week: tokens, requests, tokens per request, share, change.

The newest complete week, or that which holds the day of --at (now: the one in progress, compared with nothing). Apps are
told by their id; names change. Shares are of all tokens of the week and a lower bound: apps that did not opt in are in the
total alone. It needs a key, and the weeks that polls have kept; `orwatch export apps` gives them all. --category coding, or a
subcategory such as cli-agent, leaves those of it: they are known of the newest whole week alone. --trending orders them by
tokens of the week less the mean of the three weeks before, which orwatch computes from complete weeks of its own.""",
        (
            AT,
            FILTER,
            option("--category NAME", "only apps of this category or subcategory"),
            option("--trending", "by tokens above the mean of the three weeks before"),
            LIMIT,
            WATCH,
            *WHERE,
        ),
        examples=(
            ("orwatch apps --at 2026-08-12", "the apps of that week"),
            ("orwatch apps --category cli-agent", "one category"),
            ("orwatch apps --trending --json", "those that grow"),
        ),
        module="rankings",
    ),
    Command(
        "tasks",
        """What models are used for: shares of tokens and of requests by task, and who leads in each.

A snapshot of seven sampled days, the newest or that by --at; unclassified traffic is in neither share. Changes are in points on
the newest snapshot that has no day in common with it. There is no history upstream: the record is what polls have kept. With
--period week it gives the share of programming in all tokens by week, by another classifier. It needs a key.""",
        (
            PERIOD._replace(choices=("week",), default="", help="week: the share of programming by week"),
            AT,
            FILTER,
            LIMIT,
            WATCH,
            *WHERE,
        ),
        examples=(
            ("orwatch tasks", "the newest snapshot"),
            ("orwatch tasks --filter debug", "some of them"),
            ("orwatch tasks --period week", "the share of programming by week"),
        ),
        module="rankings",
    ),
    Command(
        "poll",
        """One refresh of the cache, for cron: what was asked for, and what it changed.

Exit code 1 where a part of it failed, 4 where the key was refused; what came is kept and printed. After a failure nothing is
asked before the next try is due, unless --insist is given; where the minute's requests are used up, the next minute's are waited
for.""",
        (option("--insist", "ask even if the last poll failed a moment ago"), *WHERE),
        examples=(
            ("orwatch poll", "what was asked for, and what came"),
            ("orwatch poll -q > /dev/null", "for cron: only what went wrong is told"),
            ("orwatch poll --insist --json", "even after a failure; for programs"),
        ),
        module="data",
    ),
    Command(
        "status",
        """The cache at a glance: source, age, next poll, requests, size, periods.

Nobody is asked. The age is counted from the last poll that succeeded. Requests are those with the key, of this UTC
day; failed deliveries those of the last seven days that have not arrived. --format line is for tmux and shell prompts:
the newest complete period and the one in progress in one line, with total, lead, where the running total is heading
(so far ÷ the share that its days had in up to eight complete periods), and a flip on course; the age of figures that nobody
polled for a day.""",
        (*STATUS_LINE, *WHERE),
        formats=(*TABULAR, "line"),
        examples=(
            ("orwatch status", "source, age, next poll, requests"),
            ("orwatch status --format line --width 64", "for tmux and prompts"),
            ("orwatch status --json", "for programs"),
        ),
        module="data",
    ),
    Command(
        "export",
        """The record for other programs: CSV, JSON lines or Parquet files, with its citation.

A row for each model and period. All grains, or the one --period names; --since and --until bound the first day of a
period. Weeks and months added up from days are marked `composed`; `other` is a row. --format csv (default), jsonl
(which `orwatch import` takes on another machine) or json. Rows are as the source gave them, on no basis. What
--filter compares are the newest prices, with --at those seen then.

DATASET is rankings, or one of those kept beside them: vendors, models, prices (as they were seen, in USD per token), apps,
app-categories, tasks, session-cost, benchmarks, programming or hosts. Its rows are as they were polled, each with the
citation of its source; --since and --until bound what they are of: a week's Monday, the last day of a window, the day of
a price, score or list. -o replaces a file that exists, whole or not at all.

--format parquet (pip install 'orwatch[parquet]') writes a folder, -o FOLDER: all datasets or the one named, a typed file
for each month (rankings/month=2026-08/rankings.parquet), with citation, as_of and licence in its metadata. --since and
--until choose whole months; --since last, for cron, writes those alone that have changed. contrib/sql reads them.""",
        (*EXPORT, *RECORD, LIMIT, *WHERE),
        {"dataset": "[DATASET]"},
        formats=("csv", "jsonl", "json", "parquet"),
        examples=(
            ("orwatch export --period week -o weeks.csv", "the weeks as CSV"),
            ("orwatch export --format jsonl > record.jsonl", "what `orwatch import` takes"),
            ("orwatch export --format parquet --since last -o FOLDER", "for cron: what has changed"),
        ),
        module="export",
    ),
    Command(
        "import",
        """A record from another machine: a file of `orwatch backup`, or JSON lines of `orwatch export`.

A backup brings all that cannot be fetched again: rankings, prices as they were seen, and alerts, which are not sent again.
JSON lines (`orwatch export --format jsonl`, without a filter) bring the rankings; - reads them from standard input. Of
each period the figures with the newest as_of win. Both must come from the server of --base-url. What is damaged or cut
short is refused whole. Doing it twice changes nothing.""",
        KEPT,
        {"file": "FILE"},
        examples=(
            ("orwatch import record.sqlite3", "a backup"),
            ("orwatch import record.jsonl", "JSON lines"),
            ("ssh other orwatch export --format jsonl | orwatch import -", "straight from another machine"),
        ),
        module="data",
    ),
    Command(
        "backup",
        """A copy of the cache as one file: the record, prices as they were seen, alerts and what is still to be sent.

It is safe while other orwatch processes write. The copy is readable by you only, opens with --cache FILE, and goes to
another machine with `orwatch import FILE`. A file that exists is left as it is unless --force is given.""",
        (option("--force", "replace a file that exists"), *KEPT),
        {"file": "FILE"},
        formats=(),
        examples=(
            ("orwatch backup record.sqlite3", "a copy beside"),
            ("orwatch backup --force ~/record.sqlite3", "over the last one"),
            ("orwatch top --cache record.sqlite3 --offline", "what a copy holds"),
        ),
        module="data",
    ),
    Command(
        "config",
        """The settings: what holds, what can be set, and where it is written.

A setting is a default, overridden by config.toml, by the environment, by an option. What is wrong is refused, and the file stays
as it was. Alone it is `orwatch config show`.""",
        SETTABLE,
        examples=(
            ("orwatch config", "every setting, and where it is from"),
            ("orwatch config set view.period day", "written to config.toml"),
            ("orwatch config template > config.toml", "a file with every setting as a comment"),
        ),
        module="setup",
    ),
    Command(
        "config show",
        """Every setting: its value, where that is from, and what it takes.""",
        SETTABLE,
        examples=(("orwatch config show --json", "for programs"),),
    ),
    Command(
        "config get",
        """The value of one setting, as it holds.""",
        SETTABLE,
        {"name": "NAME"},
        formats=("text", "json"),
        examples=(("orwatch config get view.period", "week"),),
    ),
    Command(
        "config set",
        """Writes one setting to config.toml: all else in the file stays as it is.""",
        arguments={"name": "NAME", "value": "VALUE"},
        formats=(),
        examples=(("orwatch config set notify.brief.to webhook", "the briefing goes to a channel"),),
    ),
    Command(
        "config unset",
        """Takes one setting out of config.toml: its default holds again.""",
        arguments={"name": "NAME"},
        formats=(),
        examples=(("orwatch config unset view.period", "the default again"),),
    ),
    Command(
        "config edit",
        """Opens config.toml in an editor: $VISUAL, $EDITOR or vi; what is valid is taken over.""",
        formats=(),
        examples=(("EDITOR=nano orwatch config edit", "in an editor of your choice"),),
    ),
    Command(
        "config path",
        """Where config.toml is, or would be.""",
        formats=(),
        examples=(("orwatch config path", "its whole path"),),
    ),
    Command(
        "config template",
        """A config.toml to begin with: every setting, its default and what it takes, as comments.""",
        formats=(),
        examples=(("orwatch config template | less", "to read"),),
    ),
    Command(
        "config schema",
        """The JSON schema of config.toml: for editors that check and complete it.""",
        formats=(),
        examples=(("orwatch config schema > orwatch.schema.json", "for an editor"),),
    ),
    Command(
        "key",
        """The OpenRouter key: whether there is one, and where it is kept.

A key adds the history from 2025 on and the running day. It is kept in a file of its own that only you can read, is bound to the
server of --base-url, and is never shown but for its end. OPENROUTER_API_KEY comes before it, or a
file that OPENROUTER_API_KEY_FILE names. Alone it is `orwatch key show`.""",
        (BASE_URL,),
        examples=(
            ("orwatch key set", "asks for it"),
            ("orwatch key set < key.txt", "reads one line"),
            ("orwatch key forget", "takes it away"),
        ),
        module="setup",
    ),
    Command(
        "key show",
        """The end of the key, and where it is from.""",
        (BASE_URL,),
        examples=(("orwatch key show", "…abcd"),),
    ),
    Command(
        "key set",
        """Keeps a key: asks for it, or reads one line of standard input.""",
        (BASE_URL,),
        {"words": ""},
        formats=(),
        examples=(("orwatch key set", "it is not shown while you type"),),
    ),
    Command(
        "key forget",
        """Takes the stored key away.""",
        (BASE_URL,),
        formats=(),
        examples=(("orwatch key forget", "of OpenRouter, or of --base-url"),),
    ),
    Command(
        "doctor",
        """Checks what a start needs: configuration, key, cache, network, clock and terminal.

What fails comes with its mend. With a key it spends one keyed request of the 500 a day. Exit code 1 where a check fails.""",
        WHERE,
        examples=(
            ("orwatch doctor", "everything that a start needs"),
            ("orwatch doctor --offline", "without the network"),
            ("orwatch doctor --json", "for programs"),
        ),
        module="doctor",
    ),
    Command(
        "completion",
        """What completes commands and options in a shell: bash, zsh or fish.

It is printed, to be kept where the shell looks for it. An installation puts it below share/ already, and the manual page too.""",
        arguments={"shell": "bash|zsh|fish"},
        formats=(),
        examples=(
            ("orwatch completion bash > ~/.local/share/bash-completion/completions/orwatch", "for bash"),
            ("orwatch completion zsh > ~/.zfunc/_orwatch", "for zsh, with ~/.zfunc in fpath"),
            ("orwatch completion fish > ~/.config/fish/completions/orwatch.fish", "for fish"),
        ),
        bare=True,
        module="help",
    ),
    Command(
        "help",
        """The help of a command: what `orwatch COMMAND --help` gives.

Without one, what orwatch is, the options of the dashboard, and all commands.""",
        arguments={"command": "[COMMAND …]"},
        formats=(),
        examples=(
            ("orwatch help", "all commands"),
            ("orwatch help top", "one of them"),
            ("orwatch help config set", "one of the commands of another"),
        ),
        bare=True,
        module="help",
    ),
)
_MODULES = {command.name: command.module for command in _DECLARED}
COMMANDS = tuple(one._replace(module=one.module or _MODULES[one.name.split()[0]]) for one in _DECLARED)
BY_NAME = {command.name: command for command in COMMANDS}
