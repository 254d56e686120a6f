import type { AgentKind, TaskView } from '@everbeat/domain';
import { Eye, type LucideIcon, Sparkles, SquareTerminal, Webhook } from 'lucide-react';
import type { ComponentType } from 'react';
import { AllowedTools } from './tools/AllowedTools';

/**
 * What pages show of each kind of agent. Its forms (`kinds`) stand apart, because they are loaded only when
 * they are opened.
 */
export interface KindLook {
  label: string;
  icon: LucideIcon;
  /** The agent's configuration, summarized in one line. */
  summarize: (config: Readonly<Record<string, unknown>>) => string;
  /** What tasks may set for such agents, as their pages call it; the keys are the names of the values. */
  facts: Readonly<Record<string, KindFact>>;
}

export interface KindFact {
  label: string;
  /** Shows the value in another way than as a text. */
  Fact?: ComponentType<{ task: TaskView }>;
}

const shortText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** A stored value as a text; empty where nothing is set. Lists and pairs stand below one another. */
export function factText(value: unknown): string {
  if (value === true) return 'yes';
  if (Array.isArray(value)) return value.map(shortText).join('\n');
  if (typeof value !== 'object' || value === null) return shortText(value);
  return Object.entries(value)
    .map(([name, part]) => `${name}: ${shortText(part)}`)
    .join('\n');
}

export const KIND_LOOKS: Readonly<Record<AgentKind, KindLook>> = {
  watch: {
    label: 'watch',
    icon: Eye,
    summarize: ({ url }) => shortText(url) || 'the page that each task names',
    facts: {
      url: { label: 'Watches' },
      selector: { label: 'Part of the page' },
      ignoreText: { label: 'Ignores lines with' },
      ignorePatterns: { label: 'Ignores what matches' },
      ignoreSelectors: { label: 'Ignores elements' },
      ignorePaths: { label: 'Ignores parts of JSON' },
      onlyIfContains: { label: 'Only if it contains' },
      below: { label: 'Only below' },
      above: { label: 'Only above' },
      byPercent: { label: 'Only by more than (%)' },
      includeNoise: { label: 'Reports clocks and counters' },
      headers: { label: 'Sends headers' },
      cookies: { label: 'Sends cookies' },
      userAgent: { label: 'User agent' },
    },
  },
  http: { label: 'HTTP', icon: Webhook, summarize: ({ url }) => shortText(url), facts: {} },
  model: {
    label: 'model',
    icon: Sparkles,
    summarize: ({ model }) => shortText(model) || 'the default model',
    facts: {
      model: { label: 'Model' },
      allowedTools: { label: 'Called without asking', Fact: AllowedTools },
    },
  },
  command: {
    label: 'command',
    icon: SquareTerminal,
    summarize: ({ command }) => shortText(command),
    facts: { repository: { label: 'Repository' }, session: { label: 'Sessions' } },
  },
};
