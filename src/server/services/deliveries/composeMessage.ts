import type { ChannelAction, ChannelMessage } from '@everbeat/channels';
import type { TakenMessage, ToldBrief } from '@everbeat/database';
import {
  type BriefPriority,
  durationText,
  LIMITS,
  silenceText,
  storableText,
  timeInZone,
} from '@everbeat/domain';

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
  const message =
    others.length === 0
      ? { ...messageOfBrief(taken.id, first, appUrl, taken), actions }
      : ofBriefs(taken, first, appUrl);
  const text = [message.text, unknownText(taken)].filter((part) => part !== '').join('\n\n');
  return { ...message, text };
}

/** What may not have arrived is not sent again, so the next message says where it is. */
function unknownText({ unknownBefore }: TakenMessage): string {
  if (unknownBefore === 0) return '';
  const which =
    unknownBefore === 1 ? 'The message before this one' : `${unknownBefore} messages before this one`;
  return `${which} may not have arrived. Settings → Notifications lists what was sent, and sends it again if you say so.`;
}

/**
 * A message that tells of one brief, without options. `id`: of the message. `taken`: as it is sent; left out,
 * it is over, and says nothing of what happens if nobody answers.
 */
export function messageOfBrief(
  id: string,
  brief: ToldBrief,
  appUrl: string,
  taken?: TakenMessage,
): ChannelMessage {
  const { kind, briefId, taskIdentifier, taskName, priority } = brief;
  return {
    id,
    kind,
    priority,
    threadKey: briefId,
    actions: [],
    ...textsOf(brief, taken),
    url: briefUrl(appUrl, briefId),
    task: { identifier: taskIdentifier, title: taskName },
  };
}

type Texts = Pick<ChannelMessage, 'title' | 'text' | 'isCut'>;

function textsOf(brief: ToldBrief, taken: TakenMessage | undefined): Texts {
  const { kind, title, summary } = brief;
  if (kind === 'recovered') return recovery(brief);
  const isCut = brief.isCut && { isCut: true };
  if (taken === undefined || (kind !== 'needs-me' && kind !== 'unanswered'))
    return { title, text: summary, ...isCut };
  const text = [summary, silence(taken, brief)].filter((part) => part !== '').join('\n\n');
  if (kind === 'needs-me') return { title, text, ...isCut };
  // Counted until the first attempt, so that every attempt is the same message.
  const waited = durationText(taken.firstAttemptAt.getTime() - brief.askedAt.getTime());
  const again = `Asked again, waiting for ${waited}: ${title}`;
  return {
    title: storableText(again, LIMITS.briefTitleCharsMax),
    text,
    ...(again.length > LIMITS.briefTitleCharsMax ? { isCut: true } : isCut),
  };
}

/**
 * What happens if nobody answers. That the question is asked again is not told: it need not be this channel.
 */
const silence = ({ timezone }: TakenMessage, brief: ToldBrief): string =>
  silenceText({ ...brief, escalateAt: null }, (at) => timeInZone(timezone, at)) ?? '';

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
    id: taken.id,
    kind: 'digest',
    actions: [],
    threadKey: taken.id,
    lines,
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
