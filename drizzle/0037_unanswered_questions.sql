ALTER TABLE "everbeat"."deliveries" DROP CONSTRAINT "deliveries_kind_check";--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "default_action" text;--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "escalate_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "escalated_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "briefs_expires_idx" ON "everbeat"."briefs" USING btree ("expires_at") WHERE resolved_at is null and expires_at is not null;--> statement-breakpoint
CREATE INDEX "briefs_escalate_idx" ON "everbeat"."briefs" USING btree ("escalate_at") WHERE resolved_at is null and escalate_at is not null;--> statement-breakpoint
-- All kinds that were allowed still are, so no row can violate this.
ALTER TABLE "everbeat"."deliveries" ADD CONSTRAINT "deliveries_kind_check" CHECK ("everbeat"."deliveries"."kind" in ('needs-me', 'unanswered', 'change', 'good-to-know', 'failed', 'recovered')) NOT VALID;--> statement-breakpoint
-- Questions whose runs wait say so themselves from now on.
UPDATE "everbeat"."briefs" b SET "expires_at" = o."lease_expires_at", "default_action" = coalesce(
  (select a.value ->> 'key' from jsonb_array_elements(b."actions") a where a.value -> 'isDefault' = 'true' limit 1),
  case when b."actions" @> '[{"key": "approve"}]' then 'decline' end)
FROM "everbeat"."operations" o
WHERE o."task_id" = b."task_id" and o."status" = 'waiting' and b."purpose" = 'tool' and b."resolved_at" is null;--> statement-breakpoint
UPDATE "everbeat"."channels" SET "rules" = "rules" || '{"unanswered": "never"}' WHERE not "rules" ? 'unanswered';--> statement-breakpoint
-- What is told is as old as the news: of a question that is asked again, as that.
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
    select coalesce(max(d.number), 0) + 1 as next,
      coalesce(bool_or(d.status = 'pending'), false) as is_pending,
      coalesce(bool_or(d.kind <> 'recovered' and d.status in ('sending', 'sent', 'unknown')), false) as is_told
    from everbeat.deliveries d where d.brief_id = new.id and d.channel_id = c.id
  ) n
  cross join lateral (
    select encode(sha256(convert_to(concat_ws(' ', new.id, c.id, n.next, extract(epoch from news_at)), 'UTF8')), 'hex') as hash
  ) h
  where c.user_id = new.user_id and c.is_enabled and c.id is distinct from new.channel_id
    and coalesce(r.rules ->> news, c.rules ->> news, 'never') <> 'never'
    and case when news = 'recovered' then n.is_told else not n.is_pending end;
  return null;
end $$;--> statement-breakpoint
-- A channel that has not told a question for the first time yet does not ask it again.
CREATE TRIGGER "briefs_asked_again" AFTER UPDATE OF "escalated_at" ON "everbeat"."briefs" FOR EACH ROW
WHEN (new.resolved_at is null and new.escalated_at is not null and new.escalated_at is distinct from old.escalated_at)
EXECUTE FUNCTION "everbeat"."tell_channels"('unanswered');
