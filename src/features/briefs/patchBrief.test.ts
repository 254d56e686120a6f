import type { BriefView } from '@everbeat/domain';
import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { patchBrief } from './patchBrief';

const brief = (id: string): BriefView => ({
  id,
  taskId: 'task',
  taskIdentifier: 'T-1',
  taskName: 'News',
  taskAutomationMode: 'heartbeat',
  taskAgentKind: 'watch',
  taskPageUrl: null,
  topicId: null,
  type: 'insight',
  priority: 'normal',
  title: 'Something changed',
  summary: '',
  actions: [{ key: 'acknowledge', label: 'Acknowledge' }],
  key: null,
  purpose: null,
  document: null,
  pictures: null,
  readAt: null,
  expiresAt: null,
  defaultAction: null,
  escalateAt: null,
  resolvedAt: null,
  resolvedAction: null,
  resolvedComment: null,
  resolvedEffect: null,
  occurrences: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

const queries = {
  lists: { queryKey: ['brief'] },
  inbox: { queryKey: ['inbox'] },
  details: { queryKey: ['detail'] },
  single: { queryKey: ['single'] },
};

function world() {
  const queryClient = new QueryClient();
  const list = { pages: [{ items: [brief('a'), brief('b')], nextCursor: null }], pageParams: [null] };
  queryClient.setQueryData(['brief', 'urgent'], list);
  queryClient.setQueryData(['detail', 'T-1'], { briefs: [brief('a')] });
  queryClient.setQueryData(['inbox', 'waiting'], {
    pages: [{ items: [{ brief: brief('a') }] }],
    pageParams: [null],
  });
  queryClient.setQueryData(['single', 'a'], brief('a'));
  return { queryClient, list };
}

describe('an optimistic update of a brief', () => {
  it('changes that brief in every cached query, and no other brief', () => {
    const { queryClient } = world();

    patchBrief(queryClient, queries, 'a', { resolvedAction: 'acknowledge' });

    expect(queryClient.getQueryData(['brief', 'urgent'])).toMatchObject({
      pages: [
        {
          items: [
            { id: 'a', resolvedAction: 'acknowledge' },
            { id: 'b', resolvedAction: null },
          ],
        },
      ],
    });
    expect(queryClient.getQueryData(['detail', 'T-1'])).toMatchObject({
      briefs: [{ id: 'a', resolvedAction: 'acknowledge' }],
    });
    expect(queryClient.getQueryData(['inbox', 'waiting'])).toMatchObject({
      pages: [{ items: [{ brief: { id: 'a', resolvedAction: 'acknowledge' } }] }],
    });
    expect(queryClient.getQueryData(['single', 'a'])).toMatchObject({ resolvedAction: 'acknowledge' });
  });

  it('can be undone', () => {
    const { queryClient, list } = world();

    const undo = patchBrief(queryClient, queries, 'a', { resolvedAction: 'acknowledge' });
    undo();

    expect(queryClient.getQueryData(['brief', 'urgent'])).toEqual(list);
  });
});
