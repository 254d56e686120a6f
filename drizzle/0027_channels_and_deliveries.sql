CREATE TABLE "everbeat"."channel_task_rules" (
	"task_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"rules" jsonb NOT NULL,
	CONSTRAINT "channel_task_rules_task_id_channel_id_pk" PRIMARY KEY("task_id","channel_id")
);
--> statement-breakpoint
CREATE TABLE "everbeat"."channels" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"rules" jsonb NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"quiet_hours" jsonb,
	"cool_down_minutes" integer DEFAULT 10 NOT NULL,
	"failing_since" timestamp (3) with time zone,
	"problem" text,
	"told_at" timestamp (3) with time zone,
	"last_sent_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "channels_kind_check" CHECK ("everbeat"."channels"."kind" in ('email', 'webhook', 'slack', 'discord', 'telegram', 'ntfy', 'push'))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brief_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"number" integer NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"message_id" uuid,
	"first_attempt_at" timestamp (3) with time zone,
	"attempted_at" timestamp (3) with time zone,
	"sent_at" timestamp (3) with time zone,
	"external_id" text,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deliveries_kind_check" CHECK ("everbeat"."deliveries"."kind" in ('needs-me', 'change', 'good-to-know', 'failed', 'recovered')),
	CONSTRAINT "deliveries_status_check" CHECK ("everbeat"."deliveries"."status" in ('pending', 'sending', 'sent', 'failed', 'unknown', 'skipped')),
	CONSTRAINT "deliveries_reason_check" CHECK ("everbeat"."deliveries"."reason" in ('digest', 'quiet-hours', 'cool-down', 'flood', 'retry', 'asked', 'seen', 'resolved', 'rule', 'muted', 'channel-off', 'task-deleted', 'not-told', 'restored', 'refused', 'gave-up', 'lost'))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "channel_id" uuid;--> statement-breakpoint
ALTER TABLE "everbeat"."channel_task_rules" ADD CONSTRAINT "channel_task_rules_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."channel_task_rules" ADD CONSTRAINT "channel_task_rules_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "everbeat"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."channels" ADD CONSTRAINT "channels_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."deliveries" ADD CONSTRAINT "deliveries_brief_id_briefs_id_fk" FOREIGN KEY ("brief_id") REFERENCES "everbeat"."briefs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "channel_task_rules_channel_idx" ON "everbeat"."channel_task_rules" USING btree ("channel_id");--> statement-breakpoint
CREATE INDEX "channels_user_idx" ON "everbeat"."channels" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_event_idx" ON "everbeat"."deliveries" USING btree ("brief_id","channel_id","number");--> statement-breakpoint
CREATE INDEX "deliveries_due_idx" ON "everbeat"."deliveries" USING btree ("due_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_channel_due_idx" ON "everbeat"."deliveries" USING btree ("channel_id","due_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_sending_idx" ON "everbeat"."deliveries" USING btree ("attempted_at") WHERE status = 'sending';--> statement-breakpoint
CREATE INDEX "deliveries_channel_idx" ON "everbeat"."deliveries" USING btree ("channel_id","created_at","id");--> statement-breakpoint
CREATE INDEX "deliveries_attempted_idx" ON "everbeat"."deliveries" USING btree ("channel_id","attempted_at") WHERE attempted_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_user_idx" ON "everbeat"."deliveries" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "deliveries_old_idx" ON "everbeat"."deliveries" USING btree ("created_at") WHERE status not in ('pending', 'sending');--> statement-breakpoint
CREATE UNIQUE INDEX "briefs_one_open_per_channel" ON "everbeat"."briefs" USING btree ("channel_id") WHERE resolved_at is null and channel_id is not null;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "everbeat"."news_kind"(type text, priority text, purpose text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  select case
    when type = 'error' then 'failed'
    when priority = 'urgent' or purpose = 'approval' then 'needs-me'
    when priority = 'info' then 'good-to-know'
    when type = 'decision' then 'needs-me'
    else 'change'
  end
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "everbeat"."tell_channels"() RETURNS trigger
LANGUAGE plpgsql AS $$
declare
  news text := coalesce(tg_argv[0], everbeat.news_kind(new.type, new.priority, new.purpose));
begin
  if current_setting('everbeat.restoring', true) = 'on' then
    return null;
  end if;
  insert into everbeat.deliveries (id, brief_id, channel_id, task_id, user_id, kind, number, status, due_at, created_at)
  select (substr(h.hash, 1, 12) || '8' || substr(h.hash, 14, 3) || '8' || substr(h.hash, 18, 15))::uuid,
    new.id, c.id, new.task_id, new.user_id, news, n.next, 'pending', new.updated_at, new.updated_at
  from everbeat.channels c
  left join everbeat.channel_task_rules r on r.task_id = new.task_id and r.channel_id = c.id
  cross join lateral (
    select count(*) + 1 as next,
      coalesce(bool_or(d.status = 'pending'), false) as is_pending,
      coalesce(bool_or(d.kind <> 'recovered' and d.status in ('sending', 'sent', 'unknown')), false) as is_told
    from everbeat.deliveries d where d.brief_id = new.id and d.channel_id = c.id
  ) n
  cross join lateral (
    select encode(sha256(convert_to(concat_ws(' ', new.id, c.id, n.next), 'UTF8')), 'hex') as hash
  ) h
  where c.user_id = new.user_id and c.is_enabled and c.id is distinct from new.channel_id
    and coalesce(r.rules ->> news, c.rules ->> news, 'never') <> 'never'
    and case when news = 'recovered' then n.is_told else not n.is_pending end;
  return null;
end $$;--> statement-breakpoint
CREATE TRIGGER "briefs_told" AFTER INSERT ON "everbeat"."briefs" FOR EACH ROW
EXECUTE FUNCTION "everbeat"."tell_channels"();--> statement-breakpoint
CREATE TRIGGER "briefs_told_again" AFTER UPDATE OF "occurrences", "priority" ON "everbeat"."briefs" FOR EACH ROW
WHEN (new.resolved_at is null and (
  (new.priority = 'urgent' and old.priority <> 'urgent')
  or (new.occurrences > old.occurrences and (
    new.title <> old.title or everbeat.news_kind(new.type, new.priority, new.purpose) = 'change'))))
EXECUTE FUNCTION "everbeat"."tell_channels"();--> statement-breakpoint
CREATE TRIGGER "briefs_recovered" AFTER UPDATE OF "resolved_at" ON "everbeat"."briefs" FOR EACH ROW
WHEN (old.resolved_at is null and new.resolved_at is not null and new.resolved_action = 'recovered' and new.type = 'error')
EXECUTE FUNCTION "everbeat"."tell_channels"('recovered');
