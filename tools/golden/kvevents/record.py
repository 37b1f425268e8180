"""Records KV event batches as engines encode them, with what they mean for a cache whose blocks have 4 tokens.

The payloads are encoded by msgspec, from the structs that vLLM and SGLang declare, and by msgpack where an engine has written a
form that no current struct gives. Block hashes are computed with the xxHash reference implementation, by the rules of Dynamo 1.4.

Needs the Python packages msgspec, msgpack and xxhash.
Usage: python tools/golden/kvevents/record.py > src/test/resources/dev/stator/golden/kvevents/batches.json
"""

import json
import struct

import msgpack
import msgspec
import xxhash

BLOCK_SIZE = 4
SEED = 1337
MASK = (1 << 64) - 1
TS = 1700000000.5
IMAGE = "0123456789abcdef" + "0" * 48
SALT_TAG = "dynamo-cache-salt:"


class Batch(msgspec.Struct, array_like=True, omit_defaults=True):
    ts: float
    events: list
    data_parallel_rank: int | None = None


class BlockStored(msgspec.Struct, array_like=True, omit_defaults=True, tag=True):
    block_hashes: list
    parent_block_hash: int | bytes | None
    token_ids: list
    block_size: int
    lora_id: int | None
    medium: str | None
    lora_name: str | None = None
    extra_keys: list | None = None
    group_idx: int | None = None
    kv_cache_spec_kind: str | None = None
    kv_cache_spec_sliding_window: int | None = None
    locality: str | None = None
    source_kind: str | None = None


class BlockRemoved(msgspec.Struct, array_like=True, omit_defaults=True, tag=True):
    block_hashes: list
    medium: str | None = None
    group_idx: int | None = None


class AllBlocksCleared(msgspec.Struct, array_like=True, omit_defaults=True, tag=True):
    pass


class NamedBatch(msgspec.Struct, omit_defaults=True):
    ts: float
    events: list
    data_parallel_rank: int | None = None


class NamedStored(msgspec.Struct, omit_defaults=True, tag="BlockStored"):
    block_hashes: list
    parent_block_hash: int | None
    token_ids: list
    block_size: int
    lora_id: int | None = None
    medium: str | None = None
    lora_name: str | None = None
    cache_salt: str | None = None
    extra_keys: list | None = None
    block_mm_infos: list | None = None
    group_idx: int | None = None
    kv_cache_spec_kind: str | None = None
    locality: str | None = None
    session_id: str | None = None


class NamedRemoved(msgspec.Struct, omit_defaults=True, tag="BlockRemoved"):
    block_hashes: list
    medium: str | None = None
    group_idx: int | None = None
    locality: str | None = None


class NamedCleared(msgspec.Struct, omit_defaults=True, tag="AllBlocksCleared"):
    source_kind: str | None = None


def seed(lora, salt):
    value = SEED
    if lora:
        value += xxhash.xxh3_64_intdigest(lora.encode())
    if salt:
        value += xxhash.xxh3_64_intdigest(salt.encode(), seed=1)
    return value & MASK


def block_hash(tokens, lora="", salt="", objects=()):
    raw = struct.pack(f"<{len(tokens)}I", *tokens) + struct.pack(f"<{len(objects)}Q", *sorted(objects))
    return xxhash.xxh3_64_intdigest(raw, seed=seed(lora, salt))


def stored(names, tokens, parent=None, window=BLOCK_SIZE, objects=None, tier=None, **keys):
    blocks = []
    for i, name in enumerate(names):
        part = tokens[i * BLOCK_SIZE : i * BLOCK_SIZE + window]
        blocks.append([hexadecimal(name), hexadecimal(block_hash(part, objects=(objects or {}).get(i, ()), **keys))])
    return {"stored": {"parent": None if parent is None else hexadecimal(parent), "blocks": blocks}} | in_tier(tier)


def removed(*names, tier=None):
    return {"removed": [hexadecimal(name) for name in names]} | in_tier(tier)


def in_tier(tier):
    return {"tier": tier} if tier else {}


def hexadecimal(value):
    return f"{value & MASK:016x}"


def pack(value):
    """Structs by msgspec, everything else by msgpack."""
    return msgspec.msgpack.encode(value) if isinstance(value, msgspec.Struct) else msgpack.packb(value)


def array(*events, rank=0):
    return pack(Batch(TS, list(events), rank))


def named(*events, rank=0):
    return pack(NamedBatch(TS, list(events), rank))


def tail(*fields):
    """A positional stored event with the given elements behind the extra keys."""
    return msgpack.packb([TS, [["BlockStored", [7], None, FOUR, 4, None, "GPU", None, None, *fields]], 0])


FOUR = [1, 2, 3, 4]
EIGHT = [1, 2, 3, 4, 5, 6, 7, 8]
NEXT = [5, 6, 7, 8]
BIG = 0xCB38E4D7FB2DCA5C
DIGEST = bytes(range(100, 132))
CASES = []


def case(name, payloads, expected, **counted):
    payloads = payloads if isinstance(payloads, list) else [payloads]
    CASES.append({"name": name, "payloads": [it.hex() for it in payloads], "events": expected, "counted": counted})


def forms():
    case("stored, positional", array(BlockStored([BIG], None, FOUR, 4, None, "GPU")), [stored([BIG], FOUR)])
    case("stored, the shortest positional form", msgpack.packb([TS, [["BlockStored", [7], None, FOUR, 4]]]), [stored([7], FOUR)])
    case("stored, named", named(NamedStored([BIG, 8], None, EIGHT, 4, medium="GPU")), [stored([BIG, 8], EIGHT)])
    case("named events in a positional batch", array(NamedStored([7], None, FOUR, 4)), [stored([7], FOUR)])
    case("positional events in a named batch", named(BlockStored([7], None, FOUR, 4, None, None)), [stored([7], FOUR)])
    case("a batch without rank", msgpack.packb([TS, [["AllBlocksCleared"]]]), ["cleared"])
    case("a batch with more elements than are known", msgpack.packb([TS, [["AllBlocksCleared"]], 0, "more", {"and": [1]}]), ["cleared"])
    case("a whole-number time and no rank", msgpack.packb([1700000000, [], None]), [])
    case("an integer LoRA id is discarded", array(BlockStored([7], None, FOUR, 4, 3, "GPU")), [stored([7], FOUR)])
    case(
        "all three in one batch",
        array(BlockStored([7, 8], 6, EIGHT, 4, None, "GPU"), BlockRemoved([7], "GPU"), AllBlocksCleared()),
        [stored([7, 8], EIGHT, parent=6), removed(7), "cleared"],
    )
    case("removed and cleared, named", named(NamedRemoved([7, 8], "GPU"), NamedCleared("engine")), [removed(7, 8), "cleared"])
    case("cleared, with its source", msgpack.packb([TS, [["AllBlocksCleared", "engine"]], 0]), ["cleared"])
    case("an event of a later release", msgpack.packb([TS, [["BlockMoved", [1], 2], {"type": "BlockMoved", "to": [1]}, ["AllBlocksCleared"]], 0]), ["cleared"], unsupported=2)
    case("an empty medium is device memory", array(BlockStored([7], None, FOUR, 4, None, "")), [stored([7], FOUR)])
    case("tokens that fill no block", array(BlockStored([7], None, [*FOUR, 5, 6], 4, None, None)), [stored([7], FOUR)])


def hashes():
    case("unsigned hashes above 2^63", array(BlockStored([MASK, BIG], 1 << 63, EIGHT, 4, None, "GPU")), [stored([MASK, BIG], EIGHT, parent=1 << 63)])
    case("signed hashes", array(BlockStored([-1], -2, FOUR, 4, None, "GPU"), BlockRemoved([-3], "GPU")), [stored([-1], FOUR, parent=-2), removed(-3)])
    case(
        "digests are named by their last eight bytes",
        array(BlockStored([DIGEST], DIGEST[:8], FOUR, 4, None, "GPU"), BlockRemoved([DIGEST], "GPU")),
        [stored([int.from_bytes(DIGEST, "big") & MASK], FOUR, parent=int.from_bytes(DIGEST[:8], "big")), removed(int.from_bytes(DIGEST, "big") & MASK)],
    )
    case("a digest that is too short", array(BlockStored([b"1234567"], None, FOUR, 4, None, "GPU")), [], malformed=1)
    case("a block twice", array(BlockStored([7, 7], None, EIGHT, 4, None, "GPU")), [removed()], duplicates=1)
    case("a block below itself", array(BlockStored([7], 7, FOUR, 4, None, "GPU")), [removed()], duplicates=1)


def tokens():
    pairs = [[i, i + 1] for i in range(1, 9)]
    case("eagle pairs", array(BlockStored([7, 8], None, pairs, 4, None, "GPU")), [stored([7, 8], list(range(1, 10)), window=5)])
    case("eagle pairs, one too few", array(BlockStored([7, 8], None, pairs[:7], 4, None, "GPU")), [stored([7], list(range(1, 10)), window=5)], wrongBlockSize=1)
    case("tokens run short", array(BlockStored([7, 8], None, [1, 2, 3, 4, 5], 4, None, "GPU")), [stored([7], FOUR)], wrongBlockSize=1)
    case("another block size", array(BlockStored([7], None, EIGHT, 8, None, "GPU"), BlockStored([8], None, FOUR, 4, None, "GPU")), [stored([8], FOUR)], wrongBlockSize=1)
    case("large tokens", array(BlockStored([7], None, [0, 151655, 2**31 - 1, 65536], 4, None, "GPU")), [stored([7], [0, 151655, 2**31 - 1, 65536])])
    case("a token beyond 32 bits", array(BlockStored([7], None, [1, 2, 3, 2**32], 4, None, "GPU")), [], malformed=1)


def namespaces():
    lora, salt = "my-lora", "tenant-a"
    tag = SALT_TAG + salt
    case("a LoRA name", array(BlockStored([7], None, FOUR, 4, 1, "GPU", lora)), [stored([7], FOUR, lora=lora)])
    case("a LoRA name among the extra keys too", array(BlockStored([7], None, FOUR, 4, 1, "GPU", lora, [[lora]])), [stored([7], FOUR, lora=lora)])
    case("an empty LoRA name", array(BlockStored([7], None, FOUR, 4, None, "GPU", "")), [stored([7], FOUR)])
    case("a named salt", named(NamedStored([7], None, FOUR, 4, cache_salt=salt)), [stored([7], FOUR, salt=salt)])
    case("a salt as SGLang writes it", msgpack.packb([TS, [["BlockStored", [7], None, FOUR, 4, None, "GPU", {"cache_salt": salt, "more": 1}]], 0]), [stored([7], FOUR, salt=salt)])
    case("a tagged salt among the extra keys", array(BlockStored([7, 8], None, EIGHT, 4, 1, "GPU", lora, [[lora, tag], None])), [stored([7, 8], EIGHT, lora=lora, salt=salt)])
    case("a salt equal to the LoRA name", array(BlockStored([7], None, FOUR, 4, 1, "GPU", tag, [[tag, tag]])), [stored([7], FOUR, lora=tag, salt=salt)])
    case("an untagged text is no salt", array(BlockStored([7], None, FOUR, 4, None, "GPU", None, [["tenant-a"]])), [stored([7], FOUR)])
    child = BlockStored([8], 7, NEXT, 4, None, "GPU")
    root = NamedStored([7], None, FOUR, 4, cache_salt=salt)
    case("a child inherits the salt", [array(root), array(child)], [stored([7], FOUR, salt=salt), stored([8], NEXT, parent=7, salt=salt)])
    case("a child says the same salt", array(root, NamedStored([8], 7, NEXT, 4, cache_salt=salt)), [stored([7], FOUR, salt=salt), stored([8], NEXT, parent=7, salt=salt)])
    case(
        "an evicted parent is forgotten",
        array(root, BlockRemoved([7], "GPU"), child),
        [stored([7], FOUR, salt=salt), removed(7), stored([8], NEXT, parent=7)],
    )
    case("a cleared parent is forgotten", array(root, AllBlocksCleared(), child), [stored([7], FOUR, salt=salt), "cleared", stored([8], NEXT, parent=7)])
    case(
        "a block under two salts has no heirs",
        array(root, NamedStored([7], None, FOUR, 4, cache_salt="tenant-b"), child),
        [stored([7], FOUR, salt=salt), stored([7], FOUR, salt="tenant-b")],
        ambiguousSalts=1,
    )


def objects():
    image = 0x0123456789ABCDEF
    other = xxhash.xxh3_64_intdigest(b"opaque-image")
    case("a digest among the extra keys is an image", array(BlockStored([7, 8], None, EIGHT, 4, None, "GPU", None, [None, [IMAGE]])), [stored([7, 8], EIGHT, objects={1: [image]})])
    case("an identifier with its offset", array(BlockStored([7], None, FOUR, 4, None, "GPU", None, [[["opaque-image", -3], [IMAGE, 2]]])), [stored([7], FOUR, objects={0: [other, image]})])
    case("a LoRA name that looks like a digest", array(BlockStored([7], None, FOUR, 4, None, "GPU", IMAGE, [[IMAGE]])), [stored([7], FOUR, lora=IMAGE)])
    case("keys of other types", array(BlockStored([7], None, FOUR, 4, None, "GPU", None, [[b"prompt-embedding", 5, -5, 1.5, True, None, ["a", "b"], [1, 2, 3]]])), [stored([7], FOUR)])
    infos = [None, {"mm_objects": [{"mm_hash": MASK, "offsets": [[0, 3]]}, {"mm_hash": 5, "offsets": []}]}]
    case("named block infos", named(NamedStored([7, 8], None, EIGHT, 4, block_mm_infos=infos)), [stored([7, 8], EIGHT, objects={1: [5, MASK]})])
    case("block infos in an old tail", msgpack.packb([TS, [["BlockStored", [7, 8], None, EIGHT, 4, None, "GPU", None, None, infos, 0, "full_attention"]], 0]), [stored([7, 8], EIGHT, objects={1: [5, MASK]})])


def scopes():
    plain = [stored([7], FOUR)]
    for medium in ("DEVICE", "gpu"):
        case(f"medium {medium}", array(BlockStored([7], None, FOUR, 4, None, medium)), plain)
    for tier, media in (("HOST", ("CPU", "CPU_PINNED", "CPU_TIER1")), ("DISK", ("CPU_TIER2", "DISK", "NVME", "STORAGE"))):
        for medium in media:
            payload = array(BlockStored([7], None, FOUR, 4, None, medium), BlockRemoved([7], medium))
            case(f"medium {medium}", payload, [stored([7], FOUR, tier=tier), removed(7, tier=tier)])
    for medium in ("EXTERNAL", "NETWORK", "REMOTE", "SHARED", "TAPE"):
        case(f"medium {medium}", array(BlockStored([7], None, FOUR, 4, None, medium), BlockRemoved([7], medium)), [], otherTier=2)
    for kind in ("full_attention", "mla_attention", "sink_full_attention"):
        case(f"kind {kind}", named(NamedStored([7], None, FOUR, 4, group_idx=2, kv_cache_spec_kind=kind), NamedRemoved([7], group_idx=2)), [*plain, removed(7)])
    for kind in ("sliding_window", "sliding_window_mla", "mamba", "chunked_local_attention", "encoder_only_attention", "cross_attention", "of a later release"):
        case(f"kind {kind}", named(NamedStored([7], None, FOUR, 4, group_idx=0, kv_cache_spec_kind=kind), NamedRemoved([7], group_idx=0)), [], otherAttention=2)
    case("an unlearned group other than the first", array(BlockRemoved([7], "GPU", 1), BlockRemoved([8], "GPU", 0)), [removed(8)], otherAttention=1)
    learn = NamedStored([7], None, FOUR, 4, group_idx=1, kv_cache_spec_kind="full_attention")
    case("groups are learned by rank", [named(learn, rank=0), array(BlockRemoved([7], "GPU", 1), rank=0), array(BlockRemoved([8], "GPU", 1), rank=1)], [*plain, removed(7)], otherAttention=1)
    case("not local", named(NamedStored([7], None, FOUR, 4, locality="REMOTE"), NamedRemoved([7], locality="of a later release"), NamedRemoved([8], locality="LOCAL")), [removed(8)], notLocal=2)
    case("the fixed tail", tail(0, "full_attention", None, "LOCAL", "engine"), plain)
    case("the fixed tail, of another kind", tail(0, "mamba", None, "LOCAL"), [], otherAttention=1)
    case("the fixed tail, remote", tail(0, "full_attention", 512, "REMOTE"), [], notLocal=1)
    case("the fixed tail, all nil", tail(None, None, None, None, None), plain)
    case("the fixed tail and more", tail(0, "full_attention", None, "LOCAL", "engine", {"later": 1}), plain)
    case("an old tail in any order", tail("full_attention", 3, 512), plain)
    case("an old tail with only a group", tail(3), [], otherAttention=1)
    case("an old tail of another kind", tail(0, "sliding_window", 512), [], otherAttention=1)
    case("vLLM's struct, all defaults", array(BlockStored([7], None, FOUR, 4, None, "GPU")), plain)
    case("vLLM's struct, all set", array(BlockStored([7], None, FOUR, 4, None, "GPU", None, [None], 0, "full_attention", None, "LOCAL", "engine")), plain)


def main():
    forms()
    hashes()
    tokens()
    namespaces()
    objects()
    scopes()
    recorded = f"tools/golden/kvevents/record.py with msgspec {msgspec.__version__}, msgpack {'.'.join(map(str, msgpack.version))}, xxhash {xxhash.VERSION}"
    cases = ",\n  ".join(json.dumps(it) for it in CASES)
    print(f'{{"recorded": "{recorded}",\n "block_size": {BLOCK_SIZE},\n "cases": [\n  {cases}\n ]}}')


if __name__ == "__main__":
    main()
