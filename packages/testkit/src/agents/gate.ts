/** Lets callers of `pass` through, except between `hold` and `release`, where they wait. */
export class Gate {
  private opened = Promise.resolve();
  private open = () => {};

  hold(): void {
    this.open();
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  release(): void {
    this.open();
  }

  pass(): Promise<void> {
    return this.opened;
  }
}
