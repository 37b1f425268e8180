"""Self-made texts: what the small tokenizers are trained on, and what is encoded for the record."""

import random

CODE = '''\
def fibonacci(n: int) -> int:
    """Return the n-th number."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a  # done


class HttpServer:
\tdef __init__(self, host="0.0.0.0", port=8080):
\t\tself.host = host
\t\tself.port = port

if (x != null && x.size() >= 10) { return map.get(x[0]); }\r
#include <stdio.h>\r
int main(void) {\r
    printf("%d\\n", 42);\r
}\r
SELECT name, COUNT(*) FROM users WHERE age > 30 GROUP BY name;
<div class="row"><a href="https://example.org/path?q=1&r=2">link</a></div>
{"model": "demo", "messages": [{"role": "user", "content": "hi"}], "stream": true}
'''

PROSE = '''\
The server that's running isn't the one we've started; they're both fine, I'm sure, and he'll see it'd work.
THE SERVER THAT'S RUNNING ISN'T THE ONE WE'VE STARTED, THEY'RE BOTH FINE, I'M SURE, HE'LL SEE IT'D WORK.
A stator is the part of a dynamo that stands still while the current is made. It holds the field, and the rotor
turns in it. In the year 1867 there were 3 of them, in 1900 about 12,345, and 1234567890 is a number as well.
Blocks of tokens are hashed, stored, evicted and found again; the cache remembers what the prompt has in common.
Größe, Übermut, naïve café, garçon, señor, smörgåsbord, Ελλάδα, Москва, Привет мир, Україна, Tiếng Việt, İstanbul.
'''

WORLD = '''\
今天天气很好，我们去公园散步吧。東京は日本の首都です。カタカナとひらがな、混ざった文章。한국어 문장도 있습니다.
مرحبا بالعالم ١٢٣٤٥ שלום עולם हिन्दी में लिखा हुआ १२३ ไทย ภาษาไทย தமிழ்
😀 😃👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 ❤️ ∑∫√ € £ ¥ © ® ™ … — – “quotes” ‘single’ «guillemets»
e\u0301 a\u0308 n\u0303 o\u0302\u0323 \u1112\u1161\u11ab q\u0307\u0323 x\u0301y
'''

TRAINING = [PROSE * 3, CODE * 3, WORLD * 2]

EDGES = [
    "",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    " \n",
    "\n ",
    "a",
    " a",
    "a ",
    "  a",
    "   a  b   c    ",
    "a\n\nb",
    "a \n \n b",
    "a\r\n\r\n  b\r\n",
    "\n\n\n   \n\t\n  x",
    "x\t\ty\t",
    "\u00a0\u2003\u3000 nbsp\u00a0and\u2028line\u2029sep\u0085nel",
    "\x0b\x0c\x1c\x1f\x00\x01 control\x7f",
    "'s 's's'S'RE're'vE'Ll'd'D'M'm't'T'",
    "it's IT'S It’s 'sure 'llama 'redo 'venue 'dare 'moon 'ts",
    "'\u017f ' s 'r 'v 'l '",
    "don't''s'",
    "1 12 123 1234 12345 1,234.56 ١٢٣٤ १२३४५ ½¼ Ⅷ ²³ ①②③④",
    "abc123def 4x4 v1.2.3-rc1 0x7fff",
    "!?!? ... --- +++ (a) [b] {c} <d> #e @f $g %h ^i &j *k",
    "foo();\n\nbar();\r\n//\n/ end\n",
    "a/b\n/c//\n\n///",
    "camelCase PascalCase HTTPServer XMLHttpRequest iPhone eBay McDonald's O'Neil'S",
    "ǅungla ǈ ʰmod ªº ſ K",
    "e\u0301", "\u00e9", "\u0301", " \u0301", "\u0301a", "\u0301A", "\u0301\u0301A\u0301b",
    "A\u0301B\u0301C", "\u0344 \u2126 \u212b \u0958 \uf900 \ufb1d",
    "q\u0323\u0307 q\u0307\u0323 \u1112\u1161\u11ab \uac00\u11a8",
    "中文字符测试。中文 字符 English 混排abc中def",
    "ひらがなカタカナ漢字・ー゛ 々〆 ㍿",
    "。。。，，！！中！",
    "😀😃👍🏽 👨‍👩‍👧‍👦🇩🇪 x😀y 😀abc ❤️",
    "𝒜𝓑𝔠 𝟙𝟚𝟛𝟜 𐍈 𠀀𠀁",
    "\u200b\u200c\u200d\ufeff zero\u200bwidth\u00adsoft",
    "\ue000 private \U000e0001 tag \U0010ffff",
    "שָׁלוֹם مُحَمَّد हिन्दी தமிழ் ไทยกำลัง",
    "a" * 70,
    "ab" * 60 + " " + "cd" * 50,
    " " * 90 + "x",
    "\n" * 50,
    "=" * 100,
    "的" * 60,
    "😀" * 30,
    "1" * 77,
    "https://example.org/a/b?c=d&e=%20f#g",
    "user@example.org; C:\\path\\to; ~/x/y.z",
]


# What one sees of a chat, for the kinds that the native library handles.
PLAIN = [PROSE, "", " ", "  two  spaces ", "line\nline\n\n", "中文 😀 é e\u0301 \u0301", "a<|im_end|>b </s>"]


def random_texts(seed, count):
    """Texts put together from characters that the patterns tell apart."""
    chance = random.Random(seed)
    alphabet = (
        list("abcXYZ  '\n\r\t.,;(/=sSdtmlLrReEvV0189\u00a0")
        + ["\u0301", "\u0308", "é", "ß", "ſ", "ǅ", "ʰ", "ª", "ÄÖ", "中", "文", "の", "ア", "한"]
        + ["\u0660", "\u0967", "½", "Ⅷ", "€", "—", "“", "😀", "👍🏽", "\u200d", "\U0001d7d9", "𠀀"]
        + ["'s", "'LL", "\r\n", "   ", "ab", "The", "\u0e33", "ि", "\x00", "\u2028", "\u3000", "\x85"]
    )
    return ["".join(chance.choices(alphabet, k=chance.randint(1, 40))) for _ in range(count)]


TEXTS = EDGES + [PROSE, CODE, WORLD] + random_texts(20261120, 70)

MARKUP = [
    "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|><|im_start|><|im_end|>",
    "<|im_start|",
    "x<|im_end|>y <|im_end|> z",
    "<|endoftext|>",
    "a <|endoftext|> b",
    "<tool_call>{\"name\": \"f\"}</tool_call>",
    "<tool_call",
    "<tool_calls>",
    "left <LS> right", "left   <LS>   right", "<LS>", " <LS>", "\u3000\n<LS>\n",
    "left <RS> right", "left   <RS>   right", "<RS>", "<RS> ", "<RS>\n\u3000x",
    "<LS> <RS> <LS>", "<RS> <LS>", "a <RS>  <LS> b",
    "word WORD aWORDb aWORD WORDb (WORD) WORD1 _WORD WORD\u0301 WORD",
    "WORDWORD WORD",
    "caf\u00e9 cafe\u0301 xcaf\u00e9x cafe",
    "longest longes <lo <lon <long <longe <longer>",
    "<|begin_of_text|>x<|eot_id|>",
    "<｜User｜>你好<｜Assistant｜>",
]
