"""What every word, mark and figure means: one table for `i`, the help of the panes, `orwatch explain` and the README."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.names import near
from orwatch.errors import UsageError

RANKINGS: Final = "OpenRouter's rankings"
VENDORS: Final = "the vendors' table that orwatch ships, under your own assignments"
CATALOGUE: Final = "OpenRouter's list of models, and the hosts of each"
SCORED: Final = (
    "Artificial Analysis, Design Arena and OpenRouter's own runs, each by itself, beside OpenRouter's list of models"
)
COMPUTED: Final = "OpenRouter's rankings, computed by orwatch over the record in the cache"
ESTIMATED: Final = "tokens of OpenRouter's rankings at the prices of its list of models; an estimate of orwatch"
RULES: Final = "the alert rules and their settings, judged over the record in the cache"
POLLS: Final = "orwatch's polls"

COUNT_BACK: Final = "back from the newest complete period, counting while it held"
A_MILLION: Final = "price of a token × 1,000,000"

ROWS, PERIODS, BASIS, COUNTRY = "Rows", "Periods", "Basis", "Country"
CHANGE, LEADS = "Rank, change, new", "Leader, flip, streak"
PRICE, VALUE, SPEND, HOSTS = "Price", "Value", "Estimated spend", "Hosts"
APPS, TASKS = "Apps", "Tasks"
ALERTS, FRESHNESS = "Alerts", "Freshness"

SECTIONS: Final[Mapping[str, str]] = {
    ROWS: RANKINGS,
    PERIODS: RANKINGS,
    BASIS: COMPUTED,
    COUNTRY: VENDORS,
    CHANGE: COMPUTED,
    LEADS: COMPUTED,
    PRICE: CATALOGUE,
    VALUE: SCORED,
    SPEND: ESTIMATED,
    HOSTS: CATALOGUE,
    APPS: "OpenRouter's ranking of public apps, by week",
    TASKS: "OpenRouter's classifier of tasks, over a sample of seven days",
    ALERTS: RULES,
    FRESHNESS: POLLS,
}
"""The parts of the definitions, each with where its figures come from."""


class Term(Struct, frozen=True):
    """A word or mark under which figures stand.

    key: what columns, figures and `orwatch explain` call it. heads: how it stands on screen and in tables, the most usual first.
    section: its part of the definitions. meaning: one sentence. formula: how it is computed; empty where it is not.
    short: a few words, where there is no room for the sentence. In both `{period}` stands for what a period is called.
    """

    key: str
    heads: tuple[str, ...]
    section: str
    meaning: str
    formula: str = ""
    short: str = ""

    def of(self, period: str = "period") -> Term:
        """The same in words for periods of a grain, such as `week`."""
        meaning, short = (text.replace("{period}", period) for text in (self.meaning, self.short))
        return replace(self, meaning=meaning, short=short)

    @property
    def source(self) -> str:
        """Where its figures come from."""
        return SECTIONS[self.section]


_TERMS: Final = (
    Term("tokens", ("Tokens",), ROWS, "Tokens of prompts and completions together, as the upstream tokenizer counts them."),
    Term("total", ("all tokens", "total"), ROWS, "All tokens of the period: named rows, free ones among them, and other."),
    Term(
        "model", ("Model", "Permaslug"), ROWS,
        "A row of the rankings, author/slug; its variants (:free, :thinking) are rows of their own unless merged.",
    ),
    Term("vendor", ("Vendor",), ROWS, "Who publishes the model: the author part of its permaslug."),
    Term(
        "other", ("other",), ROWS,
        "Everything outside the basis: never a model, never attributed, always shown, so that rows sum to the total.",
        short="outside the top 50",
    ),
    Term("models", ("Models",), ROWS, "How many rows of the basis belong to it."),
    Term("bar", ("bar",), ROWS, "Its tokens beside those of the first row.", "tokens ÷ tokens of the first row"),
    Term(
        "trend", ("8 weeks", "8 days", "8 months"), ROWS,
        "Its tokens over the last eight {period}s, scaled to its own largest; · where they are unknown.",
    ),
    Term(
        "periods", ("periods",), ROWS,
        "Of several periods added up (--from, --until), in how many the model is on the basis.",
    ),
    Term(
        "free_rows", ("free in", "free out"), ROWS,
        "Whether free variants (:free) count in ranks, shares and leads; the total of all tokens always keeps them.",
    ),
    Term("merged", ("variants merged",), ROWS, "The variants of a model counted as one row, author/slug."),
    Term(
        "filter", ("filter",), ROWS,
        "What is typed or picked hides rows; it changes no rank, share, leader, streak or total.",
        short="hides rows only; changes no figure",
    ),
    Term("no_data", ("—",), ROWS, "Unknown: never zero.", short="no data; never zero"),
    Term("start", ("From",), PERIODS, "The first day of the period, in UTC; ~ marks one that runs, * one that is partial."),
    Term(
        "7d", ("7d",), PERIODS,
        "The seven complete days to any day, compared with the seven before; no streaks, no flips.",
        short="the seven complete days to any day: no flips, no streaks",
    ),
    Term(
        "complete", ("✓",), PERIODS,
        "The period ended before the UTC day of the newest as_of in the cache.", short="complete period",
    ),
    Term(
        "running", ("~", "day n of 7", "in progress"), PERIODS,
        "The period runs: changes compare its complete days with the same days of the period before.",
        short="in progress, same days",
    ),
    Term(
        "partial", ("*", "partial"), PERIODS,
        "A day of the period that has ended is not in the record: it is compared with nothing.",
        short="lacks days: not compared",
    ),
    Term(
        "composed", ("+d", "composed"), PERIODS,
        "Added up from days: what a model had on days outside the daily top 50 is missing from it.",
        short="composed from days",
    ),
    Term(
        "heading", ("≈", "heading", "by Sunday"), PERIODS,
        "Where the total of the running period is heading, lowest to highest of up to eight complete periods before.",
        "so far ÷ the share that the same days had in a period before", short="an estimate",
    ),
    Term("now", ("now",), PERIODS, "The period in progress: its complete days, against the same days of the period before."),
    Term("basis", ("basis",), BASIS, "Which rows of a period are attributed to vendors and countries."),
    Term(
        "chart", ("chart",), BASIS,
        "The nine largest rows: what the public rankings chart names and the press adds up.",
        short="the nine largest, as\nthe public chart",
    ),
    Term("top10", ("top10",), BASIS, "The ten largest rows.", short="the ten largest"),
    Term("top50", ("top50",), BASIS, "Every row that the API names, fifty a period; the default.", short="every named model"),
    Term(
        "share", ("of all %", "%", "share"), BASIS,
        "Its part of all tokens, free rows and other included.", "tokens ÷ all tokens of the period",
    ),
    Term(
        "attributed", ("attrib. %", "attributed", "of attributed"), BASIS,
        "Its part of the attributed tokens: those of the rows of the basis whose country is known.",
        "tokens ÷ tokens of all rows of the basis with a country", short="share of the tokens whose country is known",
    ),
    Term("part", ("of it %",), BASIS, "The part of the vendor's or country's own tokens.", "tokens ÷ tokens of the whole"),
    Term("weights", ("Weights", "open weights"), BASIS, "Whether the weights of the model are published, as the catalogue says."),
    Term(
        "share_of_known", ("of known %",), BASIS,
        "Its part of the tokens of the basis whose weights are known to be open or closed.",
        "tokens ÷ tokens of open and closed together",
    ),
    Term(
        "first_vendor", ("first vendor",), BASIS,
        "The vendor with the most tokens on a basis, named where two bases disagree; the ratio is to the second.",
        "tokens of the first vendor ÷ tokens of the second",
    ),
    Term(
        "country", ("CC", "Country"), COUNTRY,
        "Where the company that trained the model has its headquarters; not where the model runs.",
    ),
    Term(
        "unattributed", ("??", "unattributed"), COUNTRY,
        "No country: the vendor's is unknown, or the model is cloaked; never guessed, and it cannot lead.",
        short="country not known",
    ),
    Term(
        "users", ("users by country", "languages"), COUNTRY,
        "Where the users are and which languages they write is not published: countries here are those of the makers.",
    ),
    Term("company", ("Company",), COUNTRY, "The company behind the vendor."),
    Term("assigned", ("Country by",), COUNTRY, "Who gave the country: the shipped table, or you."),
    Term("evidence", ("Evidence",), COUNTRY, "Why the country is what it is, in a word."),
    Term(
        "rank", ("#", "rank"), CHANGE,
        "The place among all named rows by tokens, equal ones by permaslug.", "1 + rows with more tokens",
    ),
    Term(
        "moved", ("Δ", "~ Δ", "▲2 ▼1"), CHANGE,
        "Places gained or lost on the {period} before, a whole one also while this one runs.", "rank before − rank now",
        short="rank, against last {period}",
    ),
    Term(
        "change", ("WoW %", "DoD %", "MoM %"), CHANGE,
        "The change of tokens on the {period} before; while one runs, of its complete days on the same days.",
        "(tokens now − tokens before) ÷ tokens before", short="on the {period} before",
    ),
    Term("new", ("new",), CHANGE, "No earlier {period} of the record has it.", short="never seen before"),
    Term("back", ("back",), CHANGE, "The {period} before does not have it, an earlier one does.", short="seen before, not last"),
    Term(
        "leader", ("Leader", "led by"), LEADS,
        "Who has the most tokens on the basis; of equals the earlier leader stays.",
        short="most tokens on the basis; a tie keeps the earlier",
    ),
    Term(
        "lead", ("ratio", "CN : US", "1.6 : 1"), LEADS,
        "Tokens of one side against those of the other, both on the basis; the larger side is named and stands first.",
        "tokens of the larger side ÷ tokens of the other",
    ),
    Term(
        "flip", ("Flip", "◆", "lead-flip"), LEADS,
        "Two neighbouring complete {period}s with different leaders.",
        short="two complete {period}s in a row with different leaders",
    ),
    Term(
        "on_course", ("◇", "on course"), LEADS,
        "What the complete days of the running period point to; never confirmed before the period ends.",
        short="on course, not confirmed",
    ),
    Term(
        "streak", ("streak",), LEADS,
        "Complete {period}s in a row, to the newest, in which something held: led, was in the top 10, grew, shrank.",
        COUNT_BACK, short="complete {period}s in a row, to the newest",
    ),
    Term(
        "top_ten", ("Wks", "Days", "Mos", "top 10"), LEADS,
        "Complete {period}s in a row, to the newest, among the ten largest.", COUNT_BACK,
        short="complete {period}s in the top 10",
    ),
    Term("leads", ("Leads", "first"), LEADS, "Complete {period}s in a row, to the newest, in first place.", COUNT_BACK),
    Term(
        "grew", ("growing", "up"), LEADS,
        "Complete {period}s in a row, to the newest, in each of which the tokens grew.", COUNT_BACK,
    ),
    Term(
        "shrank", ("shrinking", "down"), LEADS,
        "Complete {period}s in a row, to the newest, in each of which the tokens shrank.", COUNT_BACK,
    ),
    Term("held", ("held",), LEADS, "How many complete {period}s a lead lasted."),
    Term(
        "floor", ("≥", "at least"), LEADS,
        "At least: a period is missing, or the record begins, before the streak ends.", short="at least: history ends",
    ),
    Term(
        "price", ("$ per million",), PRICE,
        "USD for a million tokens, in decimal arithmetic: the listed price of one × 1,000,000.",
    ),
    Term("in", ("In", "input"), PRICE, "USD for a million tokens of input, as listed.", A_MILLION),
    Term("out", ("Out", "output"), PRICE, "USD for a million tokens of output, as listed.", A_MILLION),
    Term(
        "cached", ("Cached", "cached input"), PRICE,
        "USD for a million tokens of input that the host reads from its cache.", A_MILLION,
    ),
    Term(
        "discount", ("Disc %", "discount"), PRICE,
        "How far below its list price a model is sold, as its hosts tell; unknown until they are asked.",
        "1 − price ÷ list price",
    ),
    Term("list", ("list", "list price"), PRICE, "The price without the discount.", "price ÷ (1 − discount)"),
    Term(
        "base", ("× base", "× out", "base"), PRICE,
        "Its price as a multiple of the base model's: the first in the ranking that has a price, or the one of your choice.",
        "price ÷ price of the base model",
    ),
    Term(
        "price_change", ("3 wk %",), PRICE,
        "The change of the input price on the one that held three weeks ago, or on the oldest that was seen since.",
        "(price now − price then) ÷ price then",
    ),
    Term(
        "price_move", ("change %", "before"), PRICE,
        "The last change of the price that the cache saw, and what it was before.",
        "(price now − price before) ÷ price before",
    ),
    Term("context", ("Ctx", "context"), PRICE, "The most tokens that the model takes at once."),
    Term("range", ("0.1 1 10", "○──●"), PRICE, "From the input to the output price, USD per million, on a log scale."),
    Term(
        "median", ("median", "gap"), PRICE,
        "The middle price of a country's models of the basis in the newest complete week that cost more than zero.",
        "the price in the middle, of an even number the mean of two; the gap is US ÷ CN", short="the middle price",
    ),
    Term("varies", ("varies",), PRICE, "A router: its price is that of the model that it picks."),
    Term("then", ("then",), PRICE, "Prices of a past period: those that the cache had seen by its end, never today's."),
    Term(
        "spend", ("low–high", "estimated spend", "≈ $"), SPEND,
        "What the tokens cost: low with 98 % of them input and 80 % of that cached, high with 90 % input and nothing cached.",
        "tokens × (input part × input price + rest × output price), cached input at its own price",
        short="an estimate: low to high",
    ),
    Term(
        "of_spend", ("of spend %",), SPEND,
        "Its part of the estimate, the low end of the low one and the high end of the high one.",
        "what it costs ÷ what all priced rows cost",
    ),
    Term("spend_rank", ("place by spend",), SPEND, "The place by what it costs at most."),
    Term("token_rank", ("tok",), SPEND, "The place among all named rows by tokens.", "1 + rows with more tokens"),
    Term(
        "coverage", ("coverage", "cover"), SPEND,
        "The part of all tokens whose price is known, or that are free: the rest is in no sum.",
        "tokens of priced and free rows ÷ all tokens",
    ),
    Term(
        "blend", ("$ / M", "blend"), SPEND,
        "USD for a million tokens of which 98 % are input, nothing of it cached.", "0.98 × input price + 0.02 × output price",
    ),
    Term(
        "million", ("$ per million, all of them",), SPEND,
        "USD for a million of its tokens, all of its models together, at both ends.",
        "what it costs ÷ its priced tokens × 1,000,000",
    ),
    Term(
        "at_prices", ("at prices of", "prices of"), SPEND,
        "Which prices: those that the cache had seen by the end of the {period}, or later ones, and then it is not what it cost.",
    ),
    Term(
        "free_share", ("free in 8.1%",), SPEND,
        "The part of all tokens that costs nothing: free variants, and rows whose prices are 0.", "free tokens ÷ all tokens",
    ),
    Term(
        "discounted", ("discounted",), SPEND,
        "The part of all tokens whose listed price is one of a host with a discount; free rows are not in it.",
        "tokens of discounted rows ÷ all tokens",
    ),
    Term(
        "score", ("Index", "Elo", "score"), VALUE,
        "How good a model was found to be, by one source: an index of 0 to 100, an Elo rating, or the percentage of right answers.",
    ),
    Term(
        "best", ("●", "best value"), VALUE,
        "No other model is as good and no dearer, by this score and the catalogue's prices; free ones stand apart.",
        short="nothing is better and cheaper",
    ),
    Term(
        "step", ("step up", "beaten by", "○"), VALUE,
        "Of the best how much better and dearer each is than the next cheaper one; of the others the cheapest that is as good.",
        "score − score of the next cheaper best; price ÷ its price",
    ),
    Term("accuracy", ("GPQA %",), VALUE, "Right answers in OpenRouter's own runs of the benchmark.", "right answers ÷ tasks"),
    Term(
        "correct", ("$ correct",), VALUE, "USD for a right answer in OpenRouter's own runs.",
        "average cost of a task ÷ fraction of right answers",
    ),
    Term(
        "session", ("$ session",), VALUE,
        "USD of a session with a harness: the median of sampled sessions of a range of turns, over 30 days.",
    ),
    Term("each", ("$ a call", "$ a session"), VALUE, "USD for a call at list prices, or the median of sampled sessions."),
    Term(
        "monthly", ("$ a month", "habit"), VALUE,
        "USD for all days of a habit: an estimate, for medians do not add up to a mean, and list prices move.",
        "days × calls × (context × (cached part × cached price + rest × input price) + out × output price),"
        " or days × sessions × median",
    ),
    Term(
        "mix_share", ("calls %", "dear share"), VALUE,
        "The part of the calls or sessions that a model of a mix takes; costs are the mean by these parts.",
        "dear share × dear + (1 − dear share) × cheap",
    ),
    Term("bill", ("of bill %",), VALUE, "The part of what the whole mix costs.", "share × its cost ÷ cost of the mix"),
    Term(
        "outside", ("SWE-bench", "LMArena", "Chatbot Arena"), VALUE,
        "In no endpoint of OpenRouter's API: not shown, and not imitated by other scores.",
    ),
    Term(
        "app", ("App", "Apps"), APPS,
        "A public app that lets its use be known, by its id: names change and repeat, the newest one is shown.",
    ),
    Term(
        "app_share", ("of all % (apps)",), APPS,
        "Its tokens of all tokens of the same days: a lower bound of what apps do, for private ones are in the total only.",
        "tokens of the app ÷ all tokens of the week", short="of all tokens: a lower bound",
    ),
    Term(
        "gain", ("on mean", "trending"), APPS,
        "Trending: its tokens above the mean of the three weeks before, by orwatch from its own complete weeks.",
        "tokens of the week − mean of the three weeks before", short="tokens above three weeks' mean",
    ),
    Term("requests", ("Requests",), APPS, "Requests of the app in the week."),
    Term(
        "per_request", ("K / req",), APPS,
        "Thousand tokens to a request: what tells an agent from a chat.", "tokens ÷ requests", short="agents are high, chats low",
    ),
    Term("task", ("Task",), TASKS, "What a request is for, as OpenRouter's classifier says; data and agents among them."),
    Term("macro", ("Category",), TASKS, "One of code, agent, data and general; macro categories are told, not added up."),
    Term(
        "task_tokens", ("tokens %", "of tokens"), TASKS,
        "Its part of the tokens of classified traffic; unclassified traffic is in no share.", "tokens ÷ classified tokens",
        short="of classified tokens",
    ),
    Term(
        "task_requests", ("req. %", "of requests"), TASKS,
        "Its part of the requests of classified traffic: never mixed with that of tokens.", "requests ÷ classified requests",
        short="of classified requests",
    ),
    Term(
        "token_points", ("Δ tokens",), TASKS,
        "The change of its part of tokens since the newest snapshot without a day in common, in points; under 0.2 rounding.",
        "share now − share then",
    ),
    Term(
        "request_points", ("Δ requests",), TASKS,
        "The change of its part of requests since the same snapshot, in points; under 0.2 rounding.", "share now − share then",
    ),
    Term("task_first", ("First in it",), TASKS, "The model with most tokens of those named in it, the ten with the most requests."),
    Term(
        "task_first_share", ("% of the first",), TASKS, "Its part of the task's tokens.",
        "tokens of the model ÷ tokens of the task",
    ),
    Term(
        "programming", ("Programming",), TASKS,
        "Weekly tokens of the use case programming in all tokens: sampled, by another classifier than tasks.",
        "tokens used for programming ÷ all tokens of the week",
    ),
    Term("host", ("Host",), HOSTS, "Who runs the model and bills for it."),
    Term(
        "made_in", ("Made in",), HOSTS,
        "The country of the company that trained the models; where they could be served from is another question.",
    ),
    Term(
        "seat", ("Seat",), HOSTS,
        "Where the company that runs the host has its headquarters, as it states or as you say; not where its servers are.",
    ),
    Term(
        "bracket", ("served by the West", "by West"), HOSTS,
        "From at least to at most of the tokens that hosts of a group of countries can have served; which did is not published.",
    ),
    Term(
        "at_least", ("least %",), HOSTS,
        "The part of the tokens whose models have all of their hosts in the group of countries.",
        "tokens of models with all hosts in it ÷ all of the row",
    ),
    Term(
        "at_most", ("most %",), HOSTS,
        "The part of the tokens whose models have at least one host in the group of countries.",
        "tokens of models with a host in it ÷ all of the row",
    ),
    Term("nowhere", ("nowhere %",), HOSTS, "The part of the tokens whose models have no host in the group, all seats being known."),
    Term(
        "unknown", ("unknown %",), HOSTS,
        "The part of the tokens of which this is not known: no host list, no known seat in the group, or other.",
    ),
    Term(
        "could", ("could %",), HOSTS, "The part of all tokens whose models it lists: it may have served any of them, or none.",
        "tokens of the models it lists ÷ all tokens",
    ),
    Term("only", ("only %",), HOSTS, "The part of all tokens whose models no other country's hosts list."),
    Term("lists", ("models it lists",), HOSTS, "How many of the ranked models it lists."),
    Term(
        "premium", ("premium %",), HOSTS,
        "How much dearer its cheapest offer is than the cheapest of all, 98 % of the tokens being input; the middle of its models.",
        "cheapest of it ÷ cheapest of all − 1",
    ),
    Term("in_group", ("West/all",), HOSTS, "How many of the offers of the model have their seat in the group, of how many."),
    Term("cheapest", ("all",), HOSTS, "USD for a million tokens, 98 % of them input, at the cheapest host."),
    Term("cheapest_inside", ("west",), HOSTS, "The same at the cheapest host of the group."),
    Term("quant", ("quant",), HOSTS, "How the weights are stored at the host; fewer bits cost less and may lose quality."),
    Term("latency", ("p50 s",), HOSTS, "Seconds to the first token, half of the requests are faster."),
    Term("speed", ("tok/s",), HOSTS, "Tokens a second, half of the requests are faster."),
    Term(
        "mark", ("◆ • ·", "Severity"), ALERTS,
        "How much an alert matters: ◆ major (flip, stale), • notable (moves), · note (listings).",
        short="major, notable, note",
    ),
    Term("when", ("Known", "Date"), ALERTS, "When it could first be known: the day after the period, or when it was seen."),
    Term("rule", ("Rule",), ALERTS, "The alert rule that found it."),
    Term("subject", ("Subject",), ALERTS, "Whom it is about."),
    Term("value", ("Value",), ALERTS, "The figure that its rule looks at, as of its period."),
    Term("message", ("What",), ALERTS, "The alert in a sentence."),
    Term(
        "state", ("State", "unread", "read"), ALERTS,
        "Whether somebody has to read it, or how it stands: confirmed, on course, or retracted since figures were restated.",
    ),
    Term("growth-streak", ("growth-streak",), ALERTS, "The total grows for a number of periods in a row."),
    Term("new-entrant", ("new-entrant",), ALERTS, "A model enters the largest rows."),
    Term("rank-jump", ("rank-jump",), ALERTS, "A model gains or loses a number of places."),
    Term("surge", ("surge",), ALERTS, "A model that matters grows by a large part of what it was."),
    Term("plunge", ("plunge",), ALERTS, "A model that matters loses a large part of what it was."),
    Term("share-crosses", ("share-crosses",), ALERTS, "A country's share of attributed tokens crosses a mark."),
    Term("ratio-crosses", ("ratio-crosses",), ALERTS, "The ratio of a head to head crosses a mark."),
    Term(
        "price-change", ("price-change",), ALERTS,
        "A listed price differs by 7 % or more from the last one announced, and has stood for 24 hours.",
    ),
    Term(
        "price-crosses", ("price-crosses",), ALERTS,
        "An alarm: the price of a model comes down or up to a value of yours (alerts.price-crosses).",
    ),
    Term("free", ("free",), ALERTS, "A model that costs nothing: by its prices, its discount or its variant."),
    Term("new-model", ("new-model",), ALERTS, "A model is new in the catalogue, or in the rankings where it is cloaked."),
    Term("app-flip", ("app-flip",), ALERTS, "Another public app has the most tokens of a complete week."),
    Term("app-entrant", ("app-entrant",), ALERTS, "A public app is among the ten largest of a week, and was not the week before."),
    Term("benchmark-leader", ("benchmark-leader",), ALERTS, "Another model is first on an index of Artificial Analysis."),
    Term("expiring", ("expiring",), ALERTS, "A model is to be taken off soon."),
    Term("stale", ("stale",), ALERTS, "There are no fresh figures."),
    Term(
        "as_of", ("as of", "as_of"), FRESHNESS,
        "When the source took the figures; the newest of them decides what is complete.",
    ),
    Term("age", ("ago", "age"), FRESHNESS, "How long ago the source was last asked with success, by the machine's clock."),
)  # fmt: skip

TERMS: Final[Mapping[str, Term]] = {term.key: term for term in _TERMS}
"""Every term by its key, in the order of the definitions."""


def find(text: str) -> Term:
    """The term of a key, or of a head in whatever case, with its signs or without: `wow`, `WoW %`, `x base`, `lead-flip`.

    Raises UsageError, naming the nearest, for any other text.
    """
    for form in (str.casefold, _plain):
        names = {form(head): term for term in TERMS.values() for head in term.heads}
        names |= {form(key): term for key, term in TERMS.items()}
        if form(text.strip()) in names:
            return names[form(text.strip())]
    known = dict.fromkeys(name for term in TERMS.values() for name in (term.key, *term.heads))
    raise UsageError(f"{text!r} is no term; {near(text, known, '`orwatch explain` lists them')}.")


def _plain(text: str) -> str:
    """A name without what is not typed: case, blanks, the sign of percent, underscores; signs alone stay as they are."""
    folded = text.casefold().replace("×", "x").replace("_", " ").replace("-", " ")
    return "".join(char for char in folded if char not in " %~.") or text.strip()
