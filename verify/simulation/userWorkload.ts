import {
  AppError,
  type DeliveryStatus,
  isOpen,
  LIMITS,
  REPORT_RULES,
  SUBTASK_RULES,
  type TaskCreateInput,
  type TaskUpdateInput,
} from '@everbeat/domain';
import type { Random } from '../support/random';
import type { RunningServer, SimulatedCluster } from './cluster';
import type { Coverage } from './coverage';
import { isInjected } from './faultInjector';
import { type AcknowledgedAnswer, SimulatedAnswers } from './simulatedAnswers';
import { CHANNEL_EDITS } from './simulatedRules';
import type { BriefRow, Snapshot } from './snapshot';
import type { Act } from './steps';

export type UserActKind = Exclude<Act['what'], 'redeliver' | 'sweep'>;

/** An act of a user that may still take effect: until it has ended, or its process has. */
export interface PendingAct {
  what: UserActKind;
  userId: string;
  /** The task it is about; null: no existing one. */
  taskId: string | null;
  /** It takes an answer back. */
  isUndo?: boolean;
  hasEnded: boolean;
  /** `done`, or why not. Null: it goes on. */
  result: string | null;
  /** How often something had failed when it began. */
  disturbances: number;
}

/** What was acknowledged to a user, and therefore must not be lost. */
export interface Acknowledged {
  /** The task of each comment. */
  commentIds: Map<string, string>;
  createdIds: Set<string>;
  deletedIds: Set<string>;
  /** The versions of documents that users have saved. */
  documents: { taskId: string; name: string; version: number; content: string }[];
  answers: AcknowledgedAnswer[];
}

interface ActSubject {
  taskId?: string;
  question?: BriefRow;
}

export interface UserWorkloadParts {
  cluster: SimulatedCluster;
  /** The agent of each user. */
  agentOf: Map<string, string>;
  coverage: Coverage;
  note(line: string): void;
  unexpected(what: string, error: unknown): void;
  reportViolation(what: string): void;
  /** A person asks for a delivery once more. */
  asked(deliveryId: string): void;
  /** What the last message about a brief offers. */
  optionsOf(briefId: string): readonly { token: string }[];
}

/** The users: they act on their tasks at any moment, through any server that runs. */
export class UserWorkload {
  /** The acts that are under way or have ended since the last check of the database. */
  pending: PendingAct[] = [];
  readonly acknowledged: Acknowledged = {
    commentIds: new Map(),
    createdIds: new Set(),
    deletedIds: new Set(),
    documents: [],
    answers: [],
  };
  private readonly answers: SimulatedAnswers;

  constructor(private readonly parts: UserWorkloadParts) {
    this.answers = new SimulatedAnswers({ ...parts, acknowledged: this.acknowledged.answers });
  }

  /** To be called after each check of the database. */
  dropEnded(): void {
    this.pending = this.pending.filter((act) => !act.hasEnded);
  }

  /** `about`: the task, or the question that is answered. Left out: any. */
  begin(
    act: Act & { what: UserActKind },
    { snapshot, random, about = {} }: { snapshot: Snapshot; random: Random; about?: ActSubject },
  ): void {
    const { question, taskId = question?.task_id ?? '' } = about;
    const running = this.parts.cluster.running();
    const { tasks } = snapshot;
    const task = tasks.get(taskId) ?? [...tasks.values()][act.target % Math.max(1, tasks.size)];
    if (running.length === 0 || task === undefined) return;
    const server = random.pick(running);
    const { process } = server;
    const pending: PendingAct = {
      what: act.what,
      userId: task.user_id,
      taskId: task.id,
      hasEnded: false,
      result: null,
      disturbances: this.parts.coverage.disturbances,
    };
    this.pending.push(pending);
    const end = (result: string): void => {
      pending.hasEnded = true;
      pending.result = result;
      this.parts.coverage.count('act', `${act.what}, ${result}`);
      this.parts.note(`${pending.userId} ${act.what} ${task.identifier}: ${result}`);
    };
    process.onEnd(() => {
      if (!pending.hasEnded) end('no answer');
    });
    process.run(() => {
      this.perform(server, pending, { act, snapshot, random, question }).then(
        () => process.run(() => end('done')),
        (error: unknown) => {
          const isRefused = error instanceof AppError;
          if (!isRefused && !isInjected(error))
            this.parts.unexpected(`${act.what} ${task.identifier}`, error);
          process.run(() => end(isRefused ? error.code : 'failed'));
        },
      );
    });
  }

  private async perform(
    { container, process }: RunningServer,
    pending: PendingAct,
    {
      act,
      snapshot,
      random,
      question,
    }: { act: Act; snapshot: Snapshot; random: Random; question: BriefRow | undefined },
  ): Promise<void> {
    const { channels, documents, lifecycle, runner, tasks } = container;
    const { userId } = pending;
    const taskId = pending.taskId ?? '';
    const pick = <Item>(items: readonly Item[]): Item | undefined =>
      items[Math.floor(act.choice * items.length)];
    switch (act.what) {
      case 'start':
        return lifecycle.start(userId, taskId);
      case 'resume':
        return lifecycle.resume(userId, taskId);
      case 'pause':
        return lifecycle.pause(userId, taskId);
      case 'cancel':
        return lifecycle.cancel(userId, taskId);
      case 'run': {
        await runner.run(userId, { taskId });
        return;
      }
      case 'edit': {
        await tasks.update(userId, { id: taskId, ...pick(EDITS) });
        return;
      }
      case 'resolve': {
        const open = [...snapshot.briefs.values()].filter(({ resolved_at }) => resolved_at === null);
        const brief = question ?? pick(open.filter(({ actions }) => actions.length > 0));
        if (brief === undefined) return;
        pending.taskId = brief.task_id;
        return this.answers.give({ container, process }, brief, { pending, random });
      }
      case 'interrupt': {
        const operation = pick([...snapshot.operations.values()].filter(({ status }) => isOpen(status)));
        if (operation === undefined) return;
        pending.taskId = operation.task_id;
        return lifecycle.interrupt(operation.user_id, operation.id);
      }
      case 'look':
        return lifecycle.look(userId, { taskIds: [taskId] });
      case 'comment': {
        const { id } = await tasks.comment(userId, taskId, 'How is it going?');
        if (process.isAlive) this.acknowledged.commentIds.set(id, taskId);
        return;
      }
      case 'write': {
        const name = random.pick(['Memory', 'Report']);
        const baseVersion = random.chance(0.7) ? random.int(0, 3) : undefined;
        const content = `Mine ${random.int(0, 999)}`;
        const { version } = await documents.save(userId, { taskId, name, content, baseVersion });
        if (process.isAlive) this.acknowledged.documents.push({ taskId, name, version, content });
        return;
      }
      case 'delete': {
        await lifecycle.delete(userId, taskId);
        if (process.isAlive) this.acknowledged.deletedIds.add(taskId);
        return;
      }
      case 'create': {
        const { id } = await tasks.create(userId, this.drawTask(userId, random));
        if (process.isAlive) this.acknowledged.createdIds.add(id);
        return;
      }
      case 'depend': {
        const others = [...snapshot.tasks.values()];
        const other = pick(others.filter((each) => each.user_id === userId && each.id !== taskId));
        if (other !== undefined) await tasks.addDependency(userId, taskId, other.id);
        return;
      }
      case 'undepend': {
        const link = pick(snapshot.dependencies.filter(({ task_id }) => task_id === taskId));
        if (link !== undefined) await tasks.removeDependency(userId, taskId, link.depends_on_id);
        return;
      }
      case 'set-channel': {
        const channel = pick(await channels.list(userId));
        if (channel !== undefined)
          await channels.update(userId, { id: channel.id, ...random.pick(CHANNEL_EDITS) });
        return;
      }
      case 'delete-channel': {
        const sending = [...snapshot.deliveries.values()].filter(({ status }) => status === 'sending');
        const ofMessage = pick(sending.filter((each) => each.user_id === userId))?.channel_id;
        const id = ofMessage ?? pick(await channels.list(userId))?.id;
        if (id === undefined) return;
        await channels.delete(userId, id);
        this.parts.coverage.count('channel', ofMessage === undefined ? 'deleted' : 'deleted as it sends');
        return;
      }
      case 'ask-again': {
        const ended = [...snapshot.deliveries.values()].filter(({ status }) =>
          HAS_NOT_ARRIVED.includes(status),
        );
        const delivery = pick(ended);
        if (delivery === undefined) return;
        this.parts.asked(delivery.id);
        await channels.retry(delivery.user_id, delivery.id);
        return;
      }
      case 'trespass':
        return this.trespass(container, pending, act.choice);
    }
  }

  /** All of them are back from wherever they were, and look at everything. */
  async comeBack({ container }: RunningServer, { tasks }: Snapshot): Promise<void> {
    for (const userId of this.parts.agentOf.keys()) {
      const own = [...tasks.values()].filter((task) => task.user_id === userId);
      await container.lifecycle.look(userId, { taskIds: own.map(({ id }) => id) });
    }
  }

  /** Another user must not be able to see or change the task (invariant 10). */
  private async trespass(
    { documents, lifecycle, runner, tasks, reads }: RunningServer['container'],
    pending: PendingAct,
    choice: number,
  ): Promise<void> {
    const stranger = [...this.parts.agentOf.keys()].find((userId) => userId !== pending.userId) ?? 'nobody';
    const taskId = pending.taskId ?? '';
    pending.taskId = null;
    const attempts = [
      () => lifecycle.start(stranger, taskId),
      () => lifecycle.cancel(stranger, taskId),
      () => lifecycle.delete(stranger, taskId),
      () => runner.run(stranger, { taskId }),
      () => tasks.comment(stranger, taskId, 'Mine'),
      () => tasks.update(stranger, { id: taskId, name: 'Mine' }),
      () => reads.taskDetail(stranger, taskId),
      () => documents.save(stranger, { taskId, name: 'Report', content: 'Mine' }),
    ];
    const { items } = await reads.tasks(stranger, { limit: LIMITS.pageSizeMax });
    if (items.some(({ id }) => id === taskId))
      this.parts.reportViolation("10: a list shows another user's task");
    await attempts[Math.floor(choice * attempts.length)]?.();
    this.parts.reportViolation('10: another user got access to a task');
  }

  drawTask(userId: string, random: Random): TaskCreateInput {
    const kind = random.weighted([
      [5, 'heartbeat'],
      [3, 'schedule'],
      [3, 'once'],
    ] as const);
    return {
      instruction: `Look after number ${random.int(1, 99)}`,
      agentId: this.parts.agentOf.get(userId) ?? null,
      heartbeatTimeout: random.pick([30, 60, 120]),
      ...(kind === 'heartbeat' && {
        automationMode: 'heartbeat',
        heartbeatInterval: random.pick([60, 200, 600, 1_200]),
      }),
      ...(kind === 'schedule' && {
        automationMode: 'schedule',
        schedulePattern: random.pick(['*/5 * * * *', '*/20 * * * *', '7 * * * *']),
        scheduleTimezone: random.pick(['UTC', 'Europe/Berlin', 'Asia/Kolkata']),
      }),
      ...(random.chance(0.1) && { maxTopics: random.int(1, 5) }),
      config: {
        ...(random.chance(0.2) && { pacing: { minSeconds: 20, maxSeconds: 900 } }),
        ...(random.chance(0.2) && { mayComplete: true }),
        ...(random.chance(0.15) && { endAt: `2026-01-01T0${random.int(0, 2)}:${random.int(10, 59)}:00Z` }),
        ...(random.chance(0.3) && { report: random.pick(REPORT_RULES) }),
        ...(random.chance(0.5) && { subtasks: random.pick(SUBTASK_RULES) }),
        // A call of a model is reserved for with $0.10.
        ...(random.chance(0.4) && {
          budget: random.pick([
            { perRunUsd: 0.15 },
            { perDayUsd: 0.3 },
            { totalUsd: 0.5 },
            { perDayTokens: 2_500 },
          ]),
        }),
        ...(random.chance(0.3) && {
          review: { requirement: 'It is right', maxIterations: random.int(1, 3) },
        }),
      },
    };
  }
}

const HAS_NOT_ARRIVED: readonly DeliveryStatus[] = ['failed', 'unknown', 'skipped'];

const EDITS: Omit<TaskUpdateInput, 'id'>[] = [
  { heartbeatInterval: 90 },
  { heartbeatInterval: 700 },
  { automationMode: 'heartbeat', heartbeatInterval: 300 },
  { automationMode: 'schedule', schedulePattern: '*/10 * * * *', scheduleTimezone: 'UTC' },
  { automationMode: null },
  { schedulePattern: '3 * * * *' },
  { maxTopics: 3 },
  { maxTopics: null },
  { parentTaskId: null },
  { config: { pacing: { minSeconds: 10, maxSeconds: 100 } } },
  { config: { review: { requirement: 'It is right', maxIterations: 2 } } },
  { config: {} },
];
