"""Records block hashes and sequence hashes with the xxHash reference implementation, by the rules of Dynamo 1.4.

Needs the Python package xxhash.
Usage: python tools/golden/tokens/record.py > src/test/resources/dev/stator/golden/tokens/block-hashes.csv
"""

import struct

import xxhash

SEED = 1337
MASK = (1 << 64) - 1


def seed(lora, salt):
    value = SEED
    if lora:
        value += xxhash.xxh3_64_intdigest(lora.encode())
    if salt:
        value += xxhash.xxh3_64_intdigest(salt.encode(), seed=1)
    return value & MASK


def main():
    print("block_size,lora,salt,block,block_hash,sequence_hash")
    for size in (1, 2, 4, 5, 16, 32, 59, 60, 61, 64, 128, 300):
        for lora, salt in (("", ""), ("adapter-7", ""), ("", "tenant"), ("a", "b")):
            tokens = [(7919 * i * i + 31 * i) % 151_936 for i in range(3 * size)]
            sequence = None
            for block in range(3):
                raw = struct.pack(f"<{size}I", *tokens[block * size : (block + 1) * size])
                local = xxhash.xxh3_64_intdigest(raw, seed=seed(lora, salt))
                sequence = local if sequence is None else xxhash.xxh3_64_intdigest(struct.pack("<QQ", sequence, local), seed=SEED)
                print(size, lora, salt, block, f"{local:016x}", f"{sequence:016x}", sep=",")


if __name__ == "__main__":
    main()
