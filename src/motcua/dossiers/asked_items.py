"""What a request for supplements asks for, item by item: papers by id, answers of the form, and words.

An item is a paper's id, `*form:` with a question's id, or `*` with words. The law looks at papers alone; what
answers the rest the clerk judges.
"""

from typing import NamedTuple

from motcua.law.intake import IN_WORDS
from motcua.law.procedure import Field, Procedure

FORM = f"{IN_WORDS}form:"


class AskedFor(NamedTuple):
    """The items of a request, apart."""

    papers: tuple[str, ...]
    fields: tuple[Field, ...]
    words: tuple[str, ...]


def form_item(field: str) -> str:
    """The item that asks for the answer to a question."""
    return FORM + field


def asked_for(procedure: Procedure, items: tuple[str, ...]) -> AskedFor:
    """The items of a request, apart. A question that the form does not have counts as words."""
    fields = {field.id: field for field in procedure.fields()}
    papers, questions, words = [], [], []
    for item in items:
        if item.startswith(FORM) and item.removeprefix(FORM) in fields:
            questions.append(fields[item.removeprefix(FORM)])
        elif item.startswith(IN_WORDS):
            words.append(item.removeprefix(IN_WORDS))
        else:
            papers.append(item)
    return AskedFor(tuple(papers), tuple(questions), tuple(words))


def item_name(procedure: Procedure, item: str, language: str) -> str:
    """What an item asks for, in words: a paper's name, a question's, or the words as they were written."""
    paper = None if item.startswith(IN_WORDS) else procedure.paper(item)
    if paper is not None:
        return paper.name.within(language)
    found = asked_for(procedure, (item,))
    if found.fields:
        return found.fields[0].label.within(language)
    return item.removeprefix(IN_WORDS)
