"""Names of benchmark categories, and the credit of their sources."""

from __future__ import annotations

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
