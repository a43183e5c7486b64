"""Where the product's own files lie: in a checkout or in an installed package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE / "_bundle" if (PACKAGE / "_bundle").exists() else PACKAGE.parent
