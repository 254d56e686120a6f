DROP INDEX "everbeat"."deliveries_due_idx";--> statement-breakpoint
CREATE INDEX "deliveries_due_idx" ON "everbeat"."deliveries" USING btree ("due_at","id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_brief_due_idx" ON "everbeat"."deliveries" USING btree ("brief_id","channel_id") WHERE status = 'pending';--> statement-breakpoint
-- A brief that stays open may be told thousands of times: what was told before is not counted anew each time.
CREATE OR REPLACE FUNCTION "everbeat"."tell_channels"() RETURNS trigger
LANGUAGE plpgsql AS $$
declare
  news text := coalesce(tg_argv[0], everbeat.news_kind(new.type, new.priority, new.purpose));
  news_at timestamptz := greatest(new.updated_at, new.escalated_at);
begin
  if current_setting('everbeat.restoring', true) = 'on' then
    return null;
  end if;
  insert into everbeat.deliveries (id, brief_id, channel_id, task_id, user_id, kind, number, status, due_at, created_at)
  select (substr(h.hash, 1, 12) || '8' || substr(h.hash, 14, 3) || '8' || substr(h.hash, 18, 15))::uuid,
    new.id, c.id, new.task_id, new.user_id, news, n.next, 'pending', news_at, news_at
  from everbeat.channels c
  left join everbeat.channel_task_rules r on r.task_id = new.task_id and r.channel_id = c.id
  cross join lateral (
    select 1 + coalesce((
      select d.number from everbeat.deliveries d where d.brief_id = new.id and d.channel_id = c.id
      order by d.number desc limit 1), 0) as next
  ) n
  cross join lateral (
    select encode(sha256(convert_to(concat_ws(' ', new.id, c.id, n.next, extract(epoch from news_at)), 'UTF8')), 'hex') as hash
  ) h
  where c.user_id = new.user_id and c.is_enabled and c.id is distinct from new.channel_id
    and coalesce(r.rules ->> news, c.rules ->> news, 'never') <> 'never'
    and case when news = 'recovered' then exists (
      select from everbeat.deliveries d
      where d.brief_id = new.id and d.channel_id = c.id and d.kind <> 'recovered' and d.status in ('sending', 'sent', 'unknown'))
    else not exists (
      select from everbeat.deliveries d where d.brief_id = new.id and d.channel_id = c.id and d.status = 'pending') end;
  return null;
end $$;
