"""Comments with a little formatting: bold, italic, lists, quotes, code and links; everything else stays as typed."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from bleach.linkifier import Linker
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape

from participation.texts.sanitise import ADDRESS, ALLOWED_ATTRIBUTES, ALLOWED_TAGS, SCHEMES, mark_link, render

MARKED_TAGS = ALLOWED_TAGS | {"strong", "em", "ul", "ol", "li", "blockquote", "code"}
# Longer texts than any comment are shown as typed: whatever they hold, showing them stays cheap.
LONGEST_MARKED = 12_000
# A quote is one level, a list two: four quotes or two lists in each other.
DEEPEST_LEVEL = 4
# Without any of these there is nothing to format, and most comments have none.
SIGNS = re.compile(r"[*_`\[\\]|^[ \t]*(?:>|-[ \t]|\d{1,3}[.)][ \t])", re.MULTILINE)
FIRST_NUMBER, FURTHER_NUMBER = re.compile(r"1[.)][ \t]"), re.compile(r"\d{1,2}[.)][ \t]")
LINE_OF_MARKS = re.compile(r"[-* \t]+")
BLOCK_RULES = ["paragraph", "blockquote", "list"]
INLINE_RULES = ["text", "newline", "escape", "backticks", "emphasis", "link"]
# What a quote or a list may come right behind, without an empty line.
ENDS = ["paragraph", "blockquote"]

BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]


@lru_cache(maxsize=2048)
def render_markup(text: str) -> Markup:
    """Return ``text`` as safe HTML: paragraphs, bold, italic, lists, quotes, code and marked links, nothing else.

    Behind a link whose words are not its address stands the host it leads to. Figures, hyphens and asterisks inside
    words or sums stay what they are. bleach marks the links, nh3 is the second pass that has the last word.
    """
    if len(text) > LONGEST_MARKED or not SIGNS.search(text):
        return render(text)
    markup: str = _parser.render(text)
    if "://" in markup:
        markup = _linker.linkify(markup)
    return Markup(_cleaner.clean(markup).strip())  # noqa: S704  # cleaned by the pass before it


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "breaks": True})
    parser.enable([*BLOCK_RULES, *INLINE_RULES])
    # What joins the delimiters of bold and italic to pairs belongs to the rule that finds them.
    parser.inline.ruler2.enable(["balance_pairs", "emphasis", "fragments_join"])
    rules = {rule.name: rule.fn for rule in parser.block.ruler.__rules__}
    inline = {rule.name: rule.fn for rule in parser.inline.ruler.__rules__}
    parser.block.ruler.at("blockquote", _not_too_deep(rules["blockquote"]), {"alt": [*ENDS, "list"]})
    parser.block.ruler.at("list", _not_too_deep(_only_clear_lists(rules["list"])), {"alt": ENDS})
    parser.inline.ruler.at("emphasis", _only_around_words(inline["emphasis"]))
    parser.add_render_rule("link_open", _open_link)
    parser.add_render_rule("link_close", _with_host)
    # Everything else that looks like a link stays as it was typed.
    parser.validateLink = _leads_to_the_web  # type: ignore[assignment]  # documented as the place to say so
    return parser


def _not_too_deep(rule: BlockRule) -> BlockRule:
    """Return ``rule`` giving up where quotes and lists lie too deep: the signs are shown then, and nothing is lost."""

    def bounded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST_LEVEL and rule(state, line, end, silent)

    return bounded


def _only_clear_lists(rule: BlockRule) -> BlockRule:
    """Return the rule for lists without those that are none: a year at the start of a line, "+1", a row of stars."""

    def clear(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        text = state.src[start : state.eMarks[line]]
        if text[:1] == "+" or LINE_OF_MARKS.fullmatch(text):
            return False
        number = FURTHER_NUMBER if state.listIndent >= 0 else FIRST_NUMBER
        if text[:1].isdigit() and not number.match(text):
            return False
        return rule(state, line, end, silent)

    return clear


def _only_around_words(rule: InlineRule) -> InlineRule:
    """Return the rule for bold and italic that leaves signs inside words, sums and addresses alone: 5*3*2."""

    def around(state: StateInline, silent: bool) -> bool:
        sign = state.src[state.pos]
        if sign not in "*_":
            return False
        end = state.pos
        while end < state.posMax and state.src[end] == sign:
            end += 1
        before, after = state.src[: state.pos], state.src[end : end + 1]
        goes_on = after.isalnum() or after == "/"
        if silent or not goes_on or not (before[-1:].isalnum() or "://" in before[_word_start(before) :]):
            return rule(state, silent)
        state.pending += state.src[state.pos : end]
        state.pos = end
        return True

    return around


def _word_start(text: str) -> int:
    return max(text.rfind(" "), text.rfind("\n")) + 1


def _leads_to_the_web(address: str) -> bool:
    """Return whether a link may lead there: only to full addresses of pages."""
    return ADDRESS.fullmatch(str(escape(address))) is not None


def _open_link(renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:  # noqa: ARG001  # markdown-it's
    """Open a link; one that leads nowhere is none."""
    address = str(tokens[place].attrs["href"])
    return f'<a href="{escape(address)}">' if address else ""


def _with_host(renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:  # noqa: ARG001  # markdown-it's
    """Close a link; where its words are not the address, say where it leads."""
    start = next(at for at in range(place - 1, -1, -1) if tokens[at].type == "link_open")
    address = str(tokens[start].attrs["href"])
    if not address:
        return ""
    words = "".join(token.content for token in tokens[start + 1 : place]).strip()
    host = urlsplit(address).netloc
    shown = {part.casefold().rstrip("/") for part in (address, address.partition("://")[2], host)}
    return "</a>" if words.casefold().rstrip("/") in shown else f"</a> ({escape(host)})"


_linker = Linker(callbacks=[mark_link], url_re=ADDRESS, parse_email=False, skip_tags={"code"})
_cleaner = nh3.Cleaner(tags=MARKED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None, url_schemes=SCHEMES)
_parser = _make_parser()
