import { ok } from 'node:assert/strict';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { suite, test } from 'mocha';
import { report } from '../runner';
import { extension } from './editor';

/** The aim of the product: what a person waits for on the extension host's thread. */
const AIM_MS = 100;

suite('activation', () => {
  test(`costs the extension host's thread less than ${AIM_MS} ms`, async () => {
    ok(!extension().isActive, 'nothing has activated it yet');
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = performance.eventLoopUtilization();
    delay.enable();
    const start = performance.now();
    const api = await extension().activate();
    const activated = performance.now() - start;
    await api.ready;
    delay.disable();
    const busy = performance.eventLoopUtilization(before).active;
    const longest = delay.max / 1e6;
    report('activation', { activateMs: activated, busyUntilReadyMs: busy, longestBlockMs: longest });
    ok(activated < AIM_MS, `activate took ${activated.toFixed(1)} ms`);
  });
});
