import type { ChannelAction, ChannelMessage } from '@everbeat/channels';
import type { TakenMessage, ToldBrief } from '@everbeat/database';
import { type BriefPriority, LIMITS, storableText } from '@everbeat/domain';

const URGENCY: Record<BriefPriority, number> = { urgent: 0, normal: 1, info: 2 };

/** The page of a brief. */
const briefUrl = (appUrl: string, briefId: string): string => `${appUrl}/?brief=${briefId}`;

const taskUrl = (appUrl: string, identifier: string): string => `${appUrl}/tasks/${identifier}`;

/** What a taken message says: one brief, or several together. */
export function composeMessage(
  taken: TakenMessage,
  appUrl: string,
  actions: readonly ChannelAction[],
): ChannelMessage | null {
  const [first, ...others] = taken.briefs;
  if (first === undefined) return null;
  return others.length === 0
    ? { ...messageOfBrief(taken.id, first, appUrl), actions }
    : ofBriefs(taken, first, appUrl);
}

/** A message that tells of one brief, without options. `id`: of the message. */
export function messageOfBrief(id: string, brief: ToldBrief, appUrl: string): ChannelMessage {
  const { kind, briefId, taskIdentifier, taskName, priority } = brief;
  const recovered = kind === 'recovered' ? recovery(brief) : null;
  return {
    ...{ id, kind, priority, threadKey: briefId, actions: [] },
    title: recovered?.title ?? brief.title,
    text: recovered?.text ?? brief.summary,
    url: briefUrl(appUrl, briefId),
    task: { identifier: taskIdentifier, title: taskName },
  };
}

function recovery({ title, createdAt, resolvedAt }: ToldBrief): { title: string; text: string } {
  const after = durationText((resolvedAt ?? createdAt).getTime() - createdAt.getTime());
  return {
    title: storableText(`Recovered after ${after}: ${title}`, LIMITS.briefTitleCharsMax),
    text: `It ended ${after} after it was told. There is nothing left to do.`,
  };
}

/** Several briefs, with a line for each task, the one with the newest brief first. */
function ofBriefs(taken: TakenMessage, first: ToldBrief, appUrl: string): ChannelMessage {
  const byTask = new Map<string, ToldBrief[]>();
  for (const brief of taken.briefs) byTask.set(brief.taskId, [...(byTask.get(brief.taskId) ?? []), brief]);
  const lines = [...byTask.values()].flatMap((briefs) => {
    const [newest] = briefs;
    if (newest === undefined) return [];
    const title = `${newest.taskIdentifier} ${newest.taskName}: ${newest.title}`;
    return [{ title, url: taskUrl(appUrl, newest.taskIdentifier), count: briefs.length }];
  });
  const isOneTask = byTask.size === 1;
  const priorities = taken.briefs.map(({ priority }) => priority);
  return {
    ...{ id: taken.id, kind: 'digest', actions: [], threadKey: taken.id, lines },
    title: titleOf(taken, isOneTask ? `${first.taskIdentifier} ${first.taskName}` : `${byTask.size} tasks`),
    text: '',
    url: isOneTask ? taskUrl(appUrl, first.taskIdentifier) : `${appUrl}/`,
    task: isOneTask ? { identifier: first.taskIdentifier, title: first.taskName } : null,
    priority: priorities.toSorted((a, b) => URGENCY[a] - URGENCY[b])[0] ?? 'normal',
  };
}

function titleOf({ as, briefs }: TakenMessage, where: string): string {
  const news = `${briefs.length} briefs in ${where}`;
  const title = { flood: `And ${briefs.length} more in ${where}`, digest: `Digest: ${news}` };
  return storableText(as === 'flood' || as === 'digest' ? title[as] : news, LIMITS.briefTitleCharsMax);
}

/** `40 min`, `3 h`, `2 days`. */
function durationText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
