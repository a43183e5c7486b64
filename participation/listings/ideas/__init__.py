"""Lists of ideas: filtered, in one of several orders that can be explained, a page at a time."""

from participation.listings.ideas.cards import IdeaCard, Wording, figures_shown
from participation.listings.ideas.orders import BY_VOTES, Cursor, Order, Round, Sort
from participation.listings.ideas.pages import NEWEST_FIRST, PAGE, HiddenResults, IdeaList, Why, idea_list, next_idea
from participation.listings.ideas.rows import IdeaRow, idea_row
from participation.listings.ideas.wanted import COUNT_STOPS_AT, IdeaFilter, Stage, count_ideas

__all__ = [
    "BY_VOTES",
    "COUNT_STOPS_AT",
    "NEWEST_FIRST",
    "PAGE",
    "Cursor",
    "HiddenResults",
    "IdeaCard",
    "IdeaFilter",
    "IdeaList",
    "IdeaRow",
    "Order",
    "Round",
    "Sort",
    "Stage",
    "Why",
    "Wording",
    "count_ideas",
    "figures_shown",
    "idea_list",
    "idea_row",
    "next_idea",
]
