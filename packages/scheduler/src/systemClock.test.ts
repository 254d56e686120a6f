import { describe, expect, it, vi } from 'vitest';
import { systemClock } from './systemClock';

describe('systemClock', () => {
  it('calls back once the delay has passed, not before', async () => {
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

  it('supports delays beyond the longest timer of Node', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const days = 24 * 3_600_000;
      let called = false;
      systemClock.after(400 * days, () => (called = true));
      vi.advanceTimersByTime(400 * days - 1);
      expect(called).toBe(false);
      vi.advanceTimersByTime(1);
      expect(called).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
