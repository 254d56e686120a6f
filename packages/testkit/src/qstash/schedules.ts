import { randomUUID } from 'node:crypto';
import type { Clock } from '@everbeat/domain';
import { nextCronTime } from '@everbeat/domain';
import type { PublishRequest } from './publishRequest';
import { BadRequestError } from './publishRequest';

export interface QStashSchedule {
  scheduleId: string;
  /** As sent, including a `CRON_TZ=` prefix. */
  cron: string;
  request: PublishRequest;
  createdAt: Date;
  isPaused: boolean;
}

export interface SchedulesOptions {
  clock: Clock;
  fire: (schedule: QStashSchedule) => void;
}

/** The next time after `after` of a pattern such as `CRON_TZ=Europe/Berlin 0 9 * * *`. */
function nextFireTime(cron: string, after: Date): Date | null {
  const [, timezone = 'UTC', pattern = ''] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/.exec(cron.trim()) ?? [];
  try {
    return nextCronTime(pattern, timezone, after);
  } catch (error) {
    throw new BadRequestError(`invalid cron: ${error instanceof Error ? error.message : cron}`);
  }
}

/** Schedules by id. Creating one with an existing id replaces it completely. */
export class Schedules {
  private readonly schedules = new Map<string, QStashSchedule>();
  private readonly timers = new Map<string, () => void>();

  constructor(private readonly options: SchedulesOptions) {}

  /** @throws BadRequestError if the pattern is invalid */
  create(scheduleId: string | null, cron: string, request: PublishRequest): QStashSchedule {
    const createdAt = this.options.clock.now();
    nextFireTime(cron, createdAt);
    const id = scheduleId ?? `scd_${randomUUID()}`;
    const schedule = { scheduleId: id, cron, request, createdAt, isPaused: false };
    this.schedules.set(id, schedule);
    this.waitForNext(schedule);
    return schedule;
  }

  list(): QStashSchedule[] {
    return [...this.schedules.values()];
  }

  get(scheduleId: string): QStashSchedule | undefined {
    return this.schedules.get(scheduleId);
  }

  delete(scheduleId: string): boolean {
    this.timers.get(scheduleId)?.();
    this.timers.delete(scheduleId);
    return this.schedules.delete(scheduleId);
  }

  close(): void {
    for (const { scheduleId } of this.list()) this.delete(scheduleId);
  }

  private waitForNext(schedule: QStashSchedule): void {
    const { clock, fire } = this.options;
    this.timers.get(schedule.scheduleId)?.();
    const now = clock.now();
    const next = nextFireTime(schedule.cron, now);
    if (next === null) return;
    const cancel = clock.after(next.getTime() - now.getTime(), () => {
      if (!schedule.isPaused) fire(schedule);
      this.waitForNext(schedule);
    });
    this.timers.set(schedule.scheduleId, cancel);
  }
}

/** The response of `GET /v2/schedules/{id}`. */
export const scheduleJson = ({ scheduleId, cron, request, createdAt, isPaused }: QStashSchedule) => ({
  scheduleId,
  cron,
  createdAt: createdAt.getTime(),
  destination: request.url,
  method: request.method,
  body: request.body.toString('utf8'),
  retries: request.maxRetries,
  delay: request.delayMs / 1_000,
  isPaused,
});
