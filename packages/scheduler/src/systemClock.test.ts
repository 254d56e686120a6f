import { describe, expect, it, vi } from 'vitest';
import { systemClock } from './systemClock';

describe('systemClock', () => {
  it.each([
    ['a short one', 5],
    ['one beyond the longest timer of Node', 400 * 24 * 3_600_000],
  ])('calls back once the delay has passed, not before: %s', (_which, delayMs) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      let called = false;
      systemClock.after(delayMs, () => (called = true));
      vi.advanceTimersByTime(delayMs - 1);
      expect(called).toBe(false);
      vi.advanceTimersByTime(1);
      expect(called).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('calls back no earlier on the real clock', async () => {
    const startedAt = performance.now();
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(5);
  });

  it('calls back as soon as possible for a delay of zero or less', async () => {
    await new Promise<void>((resolve) => systemClock.after(-1_000, resolve));
  });

  it('does not call back once canceled', async () => {
    let called = false;
    const cancel = systemClock.after(0, () => (called = true));
    cancel();
    await new Promise<void>((resolve) => systemClock.after(2, resolve));
    expect(called).toBe(false);
  });

  it('does not keep the process alive', () => {
    const holding = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = holding();
    const cancel = systemClock.after(60_000, () => {});
    expect(holding()).toBe(before);
    cancel();
  });
});
