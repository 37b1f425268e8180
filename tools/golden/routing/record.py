"""Records golden prices of workers from the cost function that Dynamo 1.4 states.

    raw    = (A + L) / B
    decay  = 1 / (1 + d * ((A - A_min) / B) / ceil(L / B))
    credit = c * decay * overlap
    cost   = p * max(raw - credit, 0) + D + r * N

Written from the formula with exact fractions, independently of the Java code.
Usage: python tools/golden/routing/record.py > src/test/resources/dev/stator/golden/routing/overlap-cost.csv
"""

import random
from fractions import Fraction as F


def cost(c, d, p, r, tokens, block, least, overlap, prefill, decode, requests):
    raw = F(prefill + tokens, block)
    prompt_blocks = -(-tokens // block)
    decay = 1 / (1 + d * F(prefill - least, block) / prompt_blocks)
    credit = c * decay * overlap
    return p * max(raw - credit, 0) + decode + r * requests


def main():
    draw = random.Random(1400)
    print(
        "credit,decay,scale,request_weight,prompt_tokens,block_size,least_prefill,"
        "overlap,prefill_tokens,decode_blocks,active_requests,cost"
    )
    for row in range(200):
        c, d, p, r = (F(draw.choice(values)) for values in WEIGHTS) if row % 4 else (F(1), F(0), F(1), F(0))
        block = draw.choice([1, 4, 16, 64, 128])
        tokens = draw.randint(1, 9000)
        least = draw.choice([0, draw.randint(0, 5000)])
        prefill = least + draw.choice([0, draw.randint(0, 20000)])
        overlap = draw.randint(0, tokens // block)
        decode = draw.randint(tokens // block, 5000 + tokens // block)
        requests = draw.randint(0, 64)
        value = cost(c, d, p, r, tokens, block, least, overlap, prefill, decode, requests)
        print(*map(float, (c, d, p, r)), tokens, block, least, overlap, prefill, decode, requests, float(value), sep=",")


WEIGHTS = (("0", "1/2", "1", "2"), ("0", "1/4", "1", "3"), ("0", "1/2", "1", "20"), ("0", "1/8", "1"))

if __name__ == "__main__":
    main()
