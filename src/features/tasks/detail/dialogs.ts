import { lazyDialog } from '@/components/ui/lazy';

export const RunDialog = lazyDialog(() => import('./RunDialog').then((module) => module.RunDialog));
export const PauseDialog = lazyDialog(() => import('./PauseDialog').then((module) => module.PauseDialog));
