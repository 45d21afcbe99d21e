"""The folded text that a search for programs looks at."""

from registry.common.folding import fold
from registry.programs.models import Program


def refresh(program: Program) -> None:
    """Write a program's folded text anew; call it after every change of what it says."""
    code = program.policy_code
    texts = [
        program.title,
        program.title_en,
        program.summary,
        program.summary_en,
        program.subtitle,
        program.content,
        *(program.keywords or ()),
        *((code.code, code.title, code.title_en, *code.aliases) if code else ()),
    ]
    program.search_text = "\n".join(fold(text) for text in texts if text)
