"""Settings: safe for a public installation as they stand; whatever differs comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

# --- where things live -------------------------------------------------------------------------------------------
DATA_DIR = Path(os.environ.get("DATA_DIR", "var")).resolve()
DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{DATA_DIR / 'participation.sqlite'}")
SQLALCHEMY_DATABASE_URI = DATABASE_URL
EXPORT_DIR = DATA_DIR / "exports"
# Files that staff upload to bring them in; each goes once it was read.
IMPORT_DIR = DATA_DIR / "imports"
IMPORT_MEGABYTES = int(os.environ.get("IMPORT_MEGABYTES", "32"))
IMPORT_ROWS = int(os.environ.get("IMPORT_ROWS", "200000"))
# Where built stylesheets and scripts lie; empty: below DATA_DIR. Installations on one machine may share it.
ASSETS_DIR = os.environ.get("ASSETS_DIR", "")

# --- who may reach it --------------------------------------------------------------------------------------------
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ["PORT"]) if os.environ.get("PORT", "").isdigit() else 8000
SECRET_KEY = os.environ.get("SECRET_KEY", "")
# What receipts are signed with: 32 bytes in base64. Without it a key is made once in DATA_DIR/receipt.key.
RECEIPT_KEY = os.environ.get("RECEIPT_KEY", "")
PUBLIC_URL = os.environ.get("PUBLIC_URL", "")
# What links in letters begin with; only a machine's own visitors can do without PUBLIC_URL.
BASE_URL = PUBLIC_URL or f"http://{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}"
TRUSTED_PROXIES = int(os.environ["TRUSTED_PROXIES"]) if os.environ.get("TRUSTED_PROXIES", "").isdigit() else None
# Known passwords and a known secret; refused on every address that others can reach.
DEMO = os.environ.get("DEMO") == "1"
MAX_CONTENT_LENGTH = 4 * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024

# --- sessions and forms ------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "participation"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
PERMANENT_SESSION_LIFETIME = timedelta(days=14)
# Longer than the 20 hours that WCAG 2.2.1 asks for; whatever is sent later comes back to be sent again.
WTF_CSRF_TIME_LIMIT = 24 * 3600
ARGON2_TIME_COST = 2
ARGON2_MEMORY_KIB = 19 * 1024

# --- languages and time ------------------------------------------------------------------------------------------
# In the order in which they are offered; de-simple is German in simple words.
LANGUAGES = ("de", "de-simple", "en", "tr", "ar", "uk", "ru", "pl", "ro", "bg", "fr")
BABEL_DEFAULT_LOCALE = "de"
TIMEZONE = os.environ.get("TIMEZONE", "Europe/Berlin")

# --- other languages of what residents write -----------------------------------------------------------------------
# Services that put public texts into other languages: those with an address or a key here can be chosen. None is used
# until an admin switches it on for a process; who runs it is shown there. CHARACTERS limits a month, 0 does not.
TRANSLATORS = {
    name: {
        "url": os.environ.get(f"{name.upper()}_URL", ""),
        "key": os.environ.get(f"{name.upper()}_KEY", ""),
        "operator": os.environ.get(f"{name.upper()}_OPERATOR", operator),
        "monthly_characters": int(os.environ.get(f"{name.upper()}_CHARACTERS", characters)),
        # How long an answer may take, for each step of the way and in all.
        "step_seconds": float(os.environ.get(f"{name.upper()}_STEP_SECONDS", "20")),
        "seconds": float(os.environ.get(f"{name.upper()}_SECONDS", "60")),
    }
    for name, needed, operator, characters in (
        ("libretranslate", "LIBRETRANSLATE_URL", "", "0"),
        ("deepl", "DEEPL_KEY", "DeepL SE, Köln", "500000"),
    )
    if os.environ.get(needed)
}

# --- the discussion ----------------------------------------------------------------------------------------------
# How long authors may change a comment that nobody has answered or marked as helpful.
COMMENT_EDIT_MINUTES = int(os.environ.get("COMMENT_EDIT_MINUTES", "15"))

# --- moderation --------------------------------------------------------------------------------------------------
# How long moderators can take back what they just decided; authors hear of it only afterwards.
UNDO_SECONDS = int(os.environ.get("UNDO_SECONDS", "120"))
# How long authors can object to a decision.
APPEAL_DAYS = int(os.environ.get("APPEAL_DAYS", "184"))
# How soon they are promised an answer.
APPEAL_ANSWER_DAYS = int(os.environ.get("APPEAL_ANSWER_DAYS", "14"))
# Hosts (with all below them) that moderators may name as the place where an idea is answered, with commas; empty: any.
ELSEWHERE_HOSTS = tuple(host.strip() for host in os.environ.get("ELSEWHERE_HOSTS", "").split(",") if host.strip())

NOTICE_ANSWER_DAYS = int(os.environ.get("NOTICE_ANSWER_DAYS", "7"))
# How long after the outcome the address of somebody who gave notice is kept.
NOTICE_CONTACT_DAYS = int(os.environ.get("NOTICE_CONTACT_DAYS", "90"))
# How long a contribution is held as evidence.
EVIDENCE_DAYS = int(os.environ.get("EVIDENCE_DAYS", "180"))
# Whom to call where somebody's life is in danger.
EMERGENCY_NUMBER = os.environ.get("EMERGENCY_NUMBER", "110")

# --- barriers ----------------------------------------------------------------------------------------------------
# How soon reports of barriers are answered, and until when at the latest where that has to be put off. Section 5 (2) of
# BITVNRW asks for two weeks, up to six at most where much has to be done.
BARRIER_ANSWER_DAYS = int(os.environ.get("BARRIER_ANSWER_DAYS", "14"))
BARRIER_LONGEST_DAYS = int(os.environ.get("BARRIER_LONGEST_DAYS", "42"))
# How long after the answer it is kept how to reach somebody who reported a barrier, and what they use to read.
BARRIER_CONTACT_DAYS = int(os.environ.get("BARRIER_CONTACT_DAYS", "90"))
# How large a video in sign language may be.
SIGN_VIDEO_MEGABYTES = int(os.environ.get("SIGN_VIDEO_MEGABYTES", "200"))

# --- programs that fill in forms ---------------------------------------------------------------------------------
# Whoever sends a form sooner than that after opening it is asked to look at it again; 0 for no such trap.
FORM_SECONDS = int(os.environ.get("FORM_SECONDS", "3"))
# Counters of who did what how often: in a file below DATA_DIR, or in Valkey, for instance valkey://localhost:6379.
VALKEY_URL = os.environ.get("VALKEY_URL", "")
RATELIMIT_ENABLED = os.environ.get("LIMITS", "on") != "off"
# For each account, or each network (/24, /56 of IPv6) where nobody is signed in; LIMIT_COMMENT=30/hour changes one.
LIMITS = {
    name: os.environ.get(f"LIMIT_{name.upper()}", usual)
    for name, usual in {
        "sign_up": "40/hour;200/day",
        # Only what fails; that of one address from one network, and all of one network.
        "sign_in_as": "10/15 minutes",
        "sign_in": "100/15 minutes",
        "reset_of": "3/hour",
        "reset": "30/hour",
        "idea": "10/hour;30/day",
        "comment": "20/10 minutes;200/day",
        "notice": "20/10 minutes;100/day",
        # Threats to life are counted apart: nobody shall have to wait with one.
        "urgent_notice": "20/10 minutes",
        "barrier": "10/hour;40/day",
        "message": "20/hour",
        "wording": "30/hour;200/day",
        "appeal": "10/hour",
        # Answers of the interface for programs, by network.
        "api": "600/minute",
        # Posters that have to be drawn anew; those that are known already cost nothing.
        "poster": "60/hour",
    }.items()
}

# --- the city ----------------------------------------------------------------------------------------------------
CITY_NAME = os.environ.get("CITY_NAME", "Dortmund")
OPERATOR_NAME = os.environ.get("OPERATOR_NAME", f"Stadt {CITY_NAME}")
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "beteiligung@example.org")
CONTACT_PHONE = os.environ.get("CONTACT_PHONE", "")
POSTAL_ADDRESS = os.environ.get("POSTAL_ADDRESS", "")
# The official key of the municipality (AGS), eight digits: where the open data belongs to.
CITY_AGS = os.environ.get("CITY_AGS", "05913000" if CITY_NAME == "Dortmund" else "")
# The address by which GovData knows who delivers records, http://dcat-ap.de/def/contributors/…; empty: none is named.
DCAT_CONTRIBUTOR = os.environ.get("DCAT_CONTRIBUTOR", "")
# A PNG or SVG file that stands on posters, printed pages and papers for the council; empty: none.
CITY_LOGO = os.environ.get("CITY_LOGO", "")

# --- pages on other people's sites -------------------------------------------------------------------------------
# Who may show the embedded views in a frame, as in "frame-ancestors" of a Content-Security-Policy; 'none' for nobody.
EMBED_ANCESTORS = os.environ.get("EMBED_ANCESTORS", "*")

# --- the fair rotation of lists ----------------------------------------------------------------------------------
# For how many minutes a list begins at the same idea; 10 make 144 beginnings a day, evenly spread.
ROTATION_MINUTES = int(os.environ.get("ROTATION_MINUTES", "10"))

# --- the vote log ------------------------------------------------------------------------------------------------
# How long the files of a release can be downloaded; the latest always, and every root for good.
TALLY_DAYS = int(os.environ.get("TALLY_DAYS", "90"))

# --- similar ideas -----------------------------------------------------------------------------------------------
# auto: by meaning and words where the extra "analysis" is installed; off: by words only.
ANALYSIS = os.environ.get("ANALYSIS", "auto")

# --- mail --------------------------------------------------------------------------------------------------------
# Without SMTP_URL (smtp://user:password@host:587 or smtps://…) messages are written to the spool folder.
SMTP_URL = os.environ.get("SMTP_URL", "")
MAIL_FROM = os.environ.get("MAIL_FROM", CONTACT_EMAIL)
MAIL_SPOOL = DATA_DIR / "mail"

# --- speed -------------------------------------------------------------------------------------------------------
PAGE_CACHE_BYTES = int(os.environ.get("PAGE_CACHE_BYTES", str(64 * 1024 * 1024)))
PAGE_CACHE_SECONDS = int(os.environ.get("PAGE_CACHE_SECONDS", "10"))
