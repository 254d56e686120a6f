'use client';

import { lazyPart } from '@/components/ui/lazy';

/** The form that watches a page, loaded once it is shown. */
export const QuickWatch = lazyPart(
  () => import('./QuickWatchForm').then((module) => module.QuickWatchForm),
  'h-40 sm:h-16',
);
