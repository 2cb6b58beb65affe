//! Codes of visits and of care files.

crate::codes! {
    VISIT_TASK_ENDED "visit_task_ended": "Visit no longer owed" / "走访任务已结束":
        "The visit was made already, or the task was cancelled. Open a new task if another visit is due."
        / "该走访已完成或任务已取消；确需再次走访的，请新建走访任务。";
    VISIT_TASK_OPEN "visit_task_open": "Visit is owed already" / "已有走访任务":
        "There is an open task for the same reason already. Record the visit there."
        / "同一事由已有未完成的走访任务，请在该任务中登记走访情况。";
    VISIT_TOO_EARLY "visit_too_early": "Visit before its occasion" / "走访早于事由":
        "A visit counts for this task from {} on. Correct the time, or record it on the task it was made for."
        / "该任务自 {} 起的走访方可计入，请核对走访时间，或登记到相应任务。";
    RETIREE_DECEASED "retiree_deceased": "Retiree has died" / "该人员已去世":
        "Somebody who has died is not visited. The visit to the family has a task of its own."
        / "该人员已去世，不再安排走访；慰问家属另有任务。";
    NOT_BY_HOME_VISIT "not_by_home_visit": "Not by home visit" / "登记渠道有误":
        "What is taken down on a visit reaches the office by home visit. Set channel to home_visit."
        / "走访中记录的信访事项，渠道应为上门（home_visit）。";
    STAFF_SUSPENDED "staff_suspended": "Account is suspended" / "账号已停用":
        "This member of staff cannot work at present. Choose somebody else."
        / "该工作人员账号已停用，请另选他人。";
}
