//! Codes of notices, referrals, assignments and objections.

crate::codes! {
    NOTICE_GIVEN "notice_given": "Notice already given" / "已经告知":
        "The petitioner has had the notice of receipt already. Go on to refer, accept or close."
        / "已就收到情况告知信访人，无须重复告知，请继续转送、受理或办结。";
    NOTICE_DELIVERED "notice_delivered": "Notice already delivered" / "告知书已送达":
        "The delivery of this notice is recorded already. If the record is wrong, add a note."
        / "该告知书已有送达记录；记录有误的，请以备注说明。";
    DELIVERED_AS_ANSWER "delivered_as_answer": "Delivered as the answer" / "须按答复送达登记":
        "This paper is the answer itself: the petitioner's rights start with its delivery. Record the delivery of the answer instead."
        / "该文书即答复本身，送达后信访人的权利开始计算，请通过送达答复登记。";
    BEFORE_NOTICE "before_notice": "Before the notice" / "早于告知书":
        "A notice cannot arrive before it was issued. Correct the time."
        / "送达时间不得早于告知书出具时间，请更正。";
    NOTICE_REQUIRED "notice_required": "Notice missing" / "缺少书面告知":
        "Acceptance is told to the petitioner. Say how the notice is given: in person, by post, phone, text message or electronically."
        / "受理须告知信访人，请填写告知方式：当面、邮寄、电话、短信或网上。";
    REFER_OUTSIDE "refer_outside": "Outside the office" / "不属于本单位":
        "This unit is outside the office and cannot accept here. If it is competent, close the petition as directed elsewhere."
        / "该单位不在本单位范围内，无法在此受理；属其职责的，请以“告知向有权机关提出”办结。";
    UNIT_DISSOLVED "unit_dissolved": "Unit no longer exists" / "单位已撤销":
        "This unit was dissolved and no successor is recorded. Choose the unit that took over its work (Art. 24)."
        / "该单位已撤销且未登记承接单位，请选择继续行使其职权的单位（条例第二十四条）。";
    SUCCESSOR_LOOP "successor_loop": "Successors go in a circle" / "承接单位相互循环":
        "The successors of this unit lead back to itself. Ask the administrator to correct them, or choose the unit directly."
        / "该单位的承接关系循环，找不到现有单位；请管理员更正，或直接选择办理单位。";
    REFER_TO_SELF "refer_to_self": "Referred to the sender" / "不能转给本单位":
        "A petition cannot be referred to the unit that sends it. Accept it yourself, or choose another unit."
        / "不能转给转送单位自身，请直接受理，或另选单位。";
    NOT_DISCIPLINE_UNIT "not_discipline_unit": "Not a discipline unit" / "非纪检监察机构":
        "Accusations are handled by discipline inspection alone. Refer it to the discipline unit."
        / "检举控告类信访件须由纪检监察机构办理，请转送纪检监察机构。";
    REPORT_DUE_REQUIRED "report_due_required": "Report date missing" / "缺少报告期限":
        "An assignment asks for a report back. Set the day by which the unit reports."
        / "交办须要求报告结果，请填写报告期限。";
    REPORT_DUE_PAST "report_due_past": "Report date past" / "报告期限已过":
        "The day for the report is already past. Set a day after today."
        / "报告期限已经过去，请另定今天以后的日期。";
    REPORT_DUE_UNEXPECTED "report_due_unexpected": "Report date not expected" / "转送不设报告期限":
        "A plain referral asks for no report. Leave the date out, or assign the petition instead."
        / "转送不要求报告结果，请去掉报告期限，或改为交办。";
    NOT_ASSIGNED "not_assigned": "Not assigned" / "并非交办":
        "The petition was referred, not assigned, so no closing report is due."
        / "该信访件系转送而非交办，无须提交办结报告。";
    NOT_REFERRED "not_referred": "Not under this referral" / "不在此次转送之中":
        "The petition is not, or no longer, under this referral. There is nothing to take back."
        / "该信访件不在（或已不在）此次转送之中，无可收回。";
    REPORT_SUBMITTED "report_submitted": "Report already submitted" / "已提交办结报告":
        "The closing report on this assignment has been submitted. Add a note if something is to be said later."
        / "此次交办的办结报告已经提交；需要补充的，请以备注说明。";
    OBJECTION_PENDING "objection_pending": "Objection pending" / "异议待定":
        "An objection already waits for the sender's decision. Wait for it, or accept the petition."
        / "已提出异议，正待转送单位决定；请等待结果，或直接受理。";
    OBJECTION_DECIDED "objection_decided": "Objection already decided" / "异议已有决定":
        "The objection to this referral has been decided; there is one for each referral. Accept the petition."
        / "对此次转送的异议已有决定，每次转送只能提出一次，请予受理。";
    NO_OBJECTION "no_objection": "No objection" / "没有待定的异议":
        "The unit has made no objection that waits for a decision."
        / "承办单位没有待决定的异议。";
}
