import { environmentWith, type Settings } from '../../tests/support/app/appProcess';
import { eventually } from '../../tests/support/app/eventually';
import type { Household } from './household';
import { lastWords, Service } from './service';
import type { Damage } from './stage';
import { HASTY_SETTINGS, READY_WITHIN_MS } from './stage';

const BACK_WITHIN_MS = 45_000;

/** One server: the application as `npm start` runs it, kept running by a supervisor. */
export class AppServer {
  private readonly service: Service;

  constructor(
    household: Household,
    readonly name: string,
    readonly port: number,
    settings: Settings,
  ) {
    this.service = new Service(household, {
      name,
      command: process.execPath,
      args: ['--import', 'tsx', 'scripts/serve.ts'],
      env: environmentWith({ ...HASTY_SETTINGS, ...settings, PORT: String(port) }),
    });
  }

  get state(): string {
    return this.service.state;
  }

  up(): void {
    this.service.up();
  }

  down(signal: NodeJS.Signals): Promise<void> {
    return this.service.down(signal);
  }

  async ready(): Promise<void> {
    await eventually(() => isReady(this.port), {
      what: `${this.name} to be ready`,
      withinMs: READY_WITHIN_MS,
    });
  }

  async kill(): Promise<Damage> {
    await this.service.down('SIGKILL');
    return { what: `${this.name}: SIGKILL`, mend: () => this.comeBack() };
  }

  async restart(): Promise<Damage> {
    await this.service.down('SIGTERM');
    return { what: `${this.name}: stopped by SIGTERM`, mend: () => this.comeBack() };
  }

  /** Resolves once it serves again, or has had the time to: its database may be the next thing that is away. */
  private async comeBack(): Promise<void> {
    this.up();
    await eventually(() => isReady(this.port), { what: this.name, withinMs: BACK_WITHIN_MS }).catch(
      () => undefined,
    );
  }

  freeze(): Damage {
    this.service.freeze();
    return { what: `${this.name}: SIGSTOP`, mend: async () => this.service.thaw() };
  }

  /** A start may fail while the database is away; a server that served may not end by itself. */
  misdeeds(): string[] {
    return this.service.unbidden
      .filter(({ words }) => /Everbeat (is ready|runs) at/.test(words))
      .map((end) => `${this.name} ended by itself (${end.signal ?? end.code}): ${lastWords(end)}`);
  }

  /** Starts that came to nothing. */
  get failedStarts(): number {
    return this.service.unbidden.length - this.misdeeds().length;
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
