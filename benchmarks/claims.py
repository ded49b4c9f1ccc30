#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/examples/claims.csv: 1,200 invented claims, of which 24 are anomalies (fraud = 1).

Usage: python3 benchmarks/claims.py > docs/examples/claims.csv
"""
import datetime
import random

random.seed(11)
start = datetime.datetime(2026, 1, 1)
shops = [f"shop {chr(97 + i)}" for i in range(12)]
print("claim_id,time,amount,currency,shop,age,country,claims_before,fraud")
for i in range(1200):
    fraud = i % 50 == 17
    country = random.choices(["DE", "FR", "US"], [50, 30, 20])[0]
    currency = "USD" if country == "US" else "EUR"
    age = round(random.gauss(45, 12))
    hour = min(23, max(0, round(random.gauss(14, 3))))
    amount = random.lognormvariate(3 + age / 100, 0.6)
    if fraud:
        kind = i // 50 % 3
        if kind == 0:
            amount *= 30
        elif kind == 1:
            currency = "EUR" if country == "US" else "USD"
            hour = random.choice([1, 2, 3])
        else:
            amount *= 8
            hour = random.choice([1, 2, 3])
    time = start + datetime.timedelta(days=random.randrange(180), hours=hour,
                                      minutes=random.randrange(60))
    shown = "" if random.random() < 0.08 else age
    print(f"C{i * 37 + 1000},{time.isoformat(sep=' ', timespec='minutes')},{amount:.2f},{currency},"
          f"{random.choice(shops)},{shown},{country},{int(random.expovariate(1.5))},{int(fraud)}")
