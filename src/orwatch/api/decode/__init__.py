"""Bodies of OpenRouter's answers to the domain's records.

One bad item is skipped and counted; a body that is no answer at all is an AnswerError. Nothing else is ever raised.
Foreign text is cleaned here, once, and nowhere else.
"""

from orwatch.api.decode.endpoints import hosts
from orwatch.api.decode.figures import Rankings, export_csv, rankings
from orwatch.api.decode.listings import models, providers
from orwatch.api.decode.manifests import Manifest, manifest
from orwatch.api.decode.text import error_message
from orwatch.domain.foreign import clean

__all__ = [
    "Manifest",
    "Rankings",
    "clean",
    "error_message",
    "export_csv",
    "hosts",
    "manifest",
    "models",
    "providers",
    "rankings",
]
