//! Codes of more than one part of the procedure: who may act, when, and what every act may ask for.

crate::codes! {
    STAGE_FORBIDS "stage_forbids": "Not at this stage" / "当前阶段不能办理":
        "The petition is at a stage in which this step is not possible. See the permitted steps and choose one of them."
        / "该信访件目前所处的阶段不能办理此步骤，请查看当前可办理的步骤后再选择。";
    TOO_EARLY "too_early": "Too long ago" / "日期过早":
        "This date lies before the year 1900. Check the year."
        / "该日期早于1900年，请核对年份。";
    RECUSED "recused": "Recused" / "应当回避":
        "You are recused from this petition and may only read it. Hand the step to a colleague."
        / "您在此件中已回避，只能查看，请交其他同事办理。";
    SAME_PERSON "same_person": "Another person must decide" / "须由他人决定":
        "You asked for this or did it yourself, so somebody else must decide. Ask the unit head or another supervisor."
        / "此事由您本人提出或经办，须由他人决定，请交单位负责人或其他督办人员处理。";
    SAME_OFFICER "same_officer": "Another officer must act" / "须更换承办人":
        "This officer already gave or decided an answer in this petition. Name an officer who did not."
        / "该承办人已对此件作出过答复或决定，请改由未经手的人员办理。";
    REASON_REQUIRED "reason_required": "Reason missing" / "缺少理由":
        "This step is recorded with its reason. Write down why it is taken."
        / "此步骤须记明理由，请填写理由。";
    NOTE_REQUIRED "note_required": "Explanation missing" / "缺少说明":
        "This step needs a note: the answer given, the organ named, or why it is taken all the same. Write it down."
        / "此步骤须填写说明，如答复内容、指引去向的机关或仍作此处理的理由，请补填。";
    IN_FUTURE "in_future": "Time in the future" / "时间晚于当前":
        "This time has not come yet. Enter when it really happened, now at the latest."
        / "所填时间尚未到来，请填写实际发生的时间，不得晚于当前。";
    DUE_PAST "due_past": "Date already past" / "期限已过":
        "This date is already past. Set a day after today."
        / "所定期限已经过去，请另定今天以后的日期。";
    ALREADY_REPORTED "already_reported": "Already reported" / "已经报告":
        "This has been reported already. Read what is recorded; if it is wrong, add a note."
        / "此事已有报告记录，无须重复报告；记录有误的，请以备注说明。";
    UNIT_IS_ACCUSED "unit_is_accused": "Unit is complained of" / "属被反映单位":
        "This unit, or the unit above it, is the one complained of and must take no part. Choose another unit; recall the petition first if it leads."
        / "该单位或其上级单位为被反映对象，不得参与办理，请另选单位；正由其主办的，请先收回。";
    UNIT_RECUSED "unit_recused": "Unit is recused" / "该单位已回避":
        "This unit is recused from the petition. Choose another unit."
        / "该单位在此件中已回避，请另选单位。";
    UNKNOWN_UNIT "unknown_unit": "Unknown unit" / "单位不存在":
        "There is no such unit. Choose one from the list of units."
        / "没有这个单位，请从单位列表中选择。";
    UNKNOWN_PETITION "unknown_petition": "Unknown petition" / "信访件不存在":
        "There is no such petition among those you may see. Search for it again."
        / "在您可见的信访件中没有这一件，请重新查找。";
    ENDS_BEFORE_START "ends_before_start": "Ends before it starts" / "结束早于开始":
        "The end must come after the beginning. Correct one of the two times."
        / "结束时间应晚于开始时间，请更正其中一项。";
    UNKNOWN_STAFF "unknown_staff": "Unknown staff member" / "工作人员不存在":
        "There is no such staff member. Choose one from the list of staff."
        / "没有这名工作人员，请从人员列表中选择。";
    FROM_AFTER_TO "from_after_to": "Dates the wrong way round" / "起止日期颠倒":
        "The first day lies after the last day. Swap or correct the two dates."
        / "开始日期晚于结束日期，请更正起止日期。";
    NOT_V7 "not_v7": "Not a UUIDv7" / "编号须为 UUIDv7":
        "An id made by the client must be a UUID of version 7. Make a new one, or leave it out and the office makes it."
        / "由客户端生成的编号须为第 7 版 UUID，请重新生成，或留空由系统生成。";
}
