import { environmentWith, type Settings } from '../../tests/support/app/appProcess';
import { eventually } from '../../tests/support/app/eventually';
import { type ActiveFault, FAST_SETTINGS, READY_WITHIN_MS } from './installation';
import type { Sandbox } from './sandbox';
import { lastOutput, SupervisedProcess } from './supervisedProcess';

const BACK_WITHIN_MS = 45_000;

/** One server: the application as `npm start` runs it, under a supervisor. */
export class AppServer {
  private readonly process: SupervisedProcess;

  constructor(
    sandbox: Sandbox,
    readonly name: string,
    readonly port: number,
    settings: Settings,
  ) {
    this.process = new SupervisedProcess(sandbox, {
      name,
      command: process.execPath,
      args: ['--import', 'tsx', 'scripts/serve.ts'],
      env: environmentWith({ ...FAST_SETTINGS, ...settings, PORT: String(port) }),
    });
  }

  get state(): string {
    return this.process.state;
  }

  start(): void {
    this.process.start();
  }

  stop(signal: NodeJS.Signals): Promise<void> {
    return this.process.stop(signal);
  }

  async untilReady(): Promise<void> {
    await eventually(() => isReady(this.port), {
      what: `${this.name} to be ready`,
      withinMs: READY_WITHIN_MS,
    });
  }

  async injectKill(): Promise<ActiveFault> {
    await this.process.stop('SIGKILL');
    return { description: `${this.name}: SIGKILL`, repair: () => this.comeBack() };
  }

  async injectRestart(): Promise<ActiveFault> {
    await this.process.stop('SIGTERM');
    return { description: `${this.name}: stopped by SIGTERM`, repair: () => this.comeBack() };
  }

  /** Stops it as a deploy does, starts it again, and waits until it is ready. */
  async restart(): Promise<void> {
    await this.process.stop('SIGTERM');
    await this.comeBack();
  }

  injectFreeze(): ActiveFault {
    this.process.freeze();
    return { description: `${this.name}: SIGSTOP`, repair: async () => this.process.thaw() };
  }

  /**
   * Resolves once it is ready again, or after a timeout, because its database may be unavailable meanwhile.
   */
  private async comeBack(): Promise<void> {
    this.start();
    await eventually(() => isReady(this.port), { what: this.name, withinMs: BACK_WITHIN_MS }).catch(
      () => undefined,
    );
  }

  /**
   * Descriptions of exits after the server had become ready, which must never happen. A start may fail while
   * the database is unavailable.
   */
  unexpectedExits(): string[] {
    return this.process.unexpectedExits
      .filter(({ output }) => /Everbeat (is ready|runs) at/.test(output))
      .map((exit) => `${this.name} exited by itself (${exit.signal ?? exit.code}): ${lastOutput(exit)}`);
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/ready`, {
      signal: AbortSignal.timeout(5_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
