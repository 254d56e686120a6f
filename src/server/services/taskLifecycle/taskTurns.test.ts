import { describe, expect, it } from 'vitest';
import { TaskTurns } from './taskTurns';

/** Work that notes when it begins, and ends when the test says so. */
function createWork() {
  const begun: string[] = [];
  const ends = new Map<string, (fails?: boolean) => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, (fails = false) => (fails ? reject(new Error(name)) : resolve(name)));
    });
  };
  return { begun, work, end: (name: string, fails?: boolean) => ends.get(name)?.(fails) };
}

describe('decisions that take turns', () => {
  it('go one after another where they share a task, and at the same time where they do not', async () => {
    const turns = new TaskTurns();
    const { begun, work, end } = createWork();
    const first = turns.take(['parent', 'a'], work('first'));
    const second = turns.take(['parent', 'b'], work('second'));
    const third = turns.take(['b'], work('third'));
    const other = turns.take(['c'], work('other'));
    await Promise.resolve();
    expect(begun).toEqual(['first', 'other']);

    end('first');
    expect(await first).toBe('first');
    await expect.poll(() => begun).toEqual(['first', 'other', 'second']);
    end('second');
    await second;
    await expect.poll(() => begun).toContain('third');
    for (const name of ['third', 'other']) end(name);
    expect(await Promise.all([third, other])).toEqual(['third', 'other']);
  });

  it('leave the turn to the next when they fail', async () => {
    const turns = new TaskTurns();
    const { work, begun, end } = createWork();
    const failing = turns.take(['a'], work('failing'));
    const next = turns.take(['a'], work('next'));
    await Promise.resolve();
    end('failing', true);
    await expect(failing).rejects.toThrow('failing');
    await expect.poll(() => begun).toContain('next');
    end('next');
    expect(await next).toBe('next');
  });
});
