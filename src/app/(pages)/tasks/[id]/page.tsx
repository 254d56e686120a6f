import type { Metadata } from 'next';
import { FirstView } from '@/app/firstView';
import { TaskPage } from '@/features/tasks/detail/TaskPage';

interface Props {
  params: Promise<{ id: string }>;
}

/** The task that the URL names, by identifier (`T-12`) or id. A malformed escape is kept as it is. */
const taskRefOf = async ({ params }: Props): Promise<string> => {
  const { id } = await params;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await taskRefOf(props) };
}

export default async function Page(props: Props) {
  const taskRef = await taskRefOf(props);
  return (
    <FirstView reads={(api, client) => [client.prefetchQuery(api.task.detail.queryOptions({ id: taskRef }))]}>
      <TaskPage taskRef={taskRef} />
    </FirstView>
  );
}
