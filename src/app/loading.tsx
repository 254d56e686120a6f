import { ListSkeleton } from '@/components/ui/states';

export default function Loading() {
  return <ListSkeleton rows={4} />;
}
