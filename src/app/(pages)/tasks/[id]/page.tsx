import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ListSkeleton } from '@/components/ui/states';
import { TaskPage } from '@/features/tasks/detail/TaskPage';

interface Props {
  params: Promise<{ id: string }>;
}

/** The route's own text; what it names may be an identifier (`T-12`) or an id. */
const taskOf = async ({ params }: Props): Promise<string> => {
  const { id } = await params;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await taskOf(props) };
}

export default async function Page(props: Props) {
  return (
    <Suspense fallback={<ListSkeleton rows={4} />}>
      <TaskPage taskRef={await taskOf(props)} />
    </Suspense>
  );
}
