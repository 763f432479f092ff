"""Writes text.json: a thousand strings, and what scikit-learn's HashingVectorizer makes of them. See README.md."""
import hashlib
import json
import random

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

rng = random.Random(3)
special = [
    "", " ", "\t\n  \r", "a", "ab", "A", "İstanbul", "ıI", "ΟΔΟΣ ὈΔΥΣΣΕΎΣ ΣΑΣ", "ß ẞ Straße", "naïve café résumé", "e\u0301te\u0301 e\u0302 n\u0303", "Å A\u030a \u212b",
    "👩‍👩‍👧‍👦 family 👍🏽 thumbs", "🇩🇪🇫🇷 flags", "❤️ ❤", "日本語のテキスト", "中文 文字 一二三", "한국어 텍스트", "한글", "שלום עולם", "مرحبا بالعالم ١٢٣", "हिन्दी में पाठ", "ไทย ภาษา", "१२३ ٤٥٦ ⅷ ² ½",
    "foo_bar __init__ snake_case", "don't won't it's", "e-mail: a.b@c.de", "x\u00a0y\u2003z\u3000w", "a\x1cb\x1dc\x85d", "\ufeffbom", "a\u200bb zero\u200bwidth", "tab\tand\nnewline", "ﬁne ﬂow ǆ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙", "q\u0323\u0307 q\u0307\u0323",
    "word " * 50, "ab" * 500, "the the the THE The", "1234567890 3.14 1e10", "!!! ??? ...", "a b c d e", "\u0345\u0301 \u20dd a\u20dd", "x\ufe0fy \u0e33 \u0eb3",
]
words = ["spam", "offer", "Free", "money", "hello", "World", "naïve", "über", "año", "Привет", "мир", "ΣΟΦΙΑ", "日本", "🎉", "👍", "x1", "a", "I", "it's", "e\u0301a", "42", "foo_bar", "ЁЖ", "straße"]
texts = special + ["".join(rng.choice(words) + rng.choice([" ", "  ", ", ", "-", "\n", "", "! "]) for _ in range(rng.randrange(1, 25))) for _ in range(700 - len(special))]
ranges = [(0x20, 0x7e), (0xa0, 0x24f), (0x300, 0x36f), (0x370, 0x5ff), (0x600, 0x6ff), (0x900, 0x97f), (0xe00, 0xe7f), (0x1e00, 0x1fff), (0x2000, 0x206f), (0x3040, 0x30ff), (0x4e00, 0x4fff), (0xac00, 0xacff), (0x1f300, 0x1f64f)]
while len(texts) < 1000:
    texts.append("".join(chr(rng.randrange(low, high + 1)) if rng.random() < 0.85 else " " for low, high in [rng.choice(ranges) for _ in range(rng.randrange(1, 30))]))

configurations = [
    {}, {"ngram_range": [1, 2]}, {"ngram_range": [2, 3], "n_features": 1000, "norm": "l1"}, {"alternate_sign": False, "norm": None}, {"binary": True, "n_features": 50}, {"lowercase": False},
    {"analyzer": "char", "ngram_range": [1, 3]}, {"analyzer": "char_wb", "ngram_range": [2, 4]}, {"analyzer": "char_wb", "ngram_range": [1, 6], "norm": None, "n_features": 7},
    {"strip_accents": "unicode", "ngram_range": [1, 2]}, {"strip_accents": "ascii"}, {"strip_accents": "unicode", "analyzer": "char", "ngram_range": [1, 2]}, {"stop_words": ["the", "hello", "word"]}, {"n_features": 2147483647},
]
cases = []
for options in configurations:
    given = dict(options)
    given.setdefault("n_features", 2**18)
    if "ngram_range" in given:
        given["ngram_range"] = tuple(given["ngram_range"])
    x = HashingVectorizer(**given).transform(texts)
    digest = hashlib.sha256(x.indptr.astype("<i4").tobytes() + x.indices.astype("<i4").tobytes() + x.data.astype("<f8").tobytes()).hexdigest()
    rows = [x[i] for i in range(0, 1000, 97)]
    cases.append({"options": options, "entries": int(x.nnz), "sha256": digest, "rows": {str(97 * k): [r.indices.tolist(), r.data.tolist()] for k, r in enumerate(rows)}})
with open("text.json", "w") as f:
    f.write('{"texts": [\n' + ",\n".join(json.dumps(t) for t in texts) + '\n],\n"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
