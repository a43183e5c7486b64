"""What every paper says about its limits and its words."""

from collections.abc import Iterator

from participation.exports.council.document import Term
from participation.exports.council.tallying import Sums
from participation.exports.document import Figures
from participation.kit.suppression import K
from participation.multilingual import gettext as _
from participation.multilingual.moments import number, percent
from participation.voting.queries import FEWEST_VOTES


def limits(figures: Figures, sums: Sums, *, has_people: bool) -> tuple[str, ...]:
    """Return what readers have to keep in mind, with the figures of this process."""
    return tuple(_limits(figures, sums, has_people=has_people))


def _limits(figures: Figures, sums: Sums, *, has_people: bool) -> Iterator[str]:
    yield _("Whoever wanted to could take part. The figures say what those people think, not what all residents think.")
    if not has_people:
        yield _("Too few people said something about themselves, so nobody knows which groups are missing.")
    yield _(
        "Shares are only told of ideas on which at least %(fewest)s people voted, and a majority is called clear only "
        "where chance can hardly explain it (95 percent). That holds for %(judged)s of %(ideas)s ideas.",
        fewest=number(FEWEST_VOTES),
        judged=number(sums.total.agreed + sums.total.rejected),
        ideas=number(figures.ideas),
    )
    yield _("Ideas that came in late, or that stand far down a list, were seen by fewer people and got fewer votes.")
    if figures.coverage < 1:
        yield _(
            "%(share)s of all ideas are behind no statement. They are not lost: the annex and the workbook list them.",
            share=percent(1 - figures.coverage),
        )
    yield _(
        "Sorting ideas into themes, and wording statements, is the work of people. Each step is recorded and can be "
        "followed back to every single idea."
    )


def glossary() -> tuple[Term, ...]:
    """Return the words of the paper in the order of the alphabet, as far as the language has one order."""
    terms = (
        Term(word=_("Idea"), meaning=_("A proposal that one person wrote for this process.")),
        Term(
            word=_("Vote"),
            meaning=_(
                "What one person thinks of one idea: agree, unsure or disagree. It can be changed; the last one counts."
            ),
        ),
        Term(
            word=_("Theme"),
            meaning=_("Ideas about the same thing, put together by moderators. An idea can be in several."),
        ),
        Term(
            word=_("Bundle"),
            meaning=_("Ideas that say the same. The originals stay; each person behind them is counted once."),
        ),
        Term(
            word=_("Statement"),
            meaning=_(
                "A sentence of input for the strategy. It rests on themes, ideas and votes, and says on which ones."
            ),
        ),
        Term(word=_("Guiding principle"), meaning=_("One of the aims of the framework that ideas are held against.")),
        Term(
            word=_("Criteria and values"),
            meaning=_("Questions of the framework that each statement has to answer: fulfilled, open or in conflict."),
        ),
        Term(word=_("Field of action"), meaning=_("The part of city life that an idea is about.")),
        Term(
            word=_("Clear majority"),
            meaning=_(
                "More than half of those who agreed or disagreed, so many of them that chance can hardly explain it: "
                "Wilson's interval of 95 percent leaves out one half."
            ),
        ),
        Term(
            word=_("Opinion group"),
            meaning=_(
                "At least %(smallest)s people who voted alike on many ideas. Found by their votes alone.",
                smallest=number(K),
            ),
        ),
        Term(word=_("Answer"), meaning=_("What the city says to a statement, a bundle or an idea, and why.")),
        Term(word=_("Measure"), meaning=_("What the city does after an answer, by whom and until when.")),
        Term(
            word=_("Provenance"),
            meaning=_("The unbroken way from a statement over themes and ideas to the votes, and back."),
        ),
    )
    return tuple(sorted(terms, key=lambda term: term.word.casefold()))
