/** What is measured of a signal, and the word for it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { loudness } from "../../static/js/camera/level-meter.js";
import { brightness } from "../../static/js/camera/light.js";
import { line } from "../../static/js/studio/sparkline.js";
import { quality, rateText, SignalStats } from "../../static/js/webrtc/signal-stats.js";

const GOOD = { bitrate: 2e6, fps: 30, rtt: 0.05, loss: 0, limitation: "none" };

const word = (changes) => quality({ ...GOOD, ...changes }, 30).word;

test("a signal is called what its worst figure says", () => {
  assert.equal(word({}), "Good");
  assert.equal(word({ loss: 0.05 }), "Fair");
  assert.equal(word({ loss: 0.1 }), "Weak");
  assert.equal(word({ rtt: 0.5 }), "Fair");
  assert.equal(word({ rtt: 0.9 }), "Weak");
  assert.equal(word({ fps: 18 }), "Fair");
  assert.equal(word({ bitrate: 0 }), "None");
  assert.equal(quality(null, 30).word, "None");
});

test("a device at its limit is not blamed on the line", () => {
  assert.match(quality({ ...GOOD, limitation: "cpu" }, 30).cure, /device is at its limit/);
  assert.match(quality({ ...GOOD, fps: 9 }, 30).cure, /device is at its limit/);
  assert.match(quality({ ...GOOD, fps: 9, limitation: "bandwidth" }, 30).cure, /connection is too weak/);
});

/** / */
function report(at, bytes, frames, ssrc = 7) {
  const entries = [
    { type: "outbound-rtp", kind: "video", ssrc, timestamp: at, bytesSent: bytes, framesSent: frames, codecId: "c" },
    { type: "outbound-rtp", kind: "audio", bytesSent: bytes / 10 },
    { type: "remote-inbound-rtp", kind: "video", roundTripTime: 0.08, fractionLost: 0.02 },
    { id: "c", type: "codec", mimeType: "video/H264" },
  ];
  return new Map(entries.map((entry) => [entry.id ?? entry, entry]));
}

test("figures are what came since the last look", () => {
  const stats = new SignalStats();

  assert.equal(stats.read(report(1000, 100_000, 30)), null);
  const figures = stats.read(report(3000, 600_000, 90));

  assert.equal(figures?.bitrate, 2_200_000);
  assert.equal(figures?.fps, 30);
  assert.equal(figures?.rtt, 0.08);
  assert.equal(figures?.codec, "H264");
});

test("a new connection counts from its own beginning", () => {
  const stats = new SignalStats();
  stats.read(report(1000, 900_000, 300));

  assert.equal(stats.read(report(2000, 100_000, 30, 8)), null);
  stats.reset();
  assert.equal(stats.read(report(3000, 200_000, 60, 8)), null);
  assert.equal(new SignalStats().read(new Map()), null);
});

test("rates read as an instructor says them", () => {
  assert.deepEqual([64_400, 1_840_000].map(rateText), ["64 kbit/s", "1.8 Mbit/s"]);
});

test("brightness has a mean and a spread", () => {
  const black = [0, 0, 0, 255];
  const white = [255, 255, 255, 255];
  const { mean, spread } = brightness([...black, ...white]);

  assert.ok(Math.abs(mean - 127.5) < 0.01);
  assert.ok(Math.abs(spread - 127.5) < 0.01);
  assert.deepEqual(brightness([...black, ...black]), { mean: 0, spread: 0 });
});

test("loudness is in decibels below full scale, and silence has an end", () => {
  assert.deepEqual(loudness(new Float32Array(8)), { level: -100, peak: -100 });
  assert.deepEqual(loudness([1, -1, 1, -1]), { level: 0, peak: 0 });
  assert.ok(Math.abs(loudness([0.5, 0]).peak + 6.02) < 0.01);
});

test("a line breaks where a point is missing", () => {
  const drawn = line([
    [0, 10],
    [10, 10],
    [20, 10],
    [50, 5],
  ]);

  assert.equal(drawn.match(/M/g)?.length, 2);
  assert.equal(drawn.match(/L/g)?.length, 2);
});
