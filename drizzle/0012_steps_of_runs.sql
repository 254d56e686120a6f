CREATE TABLE "everbeat"."operation_steps" (
	"operation_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"policy" text,
	"occurrence" text NOT NULL,
	"input" json,
	"result" json,
	"usage" jsonb,
	"brief_id" uuid,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "operation_steps_operation_id_index_pk" PRIMARY KEY("operation_id","index"),
	CONSTRAINT "operation_steps_kind_check" CHECK ("everbeat"."operation_steps"."kind" in ('model', 'tool')),
	CONSTRAINT "operation_steps_status_check" CHECK ("everbeat"."operation_steps"."status" in ('started', 'waiting', 'done', 'failed', 'declined', 'unknown')),
	CONSTRAINT "operation_steps_policy_check" CHECK ("everbeat"."operation_steps"."policy" in ('allow', 'ask', 'deny')),
	CONSTRAINT "operation_steps_ended_check" CHECK (("everbeat"."operation_steps"."status" in ('started', 'waiting')) = ("everbeat"."operation_steps"."ended_at" is null))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."operations" DROP CONSTRAINT "operations_status_check";--> statement-breakpoint
ALTER TABLE "everbeat"."operations" DROP CONSTRAINT "operations_finished_check";--> statement-breakpoint
ALTER TABLE "everbeat"."topics" DROP CONSTRAINT "topics_status_check";--> statement-breakpoint
DROP INDEX "everbeat"."operations_one_running_per_task";--> statement-breakpoint
DROP INDEX "everbeat"."operations_lease_idx";--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD COLUMN "lease_epoch" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD COLUMN "losses" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "everbeat"."operation_steps" ADD CONSTRAINT "operation_steps_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "everbeat"."operations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_running_per_task" ON "everbeat"."operations" USING btree ("task_id") WHERE status in ('running', 'waiting');--> statement-breakpoint
CREATE INDEX "operations_lease_idx" ON "everbeat"."operations" USING btree ("status","lease_expires_at") WHERE finished_at is null;--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD CONSTRAINT "operations_status_check" CHECK ("everbeat"."operations"."status" in ('running', 'waiting', 'done', 'error', 'interrupted', 'timeout'));--> statement-breakpoint
ALTER TABLE "everbeat"."operations" ADD CONSTRAINT "operations_finished_check" CHECK ((status in ('running', 'waiting')) = ("everbeat"."operations"."finished_at" is null));--> statement-breakpoint
ALTER TABLE "everbeat"."topics" ADD CONSTRAINT "topics_status_check" CHECK ("everbeat"."topics"."status" in ('running', 'waiting', 'done', 'error', 'interrupted', 'timeout'));