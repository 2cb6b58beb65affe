//! Codes of the opinion, its delivery and its execution.

crate::codes! {
    OUTCOME_REQUIRED "outcome_required": "Outcome missing" / "缺少处理结果":
        "Say how the matter was decided. Choose an outcome."
        / "请选择处理结果。";
    WRONG_OUTCOME "wrong_outcome": "Outcome of another kind" / "处理结果与类别不符":
        "Claims are supported, explained or not supported; suggestions adopted, partly or not; accusations substantiated, partly or not. Choose the one that fits."
        / "求决类为支持、解释说明或不支持，建议类为采纳、部分采纳或不采纳，检举控告类为属实、部分属实或不属实，请按类别选择。";
    ADOPTION_REQUIRED "adoption_required": "Adoption missing" / "缺少采纳情况":
        "A reply to a suggestion says whether it is adopted, partly adopted or not adopted. Choose one."
        / "答复建议须说明采纳、部分采纳或不采纳，请选择。";
    OPINION_REQUIRED "opinion_required": "Opinion missing" / "缺少处理意见":
        "The answer has no text yet. Write the opinion in words the petitioner understands."
        / "尚未填写处理意见，请用信访人看得懂的话写明。";
    FACTS_REQUIRED "facts_required": "Facts missing" / "缺少事实认定":
        "The opinion on a claim states the facts found (Art. 32). Write them down."
        / "求决类的处理意见须写明查明的事实（条例第三十二条），请填写。";
    LEGAL_BASIS_REQUIRED "legal_basis_required": "Legal basis missing" / "缺少法律依据":
        "The decision names the rule it rests on (Art. 32). Enter law or document and article."
        / "处理意见须载明法律依据（条例第三十二条），请填写法规、文件名称及条款。";
    EXECUTION_DUE_PAST "execution_due_past": "Execution date past" / "落实期限已过":
        "The day by which the opinion is to be carried out is already past. Set a day after today."
        / "意见落实期限已经过去，请另定今天以后的日期。";
    EXECUTION_DUE_FAR "execution_due_far": "Execution date too far" / "落实期限过远":
        "The opinion is to be carried out within ten years at most. Set an earlier day."
        / "意见落实期限最长不超过十年，请另定较早的日期。";
    EXECUTION_DUE_UNEXPECTED "execution_due_unexpected": "No new promise" / "无须填写落实期限":
        "Only a changed answer promises something new. Leave the day out."
        / "只有变更原意见才需填写落实期限，请去掉此项。";
    REVIEW_ANSWER "review_answer": "Answer of a review" / "属复查复核意见":
        "The standing answer was given by the reviewing unit, so the lead unit cannot correct it."
        / "现行答复为复查或复核意见，主办单位不能更正。";
    UNDELIVERABLE "undeliverable": "Nobody to deliver to" / "无法送达":
        "The petition is anonymous or gives no address. Close it as undeliverable, or add the petitioner's address."
        / "该件为匿名或没有地址，无法送达；请按无法送达办结，或补充信访人地址。";
    DELIVERABLE "deliverable": "Can still be delivered" / "可以送达":
        "There is somebody to deliver the answer to. Deliver it before closing."
        / "该答复可以送达，请先送达再办结。";
    BEFORE_OPINION "before_opinion": "Before the opinion" / "早于出具意见":
        "The delivery lies before the opinion was issued. Correct the time of delivery."
        / "送达时间早于处理意见出具时间，请更正送达时间。";
    DELIVERY_TOO_OLD "delivery_too_old": "Delivery too long ago" / "送达时间过早":
        "With this time of delivery the petitioner's days to ask for a review would be over already. Check the time, or deliver again."
        / "按此送达时间，信访人申请复查复核的期限已过；请核对时间，或重新送达。";
    WITNESS_REQUIRED "witness_required": "Witness missing" / "缺少见证人":
        "A delivery refused or not signed for needs a witness. Enter the witness's name."
        / "拒收或见证送达的，须有见证人，请填写见证人姓名。";
    DELIVERY_METHOD_NOT_ALLOWED "delivery_method_not_allowed": "Method of delivery not allowed" / "不能以此方式送达":
        "By phone or text message only simplified petitions are answered. Deliver in person, by post, home visit, proxy or electronically."
        / "仅简易办理的信访件可用电话或短信送达，请改用当面、邮寄、上门、代收或网上送达。";
    NOTHING_TO_EXECUTE "nothing_to_execute": "Nothing to carry out" / "没有需落实的事项":
        "The standing answer asks for nothing to be carried out."
        / "现行答复没有需要落实的事项。";
    EXECUTION_DONE "execution_done": "Already carried out" / "已经落实":
        "The opinion is recorded as carried out already. If that is wrong, add a note."
        / "处理意见已登记落实；记录有误的，请以备注说明。";
    PROOF_REQUIRED "proof_required": "Proof missing" / "缺少落实凭据":
        "Say what shows that the opinion was carried out, such as the payment slip."
        / "登记落实须说明凭据，如发放凭证，请填写。";
}
