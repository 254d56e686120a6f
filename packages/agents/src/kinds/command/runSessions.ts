import type { CodingProgram, ProgramSession } from '@everbeat/domain';
import type { SessionKeeper } from '../../port';
import { isSessionId } from './adapters/adapter';
import type { NamedSession } from './programRun';

/** How the runs of a task go on with the sessions of earlier ones; see API.md, "The command agent". */
export const SESSION_RULES = ['fresh', 'resume'] as const;
export type SessionRule = (typeof SESSION_RULES)[number];

type Resumed = ProgramSession & { number: number };

/** The session of a program in one run: which one it goes on with, and which one is kept for later runs. */
export class RunSessions {
  private kept: Promise<void> = Promise.resolve();
  private newest: ProgramSession | null = null;

  /** @param keeper undefined: nothing is kept of this run */
  constructor(
    private readonly keeper: SessionKeeper | undefined,
    private readonly rule: SessionRule,
  ) {}

  /**
   * Where the run itself goes on (in its topic, or with an occurrence that was not finished), so does its
   * session.
   * @throws what `find` of the keeper throws
   */
  async find(program: CodingProgram): Promise<Resumed | null> {
    const found = (await this.keeper?.find(program, { ofTask: this.rule === 'resume' })) ?? null;
    // It becomes a part of a command line.
    if (found === null || !isSessionId(found.session.id)) return null;
    return { ...found.session, number: found.number };
  }

  /**
   * One write after the other, so that the last one counts. Of those that came during a write the others are
   * left out.
   */
  keep(named: NamedSession, resumed: Resumed | null): void {
    const session = { ...named, resumes: resumed === null ? null : resumed.number };
    this.newest = session;
    this.kept = this.kept.then(() => (session === this.newest ? this.keeper?.keep(session) : undefined));
  }

  /** When all is written. */
  settled(): Promise<void> {
    return this.kept;
  }
}
