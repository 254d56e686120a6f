import { isDatabaseUnavailable } from '@everbeat/database';
import { type Clock, LIMITS, type Logger, withTimeout } from '@everbeat/domain';

/**
 * Tells a service outside (`HEALTHCHECK_URL`, by the protocol of healthchecks.io) that the watchdog has made
 * its pass, so that it can raise the alarm when the passes stop: nobody else hears of a server that is dead.
 * Never rejects, and takes a bounded time: the passes do not depend on it.
 */
export class Healthcheck {
  private isPinging = false;
  private isAway = false;

  constructor(
    private readonly deps: {
      url: string | undefined;
      clock: Pick<Clock, 'after'>;
      logger: Pick<Logger, 'info' | 'warn'>;
    },
  ) {}

  /** A pass has ended well. */
  succeeded(): Promise<void> {
    return this.ping('', 'The watchdog has made its pass.');
  }

  /** A pass has failed. What the error says stays here: it may name hosts and users. */
  failed(error: unknown): Promise<void> {
    return this.ping('/fail', isDatabaseUnavailable(error) ? DATABASE_AWAY : PASS_FAILED);
  }

  /** While one is under way no further one is sent: the next pass sends it. */
  private async ping(suffix: string, body: string): Promise<void> {
    const { url, clock, logger } = this.deps;
    if (url === undefined || this.isPinging) return;
    this.isPinging = true;
    try {
      const { ok, status } = await withTimeout(clock, LIMITS.healthcheckMs, async (signal) => {
        const response = await fetch(withSuffix(url, suffix), {
          method: 'POST',
          body,
          signal,
          headers: { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'Everbeat' },
        });
        await response.body?.cancel();
        return response;
      });
      if (!ok) throw new Error(`it answered with the status ${status}`);
      if (this.isAway) logger.info({}, 'HEALTHCHECK_URL answers again');
      this.isAway = false;
    } catch (error) {
      // The address is a secret of its own, and so is whatever repeats it. Logged once, until it answers
      // again.
      const reason = error instanceof Error ? error.name : 'unknown';
      if (!this.isAway) logger.warn({ reason }, 'HEALTHCHECK_URL was not reached; the next pass tries again');
      this.isAway = true;
    } finally {
      this.isPinging = false;
    }
  }
}

const DATABASE_AWAY = 'The watchdog could not make its pass: the database is not available.';
const PASS_FAILED = 'The watchdog could not finish its pass. The log of the server says why.';

/** Such as `/fail` after the path, before what follows it. */
function withSuffix(address: string, suffix: string): URL {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${suffix}`;
  return url;
}
