import { redact } from '@everbeat/outgoing';
import type { AgentBrief, AgentFailure, AgentOutcome, AgentReport, AgentTold, QuestionText } from '../port';

/** Leaves secrets out of a text. */
export type Clean = (text: string) => string;

/** Leaves out these secrets. Null: there are none. */
export const cleanerFor = (secrets: readonly string[]): Clean | null =>
  secrets.length === 0 ? null : (text) => redact(text, secrets);

/**
 * An outcome without secrets in any text that is kept of it. Agents and those that they call quote what they
 * were sent, also where they do the work that was asked for. A memory is cleaned where it is read, because
 * what a kind stores for itself is compared with what it finds later.
 */
export function cleanOutcome(outcome: AgentOutcome, clean: Clean | null): AgentOutcome {
  if (clean === null) return outcome;
  switch (outcome.kind) {
    case 'done':
    case 'budget':
      return { ...outcome, ...cleanReport(outcome, clean) };
    case 'error':
      return cleanFailure(outcome, clean);
    case 'waiting':
      return { ...outcome, question: { ...outcome.question, ...cleanQuestion(outcome.question, clean) } };
    case 'accepted':
    case 'yielded':
    case 'canceled':
      return outcome;
  }
}

const maybe = (text: string | undefined, clean: Clean): string | undefined =>
  text === undefined ? undefined : clean(text);

const cleanReport = (report: AgentReport, clean: Clean): AgentReport => ({
  ...report,
  content: clean(report.content),
  title: maybe(report.title, clean),
  taskName: maybe(report.taskName, clean),
  ...cleanTold(report, clean),
  verdict: report.verdict && { ...report.verdict, reasons: report.verdict.reasons.map(clean) },
});

const cleanTold = (report: AgentTold, clean: Clean): AgentTold => ({
  briefs: report.briefs?.map((brief) => cleanBrief(brief, clean)),
  comments: report.comments?.map(clean),
  subtasks: report.subtasks?.map(({ name, instruction }) => ({
    name: maybe(name, clean),
    instruction: clean(instruction),
  })),
  documents: report.documents?.map((document) => ({
    ...document,
    name: clean(document.name),
    content: clean(document.content),
  })),
});

const cleanBrief = (brief: AgentBrief, clean: Clean): AgentBrief => ({
  ...brief,
  title: clean(brief.title),
  summary: clean(brief.summary),
  actions: brief.actions?.map((action) => cleanAction(action, clean)),
  key: maybe(brief.key, clean),
  document: maybe(brief.document, clean),
});

type Action = NonNullable<AgentBrief['actions']>[number];

/** Its key is the application's own, or was made of a text that is clean. */
const cleanAction = (action: Action, clean: Clean): Action => ({
  ...action,
  label: clean(action.label),
  url: maybe(action.url, clean),
});

export const cleanFailure = <Failure extends AgentFailure>(failure: Failure, clean: Clean | null): Failure =>
  clean === null
    ? failure
    : {
        ...failure,
        errorCode: clean(failure.errorCode),
        errorMessage: clean(failure.errorMessage),
        content: maybe(failure.content, clean),
        told: failure.told && cleanTold(failure.told, clean),
      };

const cleanQuestion = (
  { title, summary, actions }: QuestionText,
  clean: Clean,
): Omit<QuestionText, 'waitHours'> => ({
  title: clean(title),
  summary: clean(summary),
  actions: actions.map((action) => cleanAction(action, clean)),
});
