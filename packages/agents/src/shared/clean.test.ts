import { describe, expect, it } from 'vitest';
import type { AgentBrief, AgentOutcome, AgentReport } from '../port';
import { cleanerFor, cleanOutcome } from './clean';

const SECRET = 'sk-0123456789';
const said = `I was sent ${SECRET}.`;

const brief: Required<AgentBrief> = {
  type: 'decision',
  priority: 'urgent',
  title: said,
  summary: said,
  key: said,
  document: said,
  actions: [{ key: 'go', label: said, url: `https://example.com/?key=${SECRET}` }],
  expiry: { action: 'go', afterSeconds: 60 },
  escalation: { afterSeconds: 60 },
  pictures: [],
  purpose: 'change',
};
/** A new field of a report has to be named here, and is cleaned or not. */
const report: Required<AgentReport> = {
  content: said,
  title: said,
  taskName: said,
  briefs: [brief],
  comments: [said],
  subtasks: [{ name: said, instruction: said }],
  documents: [{ name: said, content: said }],
  verdict: { verdict: 'failed', reasons: [said] },
  goalMet: true,
  nextRunInSeconds: 60,
  usage: { inputTokens: 1 },
  memory: null,
  picture: { id: 'p', bytes: new Uint8Array() },
};

const outcomes: AgentOutcome[] = [
  { kind: 'done', ...report },
  { kind: 'budget', full: [], ...report },
  { kind: 'error', errorCode: said, errorMessage: said, content: said },
  {
    kind: 'waiting',
    question: { index: 1, title: said, summary: said, actions: [{ key: 'go', label: said }] },
  },
];

describe('what a run has come to', () => {
  it.each(outcomes.map((outcome) => [outcome.kind, outcome] as const))(
    'holds no secret when it is %s, and all else of it as it was',
    (_kind, outcome) => {
      const cleaned = cleanOutcome(outcome, cleanerFor([SECRET]));
      expect(JSON.stringify(cleaned)).not.toContain(SECRET);
      expect(JSON.parse(JSON.stringify(cleaned).replaceAll('[redacted]', SECRET))).toEqual(
        JSON.parse(JSON.stringify(outcome)),
      );
    },
  );

  it('is left as it is where there are no secrets', () => {
    for (const outcome of outcomes) expect(cleanOutcome(outcome, cleanerFor([]))).toBe(outcome);
  });
});
