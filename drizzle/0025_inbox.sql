CREATE TABLE "everbeat"."inbox_undos" (
	"token" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"briefs" jsonb NOT NULL,
	"tasks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "snoozed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "snoozed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD COLUMN "muted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "everbeat"."inbox_undos" ADD CONSTRAINT "inbox_undos_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inbox_undos_expires_idx" ON "everbeat"."inbox_undos" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "briefs_waiting_idx" ON "everbeat"."briefs" USING btree ("user_id",greatest(updated_at, snoozed_until),"id") WHERE resolved_at is null and (priority = 'urgent' or type = 'decision' or coalesce(purpose, '') = 'approval');--> statement-breakpoint
CREATE INDEX "briefs_unread_idx" ON "everbeat"."briefs" USING btree ("user_id",greatest(updated_at, snoozed_until),"id") WHERE resolved_at is null and read_at is null;--> statement-breakpoint
CREATE INDEX "briefs_snoozed_idx" ON "everbeat"."briefs" USING btree ("user_id",greatest(updated_at, snoozed_until),"id") WHERE resolved_at is null and snoozed_at is not null;--> statement-breakpoint
CREATE INDEX "briefs_done_idx" ON "everbeat"."briefs" USING btree ("user_id",coalesce(resolved_at, read_at),"id") WHERE (resolved_at is not null or (read_at is not null and not (priority = 'urgent' or type = 'decision' or coalesce(purpose, '') = 'approval')));--> statement-breakpoint
CREATE INDEX "briefs_task_open_idx" ON "everbeat"."briefs" USING btree ("task_id",greatest(updated_at, snoozed_until),"id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "briefs_task_done_idx" ON "everbeat"."briefs" USING btree ("task_id",coalesce(resolved_at, read_at),"id") WHERE (resolved_at is not null or (read_at is not null and not (priority = 'urgent' or type = 'decision' or coalesce(purpose, '') = 'approval')));--> statement-breakpoint
CREATE INDEX "briefs_text_idx" ON "everbeat"."briefs" USING gin (to_tsvector('simple'::regconfig, title || ' ' || summary));