"""Fingerprints of what shapes a request: each prompt template and each response schema."""

from __future__ import annotations

import json
from typing import Final

from summarizer.proposals import ArticleProposal, FactsProposal, FollowUpProposal, Proposed, SummaryProposal
from summarizer.templates import Prompts, built_in_prompts, fingerprint

SCHEMAS: Final[tuple[type[Proposed], ...]] = (ArticleProposal, FollowUpProposal, FactsProposal, SummaryProposal)


def fingerprints(prompts: Prompts | None = None) -> dict[str, str]:
    """Return 12 hexadecimal digits for each template (`system`) and each schema (`ArticleProposal`), by name."""
    prompts = prompts or built_in_prompts()
    found = {name: fingerprint(template.source) for name, template in prompts.templates.items()}
    for schema in SCHEMAS:
        found[schema.__name__] = fingerprint(json.dumps(schema.model_json_schema(), sort_keys=True))
    return found
