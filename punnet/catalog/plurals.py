"""The singular and the plural of lower-case English words, by one frozen table of rules.

The table is a promise: a changed entry renames fields of running APIs.
"""

from __future__ import annotations

from functools import lru_cache

_ONE_FORM = """
advice aircraft analytics aws baggage bedding bison cash chaos chassis clothing cms cosmos css data debris
deer dns economics electronics ems equipment ethics ethos evidence feedback fish furniture gis goods gps
hardware has headquarters health his homework https information ios its knowledge kubernetes logistics
luggage mathematics means media merchandise metadata money moose music news nfs offspring os pathos payroll
physics politics pos postgres redis research rice rss salmon sas series sheep sms sns software spacecraft
species sqs staff stuff swine tennis this tls traffic vps was weather wildlife yes
"""
UNCOUNTABLE = frozenset(_ONE_FORM.split())
"""Words of one form."""

UNCOUNTABLE_ENDINGS = ("data", "series", "information", "equipment", "software", "hardware", "feedback")
"""Ends of compounds that have one form: `userdata`."""

IRREGULAR = {
    # of Latin and Greek origin
    "addendum": "addenda",
    "analysis": "analyses",
    "appendix": "appendices",
    "axis": "axes",
    "bacterium": "bacteria",
    "basis": "bases",
    "crisis": "crises",
    "criterion": "criteria",
    "curriculum": "curricula",
    "diagnosis": "diagnoses",
    "emphasis": "emphases",
    "erratum": "errata",
    "hypothesis": "hypotheses",
    "matrix": "matrices",
    "oasis": "oases",
    "parenthesis": "parentheses",
    "phenomenon": "phenomena",
    "prognosis": "prognoses",
    "synopsis": "synopses",
    "synthesis": "syntheses",
    "thesis": "theses",
    "vertex": "vertices",
    # English
    "goose": "geese",
    "louse": "lice",
    "ox": "oxen",
    "passerby": "passersby",
    "quiz": "quizzes",
    # -f and -fe that become -ves
    "calf": "calves",
    "elf": "elves",
    "half": "halves",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "scarf": "scarves",
    "self": "selves",
    "sheaf": "sheaves",
    "shelf": "shelves",
    "thief": "thieves",
    "wife": "wives",
    "wolf": "wolves",
    # -o that becomes -oes
    "buffalo": "buffaloes",
    "cargo": "cargoes",
    "echo": "echoes",
    "embargo": "embargoes",
    "hero": "heroes",
    "mosquito": "mosquitoes",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "torpedo": "torpedoes",
    "veto": "vetoes",
    "volcano": "volcanoes",
    # singulars that look like plurals
    "alias": "aliases",
    "atlas": "atlases",
    "bias": "biases",
    "canvas": "canvases",
    "christmas": "christmases",
    "gas": "gases",
    "iris": "irises",
    "lens": "lenses",
    "pancreas": "pancreases",
    "pelvis": "pelvises",
    "trellis": "trellises",
}
"""Singular to plural, of whole words."""

SECOND_PLURALS = {
    "appendixes": "appendix",
    "buffalos": "buffalo",
    "busses": "bus",
    "cacti": "cactus",
    "cargos": "cargo",
    "fungi": "fungus",
    "indices": "index",
    "matrixes": "matrix",
    "mosquitos": "mosquito",
    "nuclei": "nucleus",
    "quizes": "quiz",
    "radii": "radius",
    "scarfs": "scarf",
    "stimuli": "stimulus",
    "syllabi": "syllabus",
    "vertexes": "vertex",
    "volcanos": "volcano",
}
"""Plurals that a table may bear and that we never give, to their singulars."""

IRREGULAR_ENDINGS = {
    "child": "children",
    "foot": "feet",
    "mouse": "mice",
    "person": "people",
    "tooth": "teeth",
    "woman": "women",
    "polis": "polises",
}
"""Singular to plural, of a word or its end: `grandchild`, `salesperson`."""

NO_COMPOUND_OF_MEN = (
    "abdomen",
    "acumen",
    "bitumen",
    "hymen",
    "lumen",
    "omen",
    "ramen",
    "regimen",
    "specimen",
)
NO_COMPOUND_OF_MAN = ("caiman", "german", "human", "norman", "ottoman", "roman", "shaman", "talisman")

SINGULARS_IN_E = (
    # -che
    *("avalanche", "cache", "cliche", "creche", "headache", "mustache", "niche", "psyche", "quiche"),
    # -ie
    *(
        "brownie",
        "calorie",
        "cookie",
        "eerie",
        "genie",
        "hoodie",
        "hippie",
        "indie",
        "junkie",
        "magpie",
        "movie",
    ),
    *("newbie", "pixie", "prairie", "rookie", "selfie", "smoothie", "sortie", "veggie", "walkie", "zombie"),
    # -use
    *("abuse", "cause", "clause", "excuse", "fuse", "house", "pause", "recluse", "refuse", "reuse", "spouse"),
)
"""Ends of singulars whose plurals look like those of -ch, -y and -us."""

SHORT_SINGULARS_IN_E = frozenset({"ache", "die", "lie", "muse", "pie", "ruse", "tie", "use"})
"""As above; too short to be ends."""

PLURALS_IN_US_AND_XIS = frozenset(
    {
        "bureaus",
        "cpus",
        "ecus",
        "emus",
        "gpus",
        "gurus",
        "haikus",
        "ious",
        "menus",
        "npus",
        "plateaus",
        "skus",
        "submenus",
        "taxis",
        "tpus",
        "vcpus",
    }
)
"""Every other word with these ends is a singular."""

SINGULARS_IN_HARD_CH = ("epoch", "monarch", "patriarch", "stomach", "tech")
"""Ends of words that take a plain -s."""

_SINGULAR_BY_PLURAL = {plural: singular for singular, plural in IRREGULAR.items()} | SECOND_PLURALS
# A table `bases` holds more often a base each than a basis.
_SINGULAR_BY_PLURAL["bases"] = "base"
_SINGULAR_ENDINGS = tuple((plural, singular) for singular, plural in IRREGULAR_ENDINGS.items())
_PLURAL_ENDINGS = tuple(IRREGULAR_ENDINGS.items())
_PLURALS_IN_ES = tuple(f"{word}s" for word in SINGULARS_IN_E)


@lru_cache(maxsize=8_192)
def singular(word: str) -> str:
    """Find the singular of a lower-case word; the word itself where it is one, or we know none."""
    # Some steps uncover another plural (`peoples`): taken to the end, the answer is its own singular.
    found = _singular_once(word)
    return found if found == word else singular(found)


@lru_cache(maxsize=8_192)
def plural(word: str) -> str:
    """Find the plural of a lower-case word in either number; the word itself where it has one form."""
    return _pluralize(singular(word))


def _is_uncountable(word: str) -> bool:
    # What ends in a digit or has one letter reads worse with an `s`: `x`, `v2`.
    return len(word) < 2 or not word[-1].isalpha() or word in UNCOUNTABLE or word.endswith(UNCOUNTABLE_ENDINGS)


def _singular_once(word: str) -> str:
    if len(word) < 3 or _is_uncountable(word) or word in IRREGULAR:
        return word
    if word in _SINGULAR_BY_PLURAL:
        return _SINGULAR_BY_PLURAL[word]
    for end, replacement in _SINGULAR_ENDINGS:
        if word.endswith(end):
            return word.removesuffix(end) + replacement
    if word.endswith("men") and not word.endswith(NO_COMPOUND_OF_MEN):
        return word.removesuffix("men") + "man"
    return _strip_s(word) if word.endswith("s") else word


def _strip_s(word: str) -> str:
    bare = word[:-1]
    if word in PLURALS_IN_US_AND_XIS or bare in SHORT_SINGULARS_IN_E or word.endswith(_PLURALS_IN_ES):
        return bare
    if word.endswith(("ss", "us", "sis", "xis", "polis")):
        return word
    if word.endswith("ies") and len(word) > 3:
        return word.removesuffix("ies") + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "uses", "zzes", "tzes")):
        return word.removesuffix("es")
    return bare


def _pluralize(word: str) -> str:
    if _is_uncountable(word):
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    for end, replacement in _PLURAL_ENDINGS:
        if word.endswith(end):
            return word.removesuffix(end) + replacement
    if word.endswith("man") and not word.endswith(NO_COMPOUND_OF_MAN):
        return word.removesuffix("man") + "men"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word.removesuffix("y") + "ies"
    if word.endswith(SINGULARS_IN_HARD_CH):
        return f"{word}s"
    return f"{word}es" if word.endswith(("s", "x", "z", "sh", "ch")) else f"{word}s"
