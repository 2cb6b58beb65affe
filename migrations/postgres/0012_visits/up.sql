-- One visit for an occasion, however often it is planned and by however many; what was taken back by mistake may be owed again.
DROP INDEX visit_task_occasion;
CREATE UNIQUE INDEX visit_task_occasion ON visit_task (retiree_id, reason, occasion) WHERE state <> 'cancelled';
CREATE INDEX visit_task_retiree ON visit_task (retiree_id, reason, occasion);
-- Whose a task was before profiles were merged: undoing the merge gives it back.
ALTER TABLE visit_task ADD COLUMN merged_from UUID REFERENCES retiree (id);
CREATE INDEX visit_task_merged ON visit_task (merged_from) WHERE merged_from IS NOT NULL;
-- Two people may tell of visits for one task: each is kept.
DROP INDEX visit_of_task;
CREATE INDEX visit_of_task ON visit (task_id, made_at, id);
-- What somebody enclosed in the last hour.
CREATE INDEX attachment_added ON attachment (added_by, added_at);
