/** Lets tests wait for what they need to see instead of sleeping. */
export class Signals {
  private readonly watchers = new Set<() => void>();

  /** Says that something changed. */
  changed(): void {
    for (const look of [...this.watchers]) look();
  }

  /** Resolves with what `read` finds, as soon as it finds something. */
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
