"""A value of every kind that is likely to go wrong, of every supported type, and what the API answers for it."""

from __future__ import annotations

from dataclasses import dataclass

FieldPath = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value as Postgres takes it, and as the API puts it out."""

    text: str
    """What Postgres takes as input of the type."""
    answer: str
    """JSON text, byte for byte."""
    uncarried: tuple[FieldPath, ...] = ()
    """Where, from the field, the answer is null with the error VALUE_NOT_REPRESENTABLE."""
    since: int = 14
    """The first version of Postgres that has this value."""


WHOLE: tuple[FieldPath, ...] = ((),)
"""The field itself cannot be carried."""


def uncarried(text: str, since: int = 14) -> Value:
    """A value for which the API has no form."""
    return Value(text, "null", WHOLE, since)


def same(*texts: str) -> tuple[Value, ...]:
    """Values whose JSON text is what Postgres takes."""
    return tuple(Value(text, text) for text in texts)


def quoted(*texts: str) -> tuple[Value, ...]:
    """Values whose JSON text is a string of what Postgres takes."""
    return tuple(Value(text, f'"{text}"') for text in texts)


TEXTS = (
    Value("", '""'),
    Value(" two  spaces ", '" two  spaces "'),
    Value("it's", '"it\'s"'),
    Value('say "hi"', r'"say \"hi\""'),
    Value("back\\slash \\n \\u0041", r'"back\\slash \\n \\u0041"'),
    Value("tab\tline\nreturn\rfeed\fback\b", r'"tab\tline\nreturn\rfeed\fback\b"'),
    Value("\x01\x02\x1b\x1f\x7f", '"\\u0001\\u0002\\u001b\\u001f\x7f"'),
    Value("\x01", r'"\u0001"'),
    Value("naïve Ünïcode", '"naïve Ünïcode"'),
    Value("👩‍👩‍👧‍👦🇩🇪", '"👩‍👩‍👧‍👦🇩🇪"'),
    Value("\u2028\u2029\u0085\ufeff\uffff", '"\u2028\u2029\u0085\ufeff\uffff"'),
    Value("</script>&amp;/", '"</script>&amp;/"'),
    Value("%_*?[a-z]", '"%_*?[a-z]"'),
    Value("$1 {} %s", '"$1 {} %s"'),
    Value("null", '"null"'),
    Value("ﬀ ß İ ı ǅ", '"ﬀ ß İ ı ǅ"'),
    Value("e\u0301 \u00e9", '"e\u0301 \u00e9"'),
)

NUMBERS = quoted(
    "0",
    "1.50",
    "-0.000000000000000000000000000001",
    "123456789012345678901234567890.123456789012345678901234567890",
    "1" + "0" * 200,
    "0." + "0" * 100 + "1",
    "100",
)

FLOATS = (
    Value("0", "0"),
    Value("-0", "-0"),
    Value("0.1", "0.1"),
    Value("1e-7", "1e-07"),
    Value("1e20", "1e+20"),
    Value("123456", "123456"),
)

MOMENTS = (
    Value("2024-05-01T12:30:00", "2024-05-01T12:30:00"),
    Value("2024-05-01T12:30:00.123456", "2024-05-01T12:30:00.123456"),
    Value("2024-05-01T12:30:00.100000", "2024-05-01T12:30:00.1"),
    Value("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
    Value("9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"),
    Value("1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999"),
)

BEYOND = (
    uncarried("infinity"),
    uncarried("-infinity"),
    uncarried("0044-03-15 BC"),
    uncarried("10000-01-01"),
)

DOCUMENTS = (
    Value("null", "null"),
    Value("[]", "[]"),
    Value("{}", "{}"),
    Value('"text \\" \\u0001 👍"', '"text \\" \\u0001 👍"'),
    Value("true", "true"),
    Value("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
    Value("-1.50", "-1.50"),
)

VALUES: dict[str, tuple[Value, ...]] = {
    "bool": same("true", "false"),
    "int2": same("0", "-32768", "32767"),
    "int4": same("0", "-2147483648", "2147483647", "7"),
    "int8": quoted("0", "-9223372036854775808", "9223372036854775807", "9007199254740993"),
    "numeric": (*NUMBERS, uncarried("NaN"), uncarried("Infinity"), uncarried("-Infinity")),
    "numeric(12,3)": (*quoted("1.500", "-999999999.999", "0.000"), uncarried("NaN")),
    "numeric(4,-2)": quoted("123400", "0"),
    "float4": (
        *FLOATS,
        *same("3.4028235e+38", "1e-45", "1.6777216e+07"),
        uncarried("NaN"),
        uncarried("Infinity"),
        uncarried("-Infinity"),
    ),
    "float8": (
        *FLOATS,
        *same("1.7976931348623157e+308", "5e-324", "0.30000000000000004", "9.007199254740992e+15"),
        uncarried("NaN"),
        uncarried("Infinity"),
        uncarried("-Infinity"),
    ),
    "text": TEXTS,
    "varchar(60)": TEXTS[:5],
    'text collate "C"': TEXTS[::3],
    "bpchar": TEXTS[2:6],
    "char(4)": (Value("ab", '"ab  "'), Value("", '"    "'), Value("'\"\\é", r'''"'\"\\é"''')),
    "name": TEXTS[2:6],
    '"char"': (Value("a", '"a"'), Value('"', r'"\""'), Value("\\", r'"\\"'), Value("", '""')),
    "citext": TEXTS[2:6],
    "uuid": quoted("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "00000000-0000-0000-0000-000000000000"),
    "timestamptz": (
        *(Value(f"{moment.text}Z", f'"{moment.answer}Z"') for moment in MOMENTS),
        Value("2024-05-01T12:30:00+05:45", '"2024-05-01T06:45:00Z"'),
        *BEYOND,
    ),
    "timestamptz(0)": (Value("2024-05-01T12:30:00.6Z", '"2024-05-01T12:30:01Z"'),),
    "timestamp": (*(Value(moment.text, f'"{moment.answer}"') for moment in MOMENTS), *BEYOND),
    "date": (*quoted("2024-02-29", "0001-01-01", "9999-12-31"), *BEYOND),
    "time": (
        *quoted("00:00:00", "23:59:59.999999", "12:30:00.1"),
        Value("24:00:00", '"24:00:00"'),
    ),
    "timetz": (
        Value("12:30:00+02", '"12:30:00+02:00"'),
        Value("12:30:00.5-05:30", '"12:30:00.5-05:30"'),
        Value("00:00:00Z", '"00:00:00+00:00"'),
        Value("24:00:00+15:59", '"24:00:00+15:59"'),
        Value("12:30:00+02:00:30", '"12:30:00+02:00:30"'),
    ),
    "interval": (
        Value("0", '"PT0S"'),
        Value("1 day 02:30", '"P1DT2H30M"'),
        Value("-1 year 2 months -3 days", '"P-10M-3D"'),
        Value("-0.5 s", '"PT-0.5S"'),
        Value("1 month -1 day 00:00:00.000001", '"P1M-1DT0.000001S"'),
        Value("178000000 years", '"P178000000Y"'),
        uncarried("infinity", since=17),
        uncarried("-infinity", since=17),
    ),
    "bytea": (
        Value("", '""'),
        Value("\\x00", '"AA=="'),
        Value("\\xfffefdfc", '"//79/A=="'),
        Value("\\x" + "ab" * 100, '"' + "q6ur" * 33 + 'qw=="'),
    ),
    "json": (
        *DOCUMENTS,
        Value('  { "b" : 1, "a":2 ,"b":3 }\n', '  { "b" : 1, "a":2 ,"b":3 }\n'),
        Value('{"deep":[[[{"n":1e400}]]]}', '{"deep":[[[{"n":1e400}]]]}'),
        Value('"\\u00e9 \\ud83d\\ude00"', '"\\u00e9 \\ud83d\\ude00"'),
    ),
    "jsonb": (*DOCUMENTS, Value('{"b":1,"a":2,"b":3}', '{"a": 2, "b": 3}')),
    "inet": quoted("192.0.2.1", "192.0.2.1/24", "2001:db8::1", "::", "0.0.0.0/0", "::ffff:1.2.3.4"),
    "cidr": quoted("192.0.2.0/24", "2001:db8::/32", "10.0.0.1/32"),
    "macaddr": quoted("08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"),
    "macaddr8": quoted("08:00:2b:01:02:03:04:05"),
    "money": (Value("12.34", '"$12.34"'), Value("-1000", '"-$1,000.00"')),
    "bit(3)": quoted("101"),
    "varbit": quoted("", "1", "0110"),
    "tsvector": (Value("a fat 'cat''s':3A", '"\'a\' \'cat\'\'s\':3A \'fat\'"'),),
    "tsquery": (Value("fat & !cat", '"\'fat\' & !\'cat\'"'),),
    "point": quoted("(1,2)", "(NaN,Infinity)"),
    "path": quoted("((0,0),(1,1))", "[(0,0),(1,1)]"),
    "circle": quoted("<(0,0),1.5>"),
    "xml": (Value('<a b="1">x &amp; y</a>', r'"<a b=\"1\">x &amp; y</a>"'),),
    "pg_lsn": quoted("16/B374D848"),
    "oid": quoted("4294967295"),
    "regclass": quoted("pg_class"),
    "jsonpath": (Value("$.a[*] ? (@ > 1)", '"$.\\"a\\"[*]?(@ > 1)"'),),
    "hstore": (Value('a=>1, "b c"=>NULL', r'"\"a\"=>\"1\", \"b c\"=>NULL"'),),
    "int2vector": quoted("1 2 3"),
    "mood": (
        Value("happy", '"HAPPY"'),
        Value("so-so", '"SO_SO"'),
        Value("SAD", '"SAD"'),
        Value('it\'s "complicated"', '"ITS_COMPLICATED"'),
        Value("back\\slash", '"BACK_SLASH"'),
    ),
    "positive": same("1", "2147483647"),
    "very_positive": same("11"),
    "email": (Value('"o\'neil"@example.org', r'''"\"o'neil\"@example.org"'''),),
    "price": (*quoted("1.50", "-0.01"), uncarried("NaN")),
    "document": (Value('{"a":[1,null]}', '{"a": [1, null]}'),),
    "moods": (Value("{happy,NULL,SAD}", '["HAPPY",null,"SAD"]'), Value("{}", "[]")),
    "int4[]": (
        Value("{}", "[]"),
        Value("{1,NULL,-2147483648}", "[1,null,-2147483648]"),
        Value("[5:6]={1,2}", "[1,2]"),
        uncarried("{{1,2},{3,4}}"),
    ),
    "int8[]": (Value("{9223372036854775807,NULL}", '["9223372036854775807",null]'), Value("{}", "[]")),
    "bool[]": (Value("{t,f,NULL}", "[true,false,null]"),),
    "text[]": (
        Value("{}", "[]"),
        Value('{"",NULL,"NULL","it\'s","a\\"b","c\\\\d","👍\t"}', r'''["",null,"NULL","it's","a\"b","c\\d","👍\t"]'''),
        uncarried("{{a},{b}}"),
    ),
    "char(3)[]": (Value("{a,bc}", '["a  ","bc "]'),),
    "name[]": (Value("{a,NULL}", '["a",null]'),),
    "uuid[]": (Value("{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", '["f81d4fae-7dec-11d0-a765-00a0c91e6bf6"]'),),
    "float8[]": (
        Value("{1e20,NULL,-0}", "[1e+20,null,-0]"),
        Value("{NaN,1}", "[null,1]", ((0,),)),
        Value("{Infinity,2,-Infinity}", "[null,2,null]", ((0,), (2,))),
        uncarried("{{1}}"),
    ),
    "numeric(6,2)[]": (Value("{1.50,NULL}", '["1.50",null]'), Value("{NaN}", "[null]", ((0,),))),
    "timestamptz[]": (
        Value("{2024-05-01T12:30:00Z,NULL}", '["2024-05-01T12:30:00Z",null]'),
        Value("{infinity}", "[null]", ((0,),)),
    ),
    "json[]": (Value('{"{\\"a\\": 1}",NULL,"null","[1, 2]"}', '[{"a": 1},null,null,[1, 2]]'),),
    "jsonb[]": (Value('{"{\\"a\\":1}"}', '[{"a": 1}]'), Value("{}", "[]")),
    "bytea[]": (Value('{"\\\\x00ff",NULL}', '["AP8=",null]'),),
    "interval[]": (Value("{1 day}", '["P1D"]'),),
    "money[]": (Value('{12.34,"1,000.00"}', '["$12.34","$1,000.00"]'),),
    "mood[]": (
        Value('{happy,NULL,"it\'s \\"complicated\\""}', '["HAPPY",null,"ITS_COMPLICATED"]'),
        uncarried("{{happy}}"),
    ),
    "email[]": (Value("{a@b,NULL}", '["a@b",null]'),),
    "price[]": (Value("{1.50,NaN}", '["1.50",null]', ((1,),)),),
    "spot": (
        Value('(1.5,2.50,"a ""b"" \\\\ c")', r'{"x":1.5,"y":"2.50","label":"a \"b\" \\ c"}'),
        Value("(,,)", '{"x":null,"y":null,"label":null}'),
        Value("(1,,)", '{"x":1,"y":null,"label":null}'),
        Value("(NaN,NaN,)", '{"x":null,"y":null,"label":null}', (("x",), ("y",))),
    ),
    "a_spot": (Value("(-0,1,x)", '{"x":-0,"y":"1","label":"x"}'),),
    "spot[]": (
        Value("{}", "[]"),
        Value('{"(1,2,a)",NULL,"(,,)"}', '[{"x":1,"y":"2","label":"a"},null,{"x":null,"y":null,"label":null}]'),
        Value('{"(NaN,2,a)"}', '[{"x":null,"y":"2","label":"a"}]', ((0, "x"),)),
        uncarried('{{"(1,2,a)"}}'),
    ),
    "a_spot[]": (Value('{"(1,2,a)",NULL}', '[{"x":1,"y":"2","label":"a"},null]'),),
    '"Odd Pair"': (
        Value(
            '("{1,NULL}",SAD,"(1,2,""x,y"")","2024-05-01 12:30:00+00",t)',
            '{"firstOne":[1,null],"second":"SAD","inner":{"x":1,"y":"2","label":"x,y"},'
            '"at":"2024-05-01T12:30:00Z","text":"t"}',
        ),
        Value("(,,,,)", '{"firstOne":null,"second":null,"inner":null,"at":null,"text":null}'),
        Value(
            '("{{1},{2}}",,"(NaN,,)",infinity,)',
            '{"firstOne":null,"second":null,"inner":{"x":null,"y":null,"label":null},"at":null,"text":null}',
            (("firstOne",), ("inner", "x"), ("at",)),
        ),
    ),
    "crowd": (
        Value(
            '("{""(1,2,a)"",NULL}","{b,NULL}","[1,5)")',
            '{"spots":[{"x":1,"y":"2","label":"a"},null],"names":["b",null],'
            '"span":{"start":1,"end":5,"startInclusive":true,"endInclusive":false,"isEmpty":false}}',
        ),
        Value('({},"{{a}}",)', '{"spots":[],"names":null,"span":null}', (("names",),)),
    ),
    "int4range": (
        Value("[1,5)", '{"start":1,"end":5,"startInclusive":true,"endInclusive":false,"isEmpty":false}'),
        Value("empty", '{"start":null,"end":null,"startInclusive":false,"endInclusive":false,"isEmpty":true}'),
        Value("(,)", '{"start":null,"end":null,"startInclusive":false,"endInclusive":false,"isEmpty":false}'),
        Value("(,5]", '{"start":null,"end":6,"startInclusive":false,"endInclusive":false,"isEmpty":false}'),
    ),
    "numrange": (
        Value("(1.50,2.0]", '{"start":"1.50","end":"2.0","startInclusive":false,"endInclusive":true,"isEmpty":false}'),
        Value(
            "[1,NaN]",
            '{"start":"1","end":null,"startInclusive":true,"endInclusive":true,"isEmpty":false}',
            (("end",),),
        ),
    ),
    "tstzrange": (
        Value(
            "[2024-05-01T12:30:00Z,)",
            '{"start":"2024-05-01T12:30:00Z","end":null,"startInclusive":true,"endInclusive":false,"isEmpty":false}',
        ),
        Value(
            "[-infinity,infinity]",
            '{"start":null,"end":null,"startInclusive":true,"endInclusive":true,"isEmpty":false}',
            (("start",), ("end",)),
        ),
    ),
    "daterange": (
        Value(
            "[2024-05-01,2024-05-02]",
            '{"start":"2024-05-01","end":"2024-05-03","startInclusive":true,"endInclusive":false,"isEmpty":false}',
        ),
    ),
    "floatrange": (
        Value("[1e-7,1e20]", '{"start":1e-07,"end":1e+20,"startInclusive":true,"endInclusive":true,"isEmpty":false}'),
    ),
    "textrange": (
        Value(
            '["a\\"b","c,d"]',
            r'{"start":"a\"b","end":"c,d","startInclusive":true,"endInclusive":true,"isEmpty":false}',
        ),
    ),
    "pricerange": (
        Value("[1,2]", '{"start":"1.00","end":"2.00","startInclusive":true,"endInclusive":true,"isEmpty":false}'),
    ),
    "int4range[]": (
        Value(
            '{"[1,2)",NULL}',
            '[{"start":1,"end":2,"startInclusive":true,"endInclusive":false,"isEmpty":false},null]',
        ),
    ),
    "int4multirange": (
        Value("{}", "[]"),
        Value(
            "{[1,2),[5,)}",
            '[{"start":1,"end":2,"startInclusive":true,"endInclusive":false,"isEmpty":false},'
            '{"start":5,"end":null,"startInclusive":true,"endInclusive":false,"isEmpty":false}]',
        ),
    ),
    "datemultirange": (
        Value(
            "{[infinity,infinity]}",
            '[{"start":null,"end":null,"startInclusive":true,"endInclusive":true,"isEmpty":false}]',
            ((0, "start"), (0, "end")),
        ),
    ),
}  # fmt: skip


TYPES = tuple(VALUES)
COLUMNS = {type_: f"v{number}" for number, type_ in enumerate(TYPES)}
"""The column of the table `everything` that holds values of each type."""
ROWS = max(len(values) for values in VALUES.values())


def literal(text: str) -> str:
    """Text as a constant of SQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a server can do beyond what every one can."""

    version: int
    has_xml: bool
    has_icu: bool


def values_of(type_: str, abilities: Abilities) -> tuple[Value, ...]:
    """The values that such a server has."""
    if type_ == "xml" and not abilities.has_xml:
        return ()
    return tuple(value for value in VALUES[type_] if value.since <= abilities.version)


def everything_sql(abilities: Abilities) -> str:
    """The table `everything`: row n holds the n-th value of each type; the last row holds nothing but nulls."""
    columns = ", ".join(f"{COLUMNS[type_]} {type_}" for type_ in TYPES)
    return "\n".join(
        [
            f"create table everything (id int primary key, {columns});",
            *(_row_sql(number, abilities) for number in range(ROWS + 1)),
        ]
    )


def _row_sql(number: int, abilities: Abilities) -> str:
    texts = {
        COLUMNS[type_]: literal(values[number].text)
        for type_ in TYPES
        if number < len(values := values_of(type_, abilities))
    }
    names = ", ".join(["id", *texts])
    return f"insert into everything ({names}) values ({', '.join([str(number + 1), *texts.values()])});"


KEY_TYPES = (
    "text", "varchar(60)", "bpchar", "char(4)", "name", '"char"', "citext", "bool", "int2", "int8", "numeric",
    "float4", "float8", "uuid", "timestamptz", "timestamp", "date", "time", "timetz", "interval", "bytea", "inet",
    "cidr", "macaddr", "macaddr8", "money", "bit(3)", "varbit", "pg_lsn", "oid", "mood", "email", "very_positive",
    "price", "spot", "a_spot", "int4[]", "text[]", "moods", "spot[]", "int4range", "tstzrange", "textrange",
    "int4multirange", "jsonb", '"Other Space"."weird::type ""quoted"" {}"',
)  # fmt: skip
"""Types of primary keys: one table each, whose rows link to each other."""


def keyed_sql(number: int, type_: str, abilities: Abilities) -> str:
    """A table whose key is of this type, each of whose rows links to the one before, the first to itself."""
    texts = [value.text for value in values_of(type_, abilities)] if type_ in VALUES else ["a::b", "{}", "$1", "%s"]
    keys = [literal(text) for text in texts]
    rows = ", ".join(f"({key}, {link}, {n})" for n, (key, link) in enumerate(zip(keys, [keys[0], *keys], strict=False)))
    return (
        f"create table keyed_{number} (key {type_} primary key, link {type_} references keyed_{number}, number int);"
        f"insert into keyed_{number} values {rows} on conflict do nothing;"
    )
