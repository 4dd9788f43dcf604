"""The contestant: paho-mqtt 2, MQTT 3.1.1, its network loop in a thread of its own.

usage: paho_client.py PORT qos0|qos1 COUNT WINDOW
"""
import json
import sys
import threading
import time

import paho.mqtt.client as mqtt

TOPIC, PAYLOAD = "bench/t", b"0123456789abcdef0123456789abcdef"


def connected(port, window):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="paho")
    client.max_inflight_messages_set(window)
    up = threading.Event()
    client.on_connect = lambda *_: up.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    up.wait()
    return client


def once(client, count):
    for _ in range(count):
        client.publish(TOPIC, PAYLOAD, 0)
    client.publish(TOPIC, PAYLOAD, 1).wait_for_publish()


def acknowledged(client, count):
    left, all_done = [count], threading.Event()

    def on_publish(*_):
        left[0] -= 1
        if left[0] == 0:
            all_done.set()

    client.on_publish = on_publish
    for _ in range(count):
        client.publish(TOPIC, PAYLOAD, 1)
    all_done.wait()


def sequential(client, count):
    laps, last = [], time.perf_counter()
    for _ in range(count):
        client.publish(TOPIC, PAYLOAD, 1).wait_for_publish()
        now = time.perf_counter()
        laps.append(now - last)
        last = now
    return sorted(laps)


def peak_rss_kb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main():
    port, mode, count, window = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    client, laps = connected(port, window), []
    cpu, start = time.process_time(), time.perf_counter()
    if mode == "qos0":
        once(client, count)
    elif window == 1:
        laps = sequential(client, count)
    else:
        acknowledged(client, count)
    elapsed, cpu = time.perf_counter() - start, time.process_time() - cpu
    percentile = lambda p: laps[min(len(laps) * p // 100, len(laps) - 1)] * 1e6 if laps else 0.0
    print(json.dumps({
        "messages_per_s": count / elapsed,
        "cpu_us": cpu / count * 1e6,
        "p50_us": percentile(50),
        "p99_us": percentile(99),
        "peak_rss_kb": peak_rss_kb(),
    }))
    client.loop_stop()


main()
