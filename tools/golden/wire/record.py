"""Records golden messages of Dynamo's wire: JSON text and MessagePack bytes of each.

The messages are written down here by hand after the types of Dynamo 1.4 (`lib/kv-router/src/protocols.rs`,
`lib/llm/src/protocols/common*`), members in the order in which they are declared there. The bytes come
from Python's `json` and `msgpack` packages, which know nothing of Stator. The first message is also
given, byte for byte, in the published description of the event plane: 166 bytes.

    pip install msgpack blake3
    python tools/golden/wire/record.py src/test/resources/dev/stator/golden/wire
"""

import json
import pathlib
import sys

import blake3
import msgpack

HASH = 14643705804678351452  # of the tokens 1 to 4, above 2^63


def event(number, data, worker=42, tier="device", rank=0):
    return {"worker_id": worker, "storage_tier": tier, "event": {"event_id": number, "data": data, "dp_rank": rank}}


def block(name, tokens):
    return {"block_hash": name, "tokens_hash": tokens, "mm_extra_info": None}


def stored(parent, *blocks):
    return {"stored": {"parent_hash": parent, "start_position": None, "blocks": list(blocks)}}


def booking(data, rank=0, lora=None):
    return {
        "request_id": "r1",
        "worker": {"worker_id": 42, "dp_rank": rank},
        "data": data,
        "router_id": 7,
        "lora_name": lora,
    }


ADDED = {
    "AddRequest": {
        "token_sequence": [HASH, 5],
        "track_prefill_tokens": True,
        "expected_output_tokens": None,
        "prefill_load_hint": {"initial_effective_prefill_tokens": 37, "expected_prefill_duration": None},
    }
}


def load(**known):
    names = ["active_decode_blocks", "active_prefill_tokens", "kv_used_blocks"]
    return {"worker_id": 42, "dp_rank": known.get("dp_rank", 0), **{name: known.get(name) for name in names}}


def card(name, **more):
    """As `register_model` of a vLLM worker fills it, without the files; an adapter's is its base model's but for the name."""
    return {
        "display_name": name,
        "slug": name.lower().replace("/", "_"),
        "source_path": "Qwen/Qwen3-0.6B",
        "model_info": None,
        "tokenizer": None,
        "prompt_formatter": None,
        "prompt_context": None,
        "context_length": 40960,
        "kv_cache_block_size": 16,
        "migration_limit": 0,
        "model_type": "Chat | Completions",
        "model_input": "Tokens",
        **more,
        "worker_type": "aggregated",
        "needs": [],
        "runtime_config": {
            "total_kv_blocks": 24064,
            "max_num_seqs": 256,
            "max_num_batched_tokens": 8192,
            "tool_call_parser": None,
            "reasoning_parser": None,
            "data_parallel_start_rank": 0,
            "data_parallel_size": 1,
            "enable_local_indexer": True,
            "runtime_data": {},
        },
        "media_decoder": None,
        "media_fetcher": None,
    }


REQUEST = {
    "model": "my-lora",
    "token_ids": [1, 2, 151645],
    "stop_conditions": {
        "max_tokens": 64,
        "stop": None,
        "stop_token_ids_hidden": [2, 151645],
        "min_tokens": 3,
        "ignore_eos": False,
        "max_thinking_tokens": None,
    },
    "sampling_options": {
        "n": None,
        "best_of": None,
        "presence_penalty": 0.5,
        "frequency_penalty": -0.25,
        "repetition_penalty": 1.1,
        "temperature": 0.7,
        "top_p": 0.9,
        "top_k": 40,
        "min_p": 0.05,
        "use_beam_search": None,
        "length_penalty": None,
        "seed": -7,
        "include_stop_str_in_output": None,
        "guided_decoding": None,
    },
    "output_options": {
        "logprobs": 2,
        "prompt_logprobs": None,
        "skip_special_tokens": None,
        "formatted_prompt": None,
    },
    "eos_token_ids": [2, 151645],
    "mdc_sum": None,
    "annotations": [],
    "router_config_override": None,
    "routing": {"lora_name": "my-lora", "cache_salt": "tenant-a"},
}

MESSAGES = {
    "stored": event(1, stored(None, block(HASH, HASH))),
    "stored below a parent": event(2, stored(HASH, block(2**64 - 1, 9), block(1, 2**63)), worker=2**64 - 2),
    "removed": event(3, {"removed": {"block_hashes": [HASH, 1]}}),
    "cleared": event(4, "cleared"),
    "stored by rank 1": event(5, stored(None, block(HASH, HASH)), rank=1),
    "query for everything": {"worker_id": 42, "start_event_id": None, "end_event_id": None, "dp_rank": 0},
    "query from an event on": {"worker_id": 42, "start_event_id": 17, "end_event_id": None, "dp_rank": 0},
    "query to rank 1": {"worker_id": 42, "start_event_id": 17, "end_event_id": None, "dp_rank": 1},
    "events": {
        "data": {"Events": {"events": [event(4, "cleared")], "last_event_id": 4}},
    },
    "tree dump": {
        "data": {"TreeDump": {"events": [event(0, stored(None, block(HASH, HASH)))], "last_event_id": 19}},
    },
    "tree dump of rank 1": {
        "data": {"TreeDump": {"events": [event(0, stored(None, block(HASH, HASH)), rank=1)], "last_event_id": 19}},
    },
    "too new": {"data": {"TooNew": {"requested_start": None, "requested_end": None, "newest_available": 16}}},
    "request": REQUEST,
    "request for rank 1": dict(REQUEST, routing=dict(REQUEST["routing"], dp_rank=1)),
    "token": {"data": {"token_ids": [5]}},
    "token with logprobs": {
        "data": {
            "token_ids": [5],
            "log_probs": [-0.5],
            "top_logprobs": [
                [{"rank": 1, "token_id": 9, "logprob": -0.25}, {"rank": 2, "token_id": 5, "logprob": -0.5}]
            ],
        }
    },
    "finished": {
        "data": {
            "token_ids": [],
            "finish_reason": "stop",
            "completion_usage": {
                "prompt_tokens": 3,
                "completion_tokens": 2,
                "total_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 1},
            },
        }
    },
    "booked": booking(ADDED),
    "booked for an adapter": booking(ADDED, lora="my-lora"),
    "prefill completed": booking("MarkPrefillCompleted"),
    "released": booking("Free"),
    "released on rank 1": booking("Free", rank=1),
    "released for an adapter": booking("Free", lora="my-lora"),
    "record of an adapter": {
        "type": "Model",
        "namespace": "dynamo",
        "component": "backend",
        "endpoint": "generate",
        "instance_id": 42,
        "card_json": card("my/Lora", lora={"name": "my/Lora", "max_gpu_lora_count": 4}),
        "model_suffix": "my_lora",
    },
    "card with a router configuration": card(
        "demo",
        router_config={
            "router_mode": "power_of_two_choices",
            "kv_router_config": {"overlap_score_credit": 1.0, "router_temperature": 0.0, "use_kv_events": True},
            "load_threshold_config": {"active_decode_blocks_threshold": None, "active_prefill_tokens_threshold": None},
            "enforce_disagg": False,
            "session_affinity_ttl_secs": None,
            "session_affinity_replica_sync": False,
        },
    ),
    "load of a worker": load(kv_used_blocks=12),
    "load by a router": load(active_decode_blocks=40, active_prefill_tokens=512, dp_rank=1),
}


def main(folder):
    text = lambda message: json.dumps(message, separators=(",", ":"))
    recorded = {
        "provenance": "tools/golden/wire/record.py; json of Python %s, msgpack %s"
        % (sys.version.split()[0], ".".join(map(str, msgpack.version))),
        "messages": {
            name: {"json": text(message), "msgpack": msgpack.packb(message).hex()}
            for name, message in MESSAGES.items()
        },
    }
    (folder / "messages.json").write_text(json.dumps(recorded, indent=1) + "\n")

    # the input of the official test vectors, https://github.com/BLAKE3-team/BLAKE3/tree/master/test_vectors
    data = bytes(i % 251 for i in range(31744))
    lengths = [0, 1, 1023, 1024, 1025, 2048, 2049, 31744]
    rows = ["%d,%s" % (n, blake3.blake3(data[:n]).hexdigest()) for n in lengths]
    (folder / "blake3.csv").write_text("length,digest\n" + "\n".join(rows) + "\n")


main(pathlib.Path(sys.argv[1]))
