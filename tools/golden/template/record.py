"""Records what Python's Jinja makes of our chat templates and feature probes.

Run from the repository root:  python tools/golden/template/record.py
Needs jinja2 and transformers; the environment is the one transformers itself builds for chat templates.
The clock is fixed, so that strftime_now can be compared.
"""

import datetime as real_datetime
import json
import pathlib

import jinja2
import transformers
from transformers.utils import chat_template_utils

from conversations import CASES
from probes import PROBES

GOLDEN = pathlib.Path("src/test/resources/dev/stator/golden/template")
NOW = real_datetime.datetime(2025, 3, 9, 5, 7, 3, 42)


class FixedClock:
    @staticmethod
    def now():
        return NOW


def render(source, variables):
    try:
        template = chat_template_utils._cached_compile_jinja_template(source)
        return {"output": template.render(**variables)}
    except Exception as error:  # whatever Python raises, we must refuse
        return {"error": type(error).__name__}


def write(name, groups):
    provenance = {
        "recordedBy": "tools/golden/template/record.py",
        "jinja2": jinja2.__version__,
        "transformers": transformers.__version__,
        "environment": "the one transformers.utils.chat_template_utils builds, one compiled template per case",
        "now": NOW.isoformat(),
    }
    with open(GOLDEN / name, "w", encoding="utf-8") as file:
        file.write('{"provenance": ' + json.dumps(provenance) + ',\n "groups": [\n')
        lines = [json.dumps(group, ensure_ascii=False, separators=(",", ":")) for group in groups]
        file.write(",\n".join(lines).replace('{"source"', '\n{"source"'))
        file.write("\n]}\n")
    cases = [case for group in groups for case in group["cases"]]
    print(f"{name}: {len(cases)} cases, {sum('error' in case for case in cases)} of them errors")


def chats():
    """One group per conversation, rendered by several templates."""
    groups = []
    for messages in dict.fromkeys(json.dumps(variables["messages"]) for _, _, variables in CASES):
        cases = []
        for template, name, variables in CASES:
            if json.dumps(variables["messages"]) == messages:
                source = (GOLDEN / f"{template}.jinja").read_text(encoding="utf-8")
                others = {key: value for key, value in variables.items() if key != "messages"}
                cases.append({"name": name, "template": template, "variables": others, **render(source, variables)})
        groups.append({"messages": json.loads(messages), "cases": cases})
    return groups


def probes():
    groups = []
    for topic, variables, sources in PROBES:
        cases = []
        for source in dict.fromkeys(sources):
            outcome = render(source, variables)
            if " at 0x" in outcome.get("output", ""):
                print("left out, for it prints an address:", source)
            else:
                cases.append({"source": source, **outcome})
        groups.append({"topic": topic, "variables": variables, "cases": cases})
    return groups


chat_template_utils.datetime = FixedClock
write("chats.json", chats())
write("probes.json", probes())
