CREATE TABLE "everbeat"."briefs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"topic_id" uuid,
	"user_id" text NOT NULL,
	"type" text NOT NULL,
	"priority" text NOT NULL,
	"title" text NOT NULL,
	"summary" text NOT NULL,
	"actions" jsonb NOT NULL,
	"purpose" text,
	"occurrences" integer DEFAULT 1 NOT NULL,
	"read_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"resolved_action" text,
	"resolved_comment" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "briefs_type_check" CHECK ("everbeat"."briefs"."type" in ('decision', 'result', 'insight', 'error')),
	CONSTRAINT "briefs_priority_check" CHECK ("everbeat"."briefs"."priority" in ('urgent', 'normal', 'info'))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."system_state" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "everbeat"."task_activities" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "task_activities_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"from_status" text,
	"to_status" text,
	"reason" text,
	"ref_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "task_activities_feed" PRIMARY KEY("tx","id"),
	CONSTRAINT "task_activities_kind_check" CHECK ("everbeat"."task_activities"."kind" in ('status', 'edit', 'brief', 'comment', 'transcript', 'arm', 'deleted'))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."agents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agents_kind_check" CHECK ("everbeat"."agents"."kind" in ('watch', 'http', 'model', 'command'))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"task_counter" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "everbeat"."messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"topic_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"operation_id" uuid,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_role_check" CHECK ("everbeat"."messages"."role" in ('user', 'assistant', 'tool'))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"topic_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"trigger" text NOT NULL,
	"status" text NOT NULL,
	"tick_token" uuid,
	"claimed_from" text NOT NULL,
	"extra_prompt" text,
	"callback_hash" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"executed_at" timestamp (3) with time zone,
	"heartbeat_at" timestamp (3) with time zone NOT NULL,
	"lease_expires_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error_code" text,
	"error_message" text,
	"usage" jsonb,
	CONSTRAINT "operations_status_check" CHECK ("everbeat"."operations"."status" in ('running', 'done', 'error', 'interrupted', 'timeout')),
	CONSTRAINT "operations_trigger_check" CHECK ("everbeat"."operations"."trigger" in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency')),
	CONSTRAINT "operations_finished_check" CHECK (("everbeat"."operations"."status" = 'running') = ("everbeat"."operations"."finished_at" is null))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."task_ticks" (
	"token" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"trigger" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"armed_at" timestamp (3) with time zone NOT NULL,
	"publications" integer DEFAULT 1 NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"message_id" text,
	"outcome" text,
	"reason" text,
	"operation_id" uuid,
	"late_ms" bigint,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "task_ticks_outcome_check" CHECK ("everbeat"."task_ticks"."outcome" in ('fired', 'skipped', 'superseded')),
	CONSTRAINT "task_ticks_ended_check" CHECK (("everbeat"."task_ticks"."outcome" is null) = ("everbeat"."task_ticks"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."topics" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"number" integer NOT NULL,
	"trigger" text NOT NULL,
	"title" text,
	"status" text NOT NULL,
	"handoff" text,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "topics_status_check" CHECK ("everbeat"."topics"."status" in ('running', 'done', 'error', 'interrupted', 'timeout')),
	CONSTRAINT "topics_trigger_check" CHECK ("everbeat"."topics"."trigger" in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency'))
);
--> statement-breakpoint
CREATE TABLE "everbeat"."task_comments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"author" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "everbeat"."task_dependencies" (
	"task_id" uuid NOT NULL,
	"depends_on_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_dependencies_task_id_depends_on_id_pk" PRIMARY KEY("task_id","depends_on_id"),
	CONSTRAINT "task_dependencies_not_self_check" CHECK ("everbeat"."task_dependencies"."task_id" <> "everbeat"."task_dependencies"."depends_on_id")
);
--> statement-breakpoint
CREATE TABLE "everbeat"."task_memories" (
	"task_id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"memory" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "everbeat"."tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"number" integer NOT NULL,
	"identifier" text NOT NULL,
	"name" text NOT NULL,
	"instruction" text NOT NULL,
	"agent_id" uuid,
	"parent_task_id" uuid,
	"status" text DEFAULT 'backlog' NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"automation_mode" text,
	"heartbeat_interval" integer,
	"heartbeat_timeout" integer DEFAULT 120 NOT NULL,
	"schedule_pattern" text,
	"schedule_timezone" text,
	"error" text,
	"total_topics" integer DEFAULT 0 NOT NULL,
	"max_topics" integer,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"context" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	CONSTRAINT "tasks_user_number_unique" UNIQUE("user_id","number"),
	CONSTRAINT "tasks_status_check" CHECK ("everbeat"."tasks"."status" in ('backlog', 'scheduled', 'running', 'paused', 'completed', 'failed', 'canceled')),
	CONSTRAINT "tasks_automation_mode_check" CHECK ("everbeat"."tasks"."automation_mode" in ('heartbeat', 'schedule')),
	CONSTRAINT "tasks_total_topics_check" CHECK ("everbeat"."tasks"."total_topics" >= 0)
);
--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD CONSTRAINT "briefs_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD CONSTRAINT "briefs_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "everbeat"."topics"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."agents" ADD CONSTRAINT "agents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."messages" ADD CONSTRAINT "messages_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "everbeat"."topics"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD CONSTRAINT "operations_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."task_ticks" ADD CONSTRAINT "task_ticks_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."topics" ADD CONSTRAINT "topics_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."task_comments" ADD CONSTRAINT "task_comments_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."task_dependencies" ADD CONSTRAINT "task_dependencies_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."task_dependencies" ADD CONSTRAINT "task_dependencies_depends_on_id_tasks_id_fk" FOREIGN KEY ("depends_on_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."task_memories" ADD CONSTRAINT "task_memories_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD CONSTRAINT "tasks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD CONSTRAINT "tasks_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "everbeat"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."tasks" ADD CONSTRAINT "tasks_parent_task_id_tasks_id_fk" FOREIGN KEY ("parent_task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "briefs_user_idx" ON "everbeat"."briefs" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "briefs_user_open_idx" ON "everbeat"."briefs" USING btree ("user_id","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "briefs_task_idx" ON "everbeat"."briefs" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "briefs_blocking_idx" ON "everbeat"."briefs" USING btree ("task_id") WHERE resolved_at is null and priority = 'urgent' and type <> 'error';--> statement-breakpoint
CREATE UNIQUE INDEX "briefs_one_open_per_purpose" ON "everbeat"."briefs" USING btree ("task_id","purpose") WHERE resolved_at is null and purpose is not null;--> statement-breakpoint
CREATE INDEX "task_activities_task_idx" ON "everbeat"."task_activities" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "agents_user_idx" ON "everbeat"."agents" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "messages_topic_idx" ON "everbeat"."messages" USING btree ("topic_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_running_per_task" ON "everbeat"."operations" USING btree ("task_id") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "operations_lease_idx" ON "everbeat"."operations" USING btree ("lease_expires_at") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "operations_task_idx" ON "everbeat"."operations" USING btree ("task_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_tick_token_unique" ON "everbeat"."operations" USING btree ("tick_token");--> statement-breakpoint
CREATE INDEX "task_ticks_task_idx" ON "everbeat"."task_ticks" USING btree ("task_id","armed_at");--> statement-breakpoint
CREATE INDEX "topics_task_idx" ON "everbeat"."topics" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "task_comments_task_idx" ON "everbeat"."task_comments" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "task_dependencies_depends_on_idx" ON "everbeat"."task_dependencies" USING btree ("depends_on_id");--> statement-breakpoint
CREATE INDEX "tasks_user_status_idx" ON "everbeat"."tasks" USING btree ("user_id","status","number");--> statement-breakpoint
CREATE INDEX "tasks_parent_idx" ON "everbeat"."tasks" USING btree ("parent_task_id","number") WHERE parent_task_id is not null;--> statement-breakpoint
CREATE INDEX "tasks_agent_idx" ON "everbeat"."tasks" USING btree ("agent_id") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "tasks_armed_idx" ON "everbeat"."tasks" USING btree ((context -> 'scheduler' ->> 'dueAt'),(context -> 'scheduler' ->> 'tickToken')) WHERE status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null;--> statement-breakpoint
CREATE INDEX "tasks_unpublished_idx" ON "everbeat"."tasks" USING btree ((context -> 'scheduler' ->> 'scheduledAt'),"id") WHERE status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null and (context -> 'scheduler' ->> 'tickMessageId') is null;--> statement-breakpoint
CREATE INDEX "tasks_unarmed_idx" ON "everbeat"."tasks" USING btree ("id") WHERE status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is null;