"""What each sheet and column of a table is called and what it means, in the language of the document."""

from collections.abc import Mapping
from dataclasses import dataclass

from participation.multilingual import gettext as _

TABLES = (
    "ideas",
    "votes",
    "comments",
    "translations",
    "decisions",
    "clusters",
    "filings",
    "bundles",
    "statements",
    "assessments",
    "answers",
    "measures",
    "sources",
)
"""The kinds of tables in the order in which every file has them; the notes come before them."""


@dataclass(frozen=True, slots=True)
class Term:
    """What something is called above a table, and what it means."""

    heading: str
    note: str


@dataclass(frozen=True, slots=True)
class Legend:
    """The words of tables: ``sheets`` by kind, ``columns`` by kind and key, ``codes`` said in words, and sentences."""

    sheets: Mapping[str, Term]
    columns: Mapping[str, Mapping[str, Term]]
    codes: Mapping[str, str]
    meanings: str
    read_back: str
    about_cells: str
    about_languages: str
    about_hidden: str


def legend() -> Legend:
    """Return all terms in the present language; English outside of a request."""
    return Legend(
        sheets=_sheets(),
        columns={
            "ideas": _ideas(),
            "votes": _votes(),
            "comments": _comments(),
            "translations": _translations(),
            "decisions": _decisions(),
            "clusters": _clusters(),
            "filings": _filings(),
            "bundles": _bundles(),
            "statements": _statements(),
            "assessments": _assessments(),
            "answers": _answers(),
            "measures": _measures(),
            "sources": _sources(),
        },
        codes={
            "statement": _("Statement"),
            "bundle": _("Bundle"),
            "idea": _("Idea"),
            "criterion": _("Criterion"),
            "value": _("Value"),
            "hidden": _("hidden"),
            "few": _("too few people"),
        },
        meanings=_("What the sheets and columns mean"),
        read_back=_(
            "A text that a spreadsheet might take for a formula begins with an apostrophe more than its author wrote."
        ),
        about_cells=_(
            "IDs are text. Several values in one cell stand on lines of their own. Times are those of the city."
        ),
        about_languages=_(
            "Texts of the city stand in the language of this file, or in another one where it has no translation; "
            "further columns hold its other languages. Texts of residents stand as they were written; translations "
            "are marked as such and have a sheet of their own."
        ),
        about_hidden=_("“hidden” stands for figures that nobody may see yet, or that too few people stand behind."),
    )


def _sheets() -> dict[str, Term]:
    return {
        "notes": Term(_("Notes"), _("What this file holds, from when, under which licence, and how it was counted.")),
        "ideas": Term(_("Ideas"), _("The published ideas, one per row, in the order in which they came in.")),
        "votes": Term(_("Votes"), _("The votes on each idea in sum. Nobody's own vote is in this file.")),
        "comments": Term(_("Comments"), _("The published comments, one per row, by idea and then by time.")),
        "translations": Term(
            _("Translations"),
            _("Contributions in other languages, as readers are shown them. What counts is the original."),
        ),
        "decisions": Term(
            _("Decisions"), _("What moderators decided and on what ground, without texts and without names.")
        ),
        "clusters": Term(_("Themes"), _("The themes under which ideas are filed, one per row.")),
        "filings": Term(_("Filed under"), _("Which idea is filed under which theme, one row for each such pair.")),
        "bundles": Term(_("Bundles"), _("Ideas that say the same, one row for each idea of a bundle.")),
        "statements": Term(_("Statements"), _("The sentences of input for the strategy, and what they rest on.")),
        "assessments": Term(
            _("Criteria and values"), _("Each statement held against each criterion and value, one verdict per row.")
        ),
        "answers": Term(_("Answers"), _("What the city answered to statements, bundles and ideas.")),
        "measures": Term(_("Measures"), _("What the city does after an answer, and until when.")),
        "sources": Term(
            _("Sources"),
            _("The way from each statement over a theme to each idea, one row per way, and whatever leads nowhere."),
        ),
    }


def _stances() -> dict[str, Term]:
    return {
        "agree": Term(_("Agree"), _("How many people agree.")),
        "unsure": Term(_("Unsure"), _("How many people are unsure.")),
        "disagree": Term(_("Disagree"), _("How many people disagree.")),
    }


def _points() -> dict[str, Term]:
    return {
        "points": Term(_("Points"), _("All points that people gave to the idea.")),
        "points_people": Term(_("People who gave points"), _("How many people gave it any points.")),
    }


def _id() -> Term:
    return Term(_("ID"), _("The same in all files and at the end of the address."))


def _idea_id() -> Term:
    return Term(_("Idea: ID"), _("Which idea it is about; the same as on the sheet of ideas."))


def _cluster_id() -> Term:
    return Term(_("Theme: ID"), _("Which theme it is; the same as on the sheet of themes."))


def _bundle_id() -> Term:
    return Term(_("Bundle: ID"), _("The bundle of ideas that say the same, if it is in one."))


def _language() -> Term:
    return Term(_("Language"), _("The language of the text, as its ISO 639 code."))


def _author() -> Term:
    return Term(_("Author"), _("The pseudonym in this process, or an official voice."))


def _submitted() -> Term:
    return Term(_("Submitted"), _("When it was submitted."))


def _ideas() -> dict[str, Term]:
    return {
        "id": _id(),
        "external_id": Term(_("ID in the source"), _("The ID it had where it was imported from.")),
        "title": Term(_("Title"), _("What its author called it.")),
        "text": Term(_("Text"), _("The whole text, with what its author added later below.")),
        "language": _language(),
        "state": Term(_("State"), _("Whether it is published.")),
        "author": _author(),
        "submitted_at": _submitted(),
        "principles": Term(_("Principles"), _("The principles under which its author put it.")),
        "district": Term(_("District"), _("The part of the city it is about, if its author named one.")),
        "field": Term(_("Field of action"), _("The field of action it belongs to, if its author named one.")),
        **_stances(),
        **_points(),
        "comments": Term(_("Number of comments"), _("How many published comments it has.")),
        "cluster_ids": Term(_("Themes"), _("The IDs of all themes under which it is filed.")),
        "main_cluster_id": Term(_("Main theme"), _("The ID of the one of these themes where it belongs first.")),
        "bundle_id": _bundle_id(),
        "statement_ids": Term(_("Statements"), _("The IDs of the statements that rest on it.")),
        "url": Term(_("Address"), _("Its page.")),
        "source": Term(_("Came in by"), _("Which way it came in.")),
        "aspects": Term(_("Who benefits, services, goals"), _("What its author said it is good for.")),
        "answer": Term(_("Answer of the city"), _("The latest answer with its department and day.")),
        "translated_title": Term(_("Title, translated"), _("The title in the language of this file.")),
        "translated_text": Term(_("Text, translated"), _("The text in the language of this file.")),
        "translation": Term(_("How it was translated"), _("By which machine or by people, and from which language.")),
    }


def _votes() -> dict[str, Term]:
    return {
        "idea_id": _idea_id(),
        **_stances(),
        "people": Term(_("People"), _("How many people voted on it.")),
        **_points(),
        "withheld": Term(
            _("Why figures are missing"), _("Hidden until voting has ended, or too few people voted; else empty.")
        ),
    }


def _comments() -> dict[str, Term]:
    return {
        "id": _id(),
        "idea_id": _idea_id(),
        "parent_id": Term(_("Reply to"), _("The ID of the comment it replies to.")),
        "author": _author(),
        "text": Term(_("Text"), _("The whole text.")),
        "language": _language(),
        "submitted_at": _submitted(),
    }


def _translations() -> dict[str, Term]:
    return {
        "idea_id": _idea_id(),
        "about": Term(_("About"), _("Which kind of contribution it is.")),
        "about_id": Term(_("Contribution: ID"), _("Its number; the same as on the sheet of its kind.")),
        "language": Term(_("Language"), _("The language into which it was translated, as its ISO 639 code.")),
        "from_language": Term(_("Original language"), _("The language in which it was written, as its ISO 639 code.")),
        "origin": Term(_("Translated by"), _("A machine, or people, whose wording moderators accepted.")),
        "provider": Term(_("Service"), _("The service that a machine's translation comes from.")),
        "revision": Term(_("Revision"), _("Which revision of the contribution this is a translation of.")),
        "title": Term(_("Title"), _("The title in that language, where the contribution has one.")),
        "text": Term(_("Text"), _("The text in that language.")),
    }


def _decisions() -> dict[str, Term]:
    return {
        "id": Term(_("ID"), _("The decision's own.")),
        "subject": Term(_("About"), _("Which kind of contribution it was about.")),
        "decision": Term(_("Decision"), _("What was decided.")),
        "ground": Term(_("Ground"), _("The rule it was decided by.")),
        "automation": Term(_("Part of programs"), _("Whether a program pointed at it or decided.")),
        "decided_on": Term(_("Decided on"), _("The day on which it was decided.")),
        "hours_waited": Term(_("Hours waited"), _("How long the contribution had waited for the decision.")),
        "appeal": Term(_("Objection"), _("Whether somebody objected, and what came of it.")),
        "digest": Term(_("Fingerprint"), _("Shows its author, and nobody else, which text it was about.")),
    }


def _clusters() -> dict[str, Term]:
    return {
        "id": _id(),
        "title": Term(_("Theme"), _("What the theme is called.")),
        "description": Term(_("Description"), _("What belongs to it.")),
        "ideas": Term(_("Number of ideas"), _("How many published ideas are filed under it.")),
        "agree": Term(_("Agree"), _("The votes in agreement with its ideas, added up.")),
        "unsure": Term(_("Unsure"), _("The votes that are unsure about its ideas, added up.")),
        "disagree": Term(_("Disagree"), _("The votes against its ideas, added up.")),
        "top_idea_ids": Term(_("Most agreed ideas"), _("The IDs of up to fifty of its ideas, the most agreed first.")),
    }


def _filings() -> dict[str, Term]:
    return {
        "idea_id": _idea_id(),
        "cluster_id": _cluster_id(),
        "is_main": Term(_("Main theme"), _("“yes” where the idea belongs there first.")),
        "origin": Term(
            _("Filed by"), _("Which way it came there: by staff, by import, or as a suggestion that staff took.")
        ),
        "filed_at": Term(_("Filed on"), _("Since when it is filed there.")),
    }


def _bundles() -> dict[str, Term]:
    people = _("Each person counts once, however many ideas of the bundle they voted on.")
    return {
        "bundle_id": Term(_("Bundle: ID"), _("The same for all ideas of one bundle.")),
        "idea_id": _idea_id(),
        "title": Term(_("Title"), _("What its author called it.")),
        "text": Term(_("Text"), _("The whole text.")),
        "language": _language(),
        "ideas": Term(_("Number of ideas"), _("How many ideas the bundle holds.")),
        "people": Term(_("Bundle: People"), people),
        "agree": Term(_("Bundle: Agree"), people),
        "disagree": Term(_("Bundle: Disagree"), people),
        "both": Term(
            _("Bundle: Both agree and disagree"), _("People who agree with one idea and disagree with another.")
        ),
        "answer": Term(_("Answer of the city"), _("The latest answer with its department and day.")),
        "made_at": Term(_("Bundled on"), _("When it was made.")),
    }


def _statements() -> dict[str, Term]:
    people = _("Each person counts once per stance, over all ideas in all its themes.")
    return {
        "number": Term(_("No."), _("Its number in the process, which never changes.")),
        "id": _id(),
        "text": Term(_("Statement"), _("The sentence.")),
        "reasoning": Term(_("Reasoning"), _("Why the team wrote it.")),
        "principles": Term(_("Principles"), _("The principles it follows.")),
        "cluster_ids": Term(_("Themes"), _("The IDs of the themes it rests on.")),
        "ideas": Term(_("Number of ideas"), _("How many ideas it rests on.")),
        "agree": Term(_("People: Agree"), people),
        "unsure": Term(_("People: Unsure"), people),
        "disagree": Term(_("People: Disagree"), people),
        "people": Term(_("People"), _("Everybody who voted on one of these ideas, each counted once.")),
        "answer": Term(_("Answer of the city"), _("The latest answer with its department and day.")),
        "department": Term(_("Responsible department"), _("Who in the city administration is responsible.")),
        "fields": Term(_("Field of action"), _("The fields of action it belongs to.")),
        "quotes": Term(_("In the words of residents"), _("What residents wrote, word for word, with its source.")),
        "objections": Term(
            _("What speaks against it"), _("Objections of residents, word for word, with their source.")
        ),
        "signed": Term(_("Signed off"), _("Whether and when a second person of the team checked it.")),
        "lost": Term(_("What it does not rest on any more"), _("Sources that are not public any more, and why.")),
        "published_at": Term(_("Published"), _("When it was published.")),
        "url": Term(_("Address"), _("Its page.")),
    }


def _assessments() -> dict[str, Term]:
    return {
        "number": Term(_("No."), _("The number of the statement.")),
        "statement_id": Term(_("Statement: ID"), _("Which statement it is about.")),
        "kind": Term(_("Kind"), _("Whether it is a criterion or a value.")),
        "about": Term(_("Criterion or value"), _("What the statement was held against.")),
        "verdict": Term(_("Verdict"), _("Whether it holds.")),
        "reason": Term(_("Reason"), _("Why.")),
        "assessed_at": Term(_("Assessed on"), _("When this was decided.")),
        "is_outdated": Term(_("About an earlier wording"), _("“yes” where the statement was changed afterwards.")),
    }


def _answers() -> dict[str, Term]:
    return {
        "id": Term(_("ID"), _("The answer's own.")),
        "kind": Term(_("Kind"), _("Whether it answers a statement, a bundle or an idea.")),
        "target_id": Term(_("About: ID"), _("The ID of that statement, bundle or idea.")),
        "department": Term(_("Department"), _("Which department answers.")),
        "outcome": Term(_("Outcome"), _("What the city says: yes, no, or something in between.")),
        "text": Term(_("Text"), _("The whole answer.")),
        "answered_at": Term(_("Answered"), _("When it was given.")),
        "due_on": Term(_("Due on"), _("The day until which the city wants to have done it.")),
        "is_overdue": Term(_("Overdue"), _("“yes” where that day has passed and nothing is done yet.")),
        "is_latest": Term(_("Latest answer"), _("“yes” where no later answer followed.")),
    }


def _measures() -> dict[str, Term]:
    return {
        "id": Term(_("ID"), _("The measure's own.")),
        "answer_id": Term(_("Answer: ID"), _("The answer it follows from.")),
        "title": Term(_("Measure"), _("What is done.")),
        "department": Term(_("Department"), _("Which department does it.")),
        "state": Term(_("State"), _("How far it has come.")),
        "due_on": Term(_("Due on"), _("The day until which it is to be done.")),
        "first_due_on": Term(_("At first due on"), _("The day that was named at the beginning.")),
        "is_overdue": Term(_("Overdue"), _("“yes” where that day has passed and it is not done.")),
        "steps": Term(_("Steps"), _("What was reported about it, the earliest first.")),
    }


def _sources() -> dict[str, Term]:
    return {
        "statement_number": Term(_("Statement: No."), _("The number of the statement.")),
        "statement_id": Term(_("Statement: ID"), _("Which statement it is; the same as on the sheet of statements.")),
        "statement_text": Term(_("Statement"), _("The sentence.")),
        "cluster_id": _cluster_id(),
        "cluster_title": Term(_("Theme"), _("What the theme is called.")),
        "idea_id": _idea_id(),
        "idea_title": Term(_("Idea: Title"), _("What its author called it.")),
    }
