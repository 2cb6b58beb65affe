//! Codes of supervision, of leaders taking charge, of policy issues and of recusal.

crate::codes! {
    NOT_PROPOSED "not_proposed": "Not a proposal any more" / "督办建议已处理":
        "This supervision was confirmed or dismissed already."
        / "该督办建议已确认或已驳回，无须再处理。";
    NOT_OPEN "not_open": "Supervision not open" / "督办未在进行":
        "This supervision is not open: it waits for confirmation, was answered already, or is over."
        / "该督办未在进行：尚待确认、已经答复或已经结束。";
    ONE_DECISION "one_decision": "One decision at a time" / "一次只能作一项处理":
        "Say one thing: `status` open with `due_on`, `status` dismissed or lifted, or an `answer`, and nothing that belongs to another of them."
        / "一次只能作一项处理：status 为 open 并附 due_on，或 status 为 dismissed、lifted，或仅填 answer；请勿混填。";
    NEXT_LOOK_PAST "next_look_past": "Next look already past" / "下次过问日期已过":
        "The day of the leader's next look is already past. Set a day after today."
        / "领导下次过问的日期已经过去，请另定今天以后的日期。";
    NO_LEADER_CASE "no_leader_case": "No leader in charge" / "没有领导包案":
        "No leader has taken charge of this petition, so there is no charge to release."
        / "该信访件没有领导包案，无须解除。";
    UNKNOWN_POLICY_ISSUE "unknown_policy_issue": "Unknown policy issue" / "没有这个共性政策问题":
        "There is no such policy issue. Choose one from `GET /policy-issues`, or have a supervisor open it."
        / "没有这个共性政策问题，请从列表中选择，或请督办人员先行立项。";
    IN_POLICY_ISSUE "in_policy_issue": "In that policy issue already" / "已归入该共性政策问题":
        "This petition belongs to that policy issue already; nothing was changed."
        / "该信访件已归入这个共性政策问题，没有改动。";
    NO_POLICY_ISSUE "no_policy_issue": "In no policy issue" / "未归入共性政策问题":
        "This petition belongs to no policy issue, so it can't leave one."
        / "该信访件没有归入任何共性政策问题，无须移出。";
    POLICY_ISSUE_DECIDED "policy_issue_decided": "Decided already" / "已有处理决定":
        "This policy issue is decided already. A decision stands as it was written; open another policy issue where the matter is looked into again."
        / "该共性政策问题已有处理决定，不能改写；如需重新研究，请另行立项。";
    RESULT_REQUIRED "result_required": "Result missing" / "缺少包案结果":
        "Write down what came of the leader's charge."
        / "解除包案须写明包案结果，请填写。";
    ALREADY_RECUSED "already_recused": "Already recused" / "已经回避":
        "This person or unit is recused from the petition already."
        / "该人员或单位在此件中已经回避，无须重复登记。";
    UNIT_IS_LEAD "unit_is_lead": "Unit leads" / "正在主办":
        "This unit, or one below it, leads the petition. Recall the referral first, then record the recusal."
        / "该单位或其下属单位正在主办此件，请先收回，再登记回避。";
    UNIT_AT_WORK "unit_at_work": "Unit is at work on it" / "正在协办或复查":
        "This unit, or one below it, assists or reviews the petition. Withdraw the question, or wait for the decision, then record the recusal."
        / "该单位或其下属单位正在协办或复查此件，请先撤销协办或待复查复核决定后，再登记回避。";
    ONE_OF_BOTH "one_of_both": "A person or a unit" / "人员或单位须择一填写":
        "Name either a person or a unit, not both and not neither."
        / "请填写须回避的人员或单位，二者择一。";
    NOT_A_LEADER "not_a_leader": "No leader" / "不是领导":
        "Name an active account with the role of leader that is not recused from this petition."
        / "请填写具有领导角色、在用且在此件中无须回避的账号。";
    SUBJECT_BAR "subject_bar": "Barred as complained of" / "被反映人不得参与":
        "This bar follows from being the one complained of and cannot be lifted. Correct the subject if it is wrong."
        / "该人员或单位系被反映对象，回避不能解除；被反映人登记有误的，请先更正。";
}
