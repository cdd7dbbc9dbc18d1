"""Every command with its help and its options, declared once.

No record is loaded here, and no command before it runs: `orwatch --help` comes at once.
"""

from __future__ import annotations

from orwatch.cli.command import DASHBOARD, DEMO, SPEED, VIEW, WHERE, Command, Option, switch, valued

CHANGE = valued("--change", "change", "N", "changes on the period N before; default: on the one before")
SPAN = (
    valued("--from", "span_from", "DATE", "add up the whole periods from this day on"),
    valued("--until", "span_until", "DATE", "add up the whole periods up to this day"),
)
FORMAT = (
    valued("--limit", "limit", "N", "at most this many rows"),
    valued(
        "--format", "format", "FORMAT", "table, json, csv or md; export: csv, jsonl, json or parquet; status: line too"
    ),
)
SHARED = VIEW + FORMAT + WHERE
WATCH = switch("--watch", "watch", True, "poll on, and print it again whenever its figures change")
BASELINE = valued("--baseline", "prices.baseline", "ID", "the model whose price is 1")
MODEL_COLUMNS, PRICE_COLUMNS = (
    valued("--columns", f"view.columns.{table}", "NAMES", "the columns, in order, by name: country,model,tokens …")
    for table in ("models", "prices")
)
HABIT = (
    valued("--calls", "calls", "N", "calls a day"),
    valued("--context", "context", "TOKENS", "tokens of input a call, such as 230k"),
    valued("--cached", "cached", "PERCENT", "of the input, read from the host's cache"),
    valued("--out", "out", "TOKENS", "tokens of output a call, such as 1k"),
    valued("--sessions", "sessions", "N", "sessions a day, instead of calls"),
    valued("--harness", "harness", "NAME", "what they are with: claude-code, codex, kilo-code, hermes-agent"),
    valued("--turns", "turns", "RANGE", "how long they are: 1, 2-9, 10-49 or 50-plus turns"),
    valued("--days", "days", "N", "days that are paid for"),
)
BY = valued(
    "--by",
    "by",
    "WHAT",
    "rows by: share country or openness; spend model, country or period; hosts country, seat, host or model",
)
GROUP = valued(
    "--group", "hosts.group", "GROUP", "West, EU, US, CN, or country codes: of which at least and at most are told"
)
TRENDING = switch("--trending", "trending", True, "by tokens above the mean of the three weeks before")
TODAY = switch("--today", "today", True, "at the prices of now, also for a past period")
SCORES = (
    valued("--score", "score", "NAME", "what models are compared by, such as intelligence, coding, gpqa_diamond"),
    valued("--task", "task", "NAME", "the benchmark of OpenRouter's own runs whose tasks are priced"),
    *(option for option in HABIT if option.dest in ("harness", "turns")),
)
EXPORT = (
    valued(
        "--since",
        "since",
        "DATE",
        "periods that begin on this day or later; with --format parquet: last, what has changed",
    ),
    valued("--until", "until", "DATE", "periods that begin on this day or earlier"),
    Option(
        ("-o", "--output"),
        "output",
        "write this file, in place of one that exists; -: standard output; parquet: a folder",
        {"metavar": "FILE"},
    ),
)
WIDTH = valued("--width", "width", "N", "with --format line: the longest form of it that fits into N cells")
FORCE = switch("--force", "force", True, "replace a file that exists")
ALERT_FILTER = (
    switch("--unread", "unread", True, "only what fired and nobody has acknowledged"),
    valued("--state", "state", "STATE", "confirmed, on_course or retracted"),
    valued("--rule", "rule", "RULE", "only this rule, such as lead-flip; repeatable", action="append"),
    valued("--from", "from", "DATE", "backtest: periods that begin on this day or later"),
    valued("--until", "until", "DATE", "backtest: periods that begin on this day or earlier"),
)
WATCHING = (
    valued("--until", "until", "RULE", "end with exit code 10 when an alert of this rule (or `any`) fires"),
    switch(
        "--once", "once", True, "poll once, tell and deliver, and end: 10 if anything fired since the last such run"
    ),
    valued("--format", "format", "FORMAT", "lines or jsonl; default: lines on a terminal, else JSON lines"),
    valued(
        "--metrics",
        "metrics",
        "ADDRESS",
        "serve /metrics for Prometheus, and /healthz, on an address and port, or a port of this machine alone",
    ),
)
UNFILTERED = tuple(option for option in VIEW if option.dest not in ("vendor", "country", "filter"))
TOLD = (
    *UNFILTERED,
    valued("--format", "format", "FORMAT", "text, md or json; brief: html too"),
)

RANKINGS, ALERTS, PRICES, CACHE, SETUP = "Rankings", "Alerts", "Prices", "Cache and polling", "Set-up"
COMMANDS = (
    DASHBOARD,
    DEMO,
    Command(
        "serve",
        "serve",
        DEMO.group,
        """The dashboard in a browser, for many readers at once, read-only.

Each page has a dashboard of its own on the cache: it asks nobody, keeps nothing, and refuses the keys that would pin,
acknowledge, assign, export, open, save or poll. New figures come from what polls into the cache: run `orwatch watch`
beside it. With --demo each page replays the recorded summer by itself. It listens on 127.0.0.1 alone unless --listen
names another address, has no password, and answers requests by an address or a name of this machine, or by --name. Where
others may reach it, put a proxy with a password before it, which keeps the Host of requests. It needs the extra:
pip install 'orwatch[web]'.""",
        (
            *VIEW,
            *WHERE,
            valued("--listen", "listen", "ADDRESS", "an address and port, or a port; default: 127.0.0.1:8464"),
            valued(
                "--name", "name", "HOST", "a name that requests may use, such as a proxy's; repeatable", action="append"
            ),
        ),
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
bell and osc. --metrics 9464 serves the figures of the newest complete week to Prometheus; it is an extra,
`pip install 'orwatch[metrics]'`.""",
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
        (*SHARED, *HABIT, BASELINE, valued("--budget", "budget", "USD", "for the days of the habit"), WATCH),
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
            valued("--category", "category", "NAME", "only apps of this category or subcategory"),
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
asked before the next try is due, unless --insist is given; where the minute's requests are used up, the next minute's are waited
for.""",
        (*SHARED, switch("--insist", "insist", True, "ask even if the last poll failed a moment ago")),
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
        "export",
        CACHE,
        """The record as CSV, JSON lines or Parquet files, with its citation.

A row for each model and period. All grains, or the one --period names; --since and --until bound the first day of a
period. Weeks and months added up from days are marked `composed`; `other` is a row. --format csv (default), jsonl
(which `orwatch import` takes on another machine) or json. --basis and --merge-variants change nothing here:
rows are as the source gave them. What --filter compares are the newest prices, with --at those seen then.

DATASET is rankings, or one of those kept beside them: vendors, models, prices (as they were seen, in USD per token), apps,
app-categories, tasks, session-cost, benchmarks, programming or hosts. Its rows are as they were polled, each with the
citation of its source; --since and --until bound what they are of: a week's Monday, the last day of a window, the day of
a price, score or list. -o replaces a file that exists, whole or not at all.

--format parquet (pip install 'orwatch[parquet]') writes a folder, -o FOLDER: all datasets or the one named, a typed file
for each month (rankings/month=2026-08/rankings.parquet), with citation, as_of and licence in its metadata. --since and
--until choose whole months; --since last, for cron, writes those alone that have changed. contrib/sql reads them.""",
        SHARED + EXPORT,
        (("dataset", {"metavar": "DATASET", "nargs": "?"}),),
        formats=("csv", "jsonl", "json", "parquet"),
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
for its end. OPENROUTER_API_KEY comes before it, or a file that OPENROUTER_API_KEY_FILE names.""",
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
    Command(
        "help",
        "help",
        SETUP,
        """The help of a command, as `orwatch COMMAND --help` gives it.

Without one, what orwatch is, the options of the dashboard, and all commands.""",
        (),
        (("command", {"metavar": "COMMAND", "nargs": "?", "default": ""}),),
        formats=(),
        bare=True,
    ),
)
BY_NAME = {command.name: command for command in COMMANDS}
