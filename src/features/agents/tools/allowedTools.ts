import type { KindSettings } from '@everbeat/domain';

/** The tools that the settings of a task for its model agent allow without asking. */
export function readAllowedTools(settings: KindSettings | undefined): string[] {
  const allowed: unknown = settings?.allowedTools;
  return Array.isArray(allowed) ? allowed.filter((tool) => typeof tool === 'string') : [];
}
