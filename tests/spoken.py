"""The languages in which every text of the product has to be there."""

import runpy

from participation.kit.places import ROOT

SPOKEN = frozenset(runpy.run_path(str(ROOT / "config.py"))["LANGUAGES"])
