"""Names of benchmark categories, and the credit of their sources."""

from __future__ import annotations

from orwatch.domain.scores import Scores
from orwatch.domain.value import ScoreKey

DESIGN_ARENA = "Design Arena"
ARTIFICIAL_ANALYSIS = "Artificial Analysis"

_CATEGORIES = {
    "3d": "3D",
    "agentichtmlslides": "HTML slides",
    "agenticgamedev": "games",
    "agenticslides": "slides",
    "agenticslides(html)": "slides (HTML)",
    "agenticslides(python-pptx)": "slides (pptx)",
    "androidnative": "Android",
    "asciiart": "ASCII art",
    "codecategories": "code",
    "dataviz": "data viz",
    "fullstack": "full stack",
    "gamedev": "games",
    "godotgamedev": "Godot games",
    "graphicdesign": "graphic design",
    "htmlslides": "HTML slides",
    "imageediting": "image editing",
    "mobileapps": "mobile apps",
    "pptxslides": "pptx slides",
    "python-pptxslides": "python-pptx slides",
    "svg": "SVG",
    "uicomponent": "UI component",
    "webapps": "web apps",
}


def category_words(category: str, arena: str) -> str:
    """`games`, `web apps, agents`; a category that is new as the source writes it."""
    words = _CATEGORIES.get(category, category)
    return words if arena == "models" else f"{words}, {arena}"


def through_openrouter(source: str) -> str:
    """Whose figures they are, and who passed them on: the catalogue gives no citation of its own."""
    return f"{source}, through OpenRouter"


_SOURCES = {
    "artificial-analysis": (ARTIFICIAL_ANALYSIS, f"{ARTIFICIAL_ANALYSIS} (artificialanalysis.ai)"),
    "design-arena": (DESIGN_ARENA, f"{DESIGN_ARENA} (www.designarena.ai)"),
    "openrouter": ("OpenRouter", "OpenRouter evals (openrouter.ai)"),
}
"""The name of each source, and how it is cited."""
_RUNS = {
    "gpqa_diamond": "GPQA",
    "tau_bench_verified_airline": "tau",
    "search_browsecomp": "BrowseComp",
    "search_dsqa": "DSQA",
    "search_hle": "HLE",
    "search_widesearch": "WideSearch",
}

OUTSIDE = "SWE-bench and LMArena are in no endpoint of OpenRouter: not shown."
"""Where one would look for what is outside the data."""


def source_name(source: str) -> str:
    """`Artificial Analysis`; a source that is new as it calls itself."""
    return _SOURCES.get(source, (source, source))[0]


def benchmark_words(key: ScoreKey) -> str:
    """One score in words: `intelligence`, `games, agents`, `GPQA`; one that is new as its source writes it."""
    if key.source != "design-arena":
        return _RUNS.get(key.name, key.name)
    arena, slash, category = key.name.partition("/")
    return category_words(category, arena) if slash else category_words(key.name, "models")


def cited_as(source: str) -> str:
    """`Artificial Analysis (artificialanalysis.ai)`."""
    return _SOURCES.get(source, (source, source))[1]


def credit(source: Scores) -> str:
    """The line that names a source of scores, as it wants to be cited."""
    if source.citation is not None:
        return source.citation
    page = "models" if source.whence == "catalogue" else "rankings"
    return f"Source: {cited_as(source.source())} via OpenRouter (openrouter.ai/{page})."
