import { lazyDialog } from '@/components/ui/lazy';

export const DocumentDialog = lazyDialog(() =>
  import('./DocumentDialog').then((module) => module.DocumentDialog),
);
export const VersionsDialog = lazyDialog(() =>
  import('./VersionsDialog').then((module) => module.VersionsDialog),
);
