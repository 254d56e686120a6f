import { HeartPulse } from 'lucide-react';
import { EmptyState } from '@/components/ui/states';

export function AllQuiet() {
  return (
    <EmptyState icon={<HeartPulse aria-hidden />} title="All quiet">
      Nothing is waiting for you. When a task finds something or needs a decision, it appears here.
    </EmptyState>
  );
}
