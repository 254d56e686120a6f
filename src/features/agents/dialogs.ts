import { lazyDialog } from '@/components/ui/lazy';

export const AgentDialog = lazyDialog(() => import('./AgentDialog').then((module) => module.AgentDialog));
export const TestDialog = lazyDialog(() => import('./TestDialog').then((module) => module.TestDialog));
