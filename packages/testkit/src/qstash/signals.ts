/** Lets tests wait for a condition without sleeping. */
export class Signals {
  private readonly watchers = new Set<() => void>();

  /** Checks all conditions again; to be called after every change. */
  changed(): void {
    for (const look of [...this.watchers]) look();
  }

  /** Resolves with the first result of `read` that is not undefined. */
  until<Found>(read: () => Found | undefined): Promise<Found> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = read();
        if (found === undefined) return;
        this.watchers.delete(look);
        resolve(found);
      };
      this.watchers.add(look);
      look();
    });
  }
}
