/**
 * Lets decisions about the same tasks go one after another within this process. Others do not wait for them.
 * Only a saving of attempts: what makes a write safe is the revision that it names.
 */
export class TaskTurns {
  private readonly last = new Map<string, Promise<void>>();

  /**
   * Does `work` once all earlier work for any of these tasks has ended, well or badly. It must not take a
   * turn for one of them itself, because it would wait for its own end.
   */
  async take<Result>(taskIds: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const earlier = taskIds.flatMap((id) => this.last.get(id) ?? []);
    const result = Promise.all(earlier).then(work);
    const end = result.then(ignore, ignore);
    // All at once, so that nobody waits for a turn while holding another.
    for (const id of taskIds) this.last.set(id, end);
    try {
      return await result;
    } finally {
      for (const id of taskIds) if (this.last.get(id) === end) this.last.delete(id);
    }
  }
}

const ignore = (): void => undefined;
