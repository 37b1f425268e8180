"""Conversations for the templates in src/test/resources/dev/stator/golden/template/*.jinja."""


def system(text):
    return {"role": "system", "content": text}


def user(text):
    return {"role": "user", "content": text}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


def tool(text, **more):
    return {"role": "tool", "content": text, **more}


def call(name, arguments, nested=True):
    inner = {"name": name, "arguments": arguments}
    return {"id": "call_1", "type": "function", "function": inner} if nested else inner


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a place\nas it is <now> & here's \"more\"",
        "parameters": {
            "type": "object",
            "properties": {
                "place": {"type": "string", "description": "Ort, z. B. Köln – 東京 🌦"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "days": {"type": ["integer", "null"], "default": 1, "minimum": 0.5, "maximum": 1e16},
                "spots": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "number"}},
                                                      "required": ["x"]}},
            },
            "required": ["place"],
        },
    },
}
SEARCH = {
    "type": "function",
    "function": {
        "name": "brave_search",
        "description": "  Search the web  ",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}, "n": {}}, "required": []},
    },
}
BARE = {"name": "noop", "parameters": {"type": "object", "properties": {}}}
TRICKY = (
    "{{ 7 * 7 }} {% for x in y %}{# gone? #}{{ raise_exception('no') }} <|im_end|>\n[[end]]((over))<｜end▁of▁turn｜></think>"
    " {%- set a = 1 -%} {{ messages }} \\n \\u0041 % %s {} {0} ' \" `"
)

PLAIN = {
    "one user": [user("Hello?")],
    "system and user": [system("Be brief."), user("Hello?")],
    "two turns": [system("Be brief."), user("1"), assistant("one"), user("2")],
    "three turns": [user("1"), assistant("one"), user("2"), assistant("two"), user("3"), assistant("three"), user("4")],
    "late system": [user("1"), system("Change."), user("2")],
    "two systems": [system("A"), system("B"), user("x")],
    "ends with assistant": [user("1"), assistant("one")],
    "unicode": [system("Grüße – 你好"), user("👩‍🚀 naïve ﬁ \u200b ß İ ǆ\u2028 x"), assistant("🌍"), user("ok")],
    "white space": [system("  padded \n"), user("\n\n a \t\n"), assistant("\n\nb\n"), user(" c ")],
    "injection": [system(TRICKY), user(TRICKY), assistant(TRICKY), user(TRICKY)],
    "empty texts": [system(""), user(""), assistant(""), user("")],
    "thinking": [user("1"), assistant("<think>\nhm\n</think>\n\none"), user("2")],
    "thinking at the end": [user("1"), assistant("<think>\nhm\n</think>\n\none")],
    "line breaks": [user("a\r\nb\rc\n"), assistant("d\r\n"), user("e")],
    "long": [system("s" * 300)] + [m for i in range(12) for m in (user(f"q{i} " * 10), assistant(f"a{i} " * 10))]
    + [user("end")],
}
TOOLED = {
    "call and result": [
        user("Weather?"),
        assistant("", tool_calls=[call("get_weather", {"place": "Köln", "days": 2})]),
        tool('{"t": 21.5}'),
        assistant("21.5 degrees."),
        user("Thanks {{ x }}"),
    ],
    "result last": [
        system("Use tools."),
        user("Weather?"),
        assistant("Let me see.", tool_calls=[call("get_weather", {"place": "東京", "nested": {"a": [1, 2.5, None, True]}})]),
        tool("rain"),
    ],
    "call with reasoning": [
        user("Weather?"),
        assistant("", reasoning_content="\nI need the tool.\n", tool_calls=[call("get_weather", {"place": "x"})]),
        tool("sun"),
        assistant("Sun.", reasoning_content="done"),
    ],
    "bare call": [user("Go"), assistant("", tool_calls=[call("noop", {}, nested=False)]), tool("ok"), user("next")],
    "argument text": [user("Go"), assistant("", tool_calls=[call("brave_search", '{"query": "a\\"b"}')]), tool("ok")],
    "search": [user("Go"), assistant("", tool_calls=[call("brave_search", {"query": "cats & 'dogs'"})]), tool("found")],
}
PARALLEL = {
    "two calls": [
        user("Both"),
        assistant("Two.", tool_calls=[call("get_weather", {"place": "A"}), call("brave_search", {"query": "B"})]),
        tool("first"),
        tool("second"),
        assistant("Done."),
        user("More"),
        assistant("", tool_calls=[call("get_weather", {"place": "C"})]),
        tool("third"),
    ],
}


def texts(messages):
    """The same conversation with the arguments of calls as JSON text, as DeepSeek templates want them."""
    import json

    def convert(message):
        if "tool_calls" not in message:
            return message
        calls = []
        for made in message["tool_calls"]:
            inner = made.get("function", made)
            arguments = inner["arguments"]
            text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
            calls.append({"type": "function", "function": {"name": inner["name"], "arguments": text}})
        return {**message, "content": message["content"] or None, "tool_calls": calls}

    return [convert(message) for message in messages]


def parts(*items):
    return [{"type": "text", "text": item} if isinstance(item, str) else item for item in items]


CASES = []


def case(template, name, messages, **variables):
    CASES.append((template, name, {"messages": messages, **variables}))


for name, messages in PLAIN.items():
    prompted = messages[-1]["role"] == "user"
    case("qwen3-manner", name, messages, tools=None, add_generation_prompt=prompted)
    case("llama31-manner", name, messages, bos_token="<s>", add_generation_prompt=prompted,
         date_string="26 Jul 2024")
    case("deepseek-manner", name, messages, bos_token="<s>", add_generation_prompt=prompted)
    case("macro-manner", name, messages, bos_token="<s>", add_generation_prompt=prompted)

for name, messages in {**TOOLED, **PARALLEL}.items():
    case("qwen3-manner", name, messages, tools=[WEATHER, SEARCH], add_generation_prompt=True)
    case("qwen3-manner", name + ", not thinking", messages, tools=[BARE], add_generation_prompt=True, enable_thinking=False)
    case("llama31-manner", name, messages, bos_token="<s>", tools=[WEATHER], add_generation_prompt=True)
    case("llama31-manner", name + ", system tools", messages, bos_token="", tools=[WEATHER, BARE],
         tools_in_user_message=False, add_generation_prompt=True)
    case("llama31-manner", name + ", built in", messages, bos_token="<s>", custom_tools=[SEARCH],
         builtin_tools=["brave_search", "code_interpreter"], add_generation_prompt=True)
    case("deepseek-manner", name, texts(messages), bos_token="<s>", add_generation_prompt=True)
    case("macro-manner", name, messages, bos_token="<s>", tools=[WEATHER, SEARCH, BARE], add_generation_prompt=True)

case("qwen3-manner", "thinking off", [user("1")], add_generation_prompt=True, enable_thinking=False)
case("qwen3-manner", "thinking on", [user("1")], add_generation_prompt=True, enable_thinking=True)
case("qwen3-manner", "thinking none", [user("1")], add_generation_prompt=True, enable_thinking=None)
case("qwen3-manner", "nothing at all", [])
case("qwen3-manner", "no messages given", [user("x")], tools=[])
case("qwen3-manner", "content missing", [{"role": "user"}], add_generation_prompt=True)
case("qwen3-manner", "system content missing", [{"role": "system"}, user("x")])
case("qwen3-manner", "content in parts", [user("a"), {"role": "assistant", "content": parts("b")}, user("c")])
case("qwen3-manner", "tool response as user", [user("q"), assistant("", tool_calls=[call("noop", {})]),
                                               user("<result>\nok\n</result>"), assistant("fine")])
case("qwen3-manner", "reasoning in the middle", [user("q"), assistant("", reasoning_content="r1", tool_calls=[
    call("noop", {})]), tool("1"), assistant("mid", reasoning_content="r2"), tool("2"), assistant("end")], tools=[BARE])
case("llama31-manner", "today", [user("x")], bos_token="", add_generation_prompt=True)
case("llama31-manner", "tools but no user", [system("x")], bos_token="", tools=[BARE])
case("llama31-manner", "two calls at once", PARALLEL["two calls"], bos_token="", tools=[BARE], date_string="d")
case("llama31-manner", "mapping result", [user("x"), {"role": "ipython", "content": {"a": [1, {"b": None}]}}],
     bos_token="", date_string="d")
case("llama31-manner", "tool text is iterable", [user("x"), tool("plain <&> 'text'")], bos_token="", date_string="d")
case("llama31-manner", "no calls in list", [user("x"), assistant("", tool_calls=[])], bos_token="", date_string="d")
case("deepseek-manner", "tool calls none", [user("x"), assistant("y", tool_calls=None), user("z")], bos_token="",
     add_generation_prompt=True)
case("deepseek-manner", "prompt by default", [user("x"), assistant("y")], bos_token="")
case("deepseek-manner", "content none", [user("x"), assistant(None), user("y")], bos_token="")
case("macro-manner", "parts", [system("s"), {"role": "user", "content": parts(
    "look:", {"type": "image"}, "and", {"type": "image_url", "image_url": {"url": "x"}})},
    assistant(parts("one", {"type": "audio"}, "two")), assistant(parts({"type": "audio"})), user("go")],
    bos_token="<s>", add_generation_prompt=True, thinking=True)
case("macro-manner", "unknown part", [{"role": "user", "content": parts({"type": "smell"})}], bos_token="")
case("macro-manner", "unknown role", [user("x"), {"role": "critic", "content": "y"}], bos_token="")
case("macro-manner", "hidden", [user("x"), assistant("gone", hidden=True), user("y")], bos_token="")
case("macro-manner", "no user", [system("x")], bos_token="")
case("macro-manner", "named", [{"role": "user", "name": "ann", "content": "x"}, {"role": "developer", "content": " d "}],
     bos_token="")
deep = {"type": "string"}
for _ in range(9):
    deep = {"type": "array", "items": deep}
case("macro-manner", "deep schema", [user("x")], bos_token="", tools=[
    {"name": "deep", "parameters": {"properties": {"a": deep}}}])
case("macro-manner", "shallow schema", [user("x")], bos_token="", tools=[
    {"name": "f", "parameters": {"properties": {"a": deep["items"]["items"]["items"]["items"]}}}])

SEVEN = [
    system("You are a helpful assistant that answers briefly and uses tools when they help."),
    user("Hello! What can you do for me today? I am planning a trip to Cologne next week."),
    assistant("I can look up the weather and search the web. What would you like to know first?"),
    user("What will the weather be like in Cologne, and what should I pack for three days?"),
    assistant("Let me look that up.", tool_calls=[call("get_weather", {"place": "Cologne", "unit": "celsius", "days": 3})]),
    tool('{"place": "Cologne", "days": [{"t": 21.5, "sky": "sunny"}, {"t": 18.0, "sky": "rain"}, {"t": 19, "sky": "cloudy"}]}'),
    user("Thanks. And which museums are open on Monday?"),
]
for template in ("qwen3-manner", "llama31-manner", "macro-manner"):
    case(template, "benchmark, seven messages", SEVEN, bos_token="<s>", tools=[WEATHER, SEARCH],
         add_generation_prompt=True, date_string="26 Jul 2024")
case("deepseek-manner", "benchmark, seven messages", texts(SEVEN), bos_token="<s>", add_generation_prompt=True)
