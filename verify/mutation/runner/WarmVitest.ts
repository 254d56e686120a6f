import path from 'node:path';
import { createVitest, type Vitest } from 'vitest/node';
import { CHANNEL, type Reply, type Request, type RunReply, type RunRequest } from './messages';

/** Vitest with one worker that stays, and runs tests on request (`WarmTestRunner`). */
export class WarmVitest {
  private readonly channel = new BroadcastChannel(CHANNEL);
  private ended: Promise<never> | null = null;

  private constructor(private readonly vitest: Vitest) {}

  /** Starts Vitest for the copy of the project in `root`, and its worker. */
  static async start(root: string): Promise<WarmVitest> {
    Object.assign(process.env, { NODE_ENV: 'test', VITEST: '1' });
    const folder = path.join(root, 'verify/mutation');
    const config = path.join(folder, 'vitest.config.ts');
    const vitest = await createVitest('test', { root, config, watch: false });
    const warm = new WarmVitest(vitest);
    const session = vitest.getRootProject().createSpecification(path.join(folder, 'runner/session.ts'));
    const ready = warm.nextReply();
    warm.ended = vitest.runTestSpecifications([session]).then(({ unhandledErrors }) => {
      throw new Error('the worker ended', { cause: unhandledErrors[0] });
    });
    await Promise.race([ready, warm.ended]);
    return warm;
  }

  /** The absolute paths of all test files of the area. */
  async testFiles(): Promise<string[]> {
    const specifications = await this.vitest.globTestSpecifications();
    return specifications.map(({ moduleId }) => moduleId);
  }

  /** @throws Error when the worker ends meanwhile */
  async run(request: RunRequest): Promise<RunReply> {
    const reply = this.nextReply();
    this.send(request);
    const received = await (this.ended === null ? reply : Promise.race([reply, this.ended]));
    if (received === 'ready') throw new Error('the worker started anew');
    return received;
  }

  async stop(): Promise<void> {
    this.send('stop');
    await this.ended?.catch(() => undefined);
    this.channel.close();
    await this.vitest.close();
  }

  private send(request: Request): void {
    this.channel.postMessage(request);
  }

  private nextReply(): Promise<Reply> {
    return new Promise((resolve) => {
      this.channel.onmessage = (event) => resolve(event.data);
    });
  }
}
