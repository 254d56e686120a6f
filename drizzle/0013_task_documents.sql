CREATE TABLE "everbeat"."task_documents" (
	"id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"content" text NOT NULL,
	"author" text NOT NULL,
	"operation_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "task_documents_task_id_name_version_pk" PRIMARY KEY("task_id","name","version"),
	CONSTRAINT "task_documents_author_check" CHECK ("everbeat"."task_documents"."author" in ('user', 'agent')),
	CONSTRAINT "task_documents_version_check" CHECK ("everbeat"."task_documents"."version" >= 1),
	CONSTRAINT "task_documents_operation_check" CHECK (("everbeat"."task_documents"."author" = 'agent') = ("everbeat"."task_documents"."operation_id" is not null))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."task_activities" DROP CONSTRAINT "task_activities_kind_check";--> statement-breakpoint
ALTER TABLE "everbeat"."briefs" ADD COLUMN "document" text;--> statement-breakpoint
ALTER TABLE "everbeat"."task_documents" ADD CONSTRAINT "task_documents_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "everbeat"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "everbeat"."task_activities" ADD CONSTRAINT "task_activities_kind_check" CHECK ("everbeat"."task_activities"."kind" in ('status', 'edit', 'brief', 'comment', 'document', 'transcript', 'arm', 'deleted'));