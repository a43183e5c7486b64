"""What is imported gets into other languages as well, and all of it as soon as the import is over."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from participation.accounts.actor import SYSTEM
from participation.cases.models import SubjectKind
from participation.intake import comments, ideas
from participation.intake.comments import CommentImport, import_comments
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.tables import TableFile
from participation.kit import clock
from tests import make
from tests.conftest import Sessions
from tests.stand_in import StandIn
from tests.wordings.asking import shown
from tests.wordings.conftest import Work

ZONE = ZoneInfo("Europe/Berlin")
IDEAS = "id,title,text\n1,Bänke am Platz,Dort kann niemand sitzen.\n2,Bäume am Markt,Dort fehlt der Schatten.\n"
COMMENTS = "id,idea,text\n1,1,Das sehe ich genauso wie du.\n2,2,Das sehe ich ganz anders als du.\n"


class BrokenOff(Exception):
    """Stands for whatever ends an import in its middle."""


@pytest.mark.parametrize("breaks", [False, True])
def test_what_comes_behind_the_beginning_is_asked_for_at_the_end(
    app: Flask,
    database: Sessions,
    translated: make.Place,
    server: StandIn,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    breaks: bool,
) -> None:
    monkeypatch.setitem(app.config, "LANGUAGES", ("de", "tr"))
    # Each row in a transaction of its own; the worker hears of the first one's while the others are still to come.
    monkeypatch.setattr(ideas, "BATCH", 1)
    monkeypatch.setattr(comments, "BATCH", 1)

    def meanwhile(after: int) -> Callable[[float, int], None]:
        seen: list[int] = []

        def progress(_share: float, _rows: int) -> None:
            seen.append(1)
            if len(seen) == after:
                work()
            if breaks and len(seen) > after:
                raise BrokenOff

        return progress

    def bring_in(run: Callable[[], object]) -> None:
        if breaks:
            with pytest.raises(BrokenOff):
                run()
        else:
            run()
        work()

    for name, content in (("ideas", IDEAS), ("comments", COMMENTS)):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    files = {name: TableFile(tmp_path / f"{name}.csv") for name in ("ideas", "comments")}
    with app.app_context():
        columns = {"id": ["id"], "title": ["title"], "text": ["text"]}
        first = IdeaImport(translated.id, files["ideas"], columns, ZONE)
        bring_in(lambda: import_ideas(SYSTEM, first, now=clock.now(), progress=meanwhile(1)))
        second = CommentImport(translated.id, files["comments"], {name: name for name in ("id", "idea", "text")}, ZONE)
        # The first two are told while the file is read, before anything is written.
        bring_in(lambda: import_comments(SYSTEM, second, now=clock.now(), progress=meanwhile(3)))
    with database() as session:
        kinds = [row[0] for row in shown(session)]
    assert kinds == sorted([SubjectKind.IDEA, SubjectKind.COMMENT] * 2, key=lambda kind: kind.value)
