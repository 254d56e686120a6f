/** Open at first. While it is held, whoever passes waits for the release. */
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
