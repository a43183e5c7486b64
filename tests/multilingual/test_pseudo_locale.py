"""Every page in a pseudo-locale: what no catalogue has translated stands outside the markers and is found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from lxml.etree import _Element
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from participation.accounts.actor import Role
from participation.accounts.models import LinkPurpose
from participation.accounts.service import issue_link
from participation.app.shell import build_shell
from participation.browse.editorial import FOLDER, editorial_page
from participation.comments.models import CommentState
from participation.exports.models import Export, ExportState
from participation.exports.writers import WRITERS
from participation.ideas.models import IdeaSource, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.kit.schema import Translated
from participation.moderation.models import Decision, DecisionKind
from participation.multilingual import language_name
from participation.multilingual.catalogues import extracted
from participation.processes.models import Capability, PhaseKind
from participation.processes.queries import grants_of
from participation.texts.language import KNOWN
from tests import make
from tests.databases import Databases, build_app
from tests.pages import Page, PageClient, PageError

OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "en"
# Nobody reads these as a page: machines, and the developers' gallery with its made-up samples.
NOT_FOR_READERS = ("machine.", "browse.root")
SPOKEN = ("aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "title", "label")
NOT_PROSE = ("script", "style", "code", "kbd", "svg")
WRITTEN = {"title", "text", "reason", "pseudonym", "email", "external_id", "reference"}
SEPARATORS = re.compile(r"\s*[·,:;()–—…/|→]\s*")
DAY = re.compile(rf"\d{{1,2}} ({'|'.join(get_month_names(locale=LANGUAGE).values())}) \d{{4}}")
# Names that are the same in every language.
NAMES = {"SHA-256"}
_numbers = count(1)
