CREATE TABLE "everbeat"."run_days" (
	"user_id" text NOT NULL,
	"day" text NOT NULL,
	"status" text NOT NULL,
	"failure_class" text NOT NULL,
	"error_code" text NOT NULL,
	"runs" integer NOT NULL,
	CONSTRAINT "run_days_user_id_day_status_failure_class_error_code_pk" PRIMARY KEY("user_id","day","status","failure_class","error_code"),
	CONSTRAINT "run_days_status_check" CHECK ("everbeat"."run_days"."status" in ('running', 'waiting', 'done', 'error', 'interrupted', 'timeout', 'budget'))
);
--> statement-breakpoint
ALTER TABLE "everbeat"."run_days" ADD CONSTRAINT "run_days_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "everbeat"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_days_day_idx" ON "everbeat"."run_days" USING btree ("day");