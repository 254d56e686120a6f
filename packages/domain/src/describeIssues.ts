import type { z } from 'zod';

const ISSUES_SHOWN_MAX = 5;

/** Describes what does not fit, with the place of each issue, but never the values, which may be secrets. */
export function describeIssues({ issues }: z.ZodError): string {
  const shown = issues.slice(0, ISSUES_SHOWN_MAX).map(({ path, message }) => {
    const place = path.map(String).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  const more = issues.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
